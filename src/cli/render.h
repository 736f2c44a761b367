// Replies as a person reads them. Each takes the typed reply and gives text for stdout; what else is to be said goes to
// `notes`, for stderr.
// Shape:   lines of at most `page.width` cells where words allow it.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "workspace/operations.h"

namespace tarn::cli {

struct Page {
  size_t width = 80;
  bool color = false;
  std::vector<std::string> notes;  // lines for stderr
};

std::string render(const workspace::PullReply& reply, Page& page);
std::string render(const workspace::SourcesReply& reply, Page& page);
std::string render(const workspace::ConnectorsReply& reply, Page& page);
std::string render(const workspace::TablesReply& reply, Page& page);
std::string render(const workspace::ShowReply& reply, Page& page);
std::string render(const workspace::HistoryReply& reply, Page& page);
std::string render(const workspace::SearchReply& reply, Page& page);
std::string render(const workspace::AskReply& reply, Page& page);
std::string render(const workspace::VerifyReply& reply, Page& page);
std::string render(const workspace::FetchReply& reply, Page& page);
std::string render(const workspace::WhoCanSeeReply& reply, Page& page);
std::string render(const workspace::OptimizeReply& reply, Page& page);
std::string render(const workspace::TagReply& reply, Page& page);
std::string render(const workspace::VacuumReply& reply, Page& page);
std::string render(const workspace::RestoreReply& reply, Page& page);
std::string render(const workspace::DiffReply& reply, Page& page);
std::string render(const workspace::ForgetReply& reply, Page& page);
std::string render(const workspace::LinkReply& reply, Page& page);
std::string render(const workspace::CheckReply& reply, Page& page);
std::string render(const workspace::DoctorReply& reply, Page& page);

// The page of a reply of any operation; of one that has none, its JSON.
std::string page_of(const operation::Answer& answer, Page& page);

}  // namespace tarn::cli
