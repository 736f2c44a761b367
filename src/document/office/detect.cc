// Packages of Office Open XML by the names of their first members.
#include "document/archive/zip.h"
#include "document/office/office.h"
#include "document/read.h"

namespace tarn::document {
namespace {

// A package begins with one of these; another zip that holds documents does not.
bool is_package(std::string_view head) {
  constexpr size_t kName = 30;
  if (!is_zip(head) || head.size() < kName) return false;
  head.remove_prefix(kName);
  for (const std::string_view first :
       {"[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "customXml/", "mimetype"}) {
    if (head.starts_with(first)) return true;
  }
  return false;
}

bool names(std::string_view head, std::string_view folder) {
  if (!is_package(head)) return false;
  // In a member's header: its name stands behind thirty bytes that begin with a sign.
  for (size_t at = head.find("PK\x03\x04"); at < head.size(); at = head.find("PK\x03\x04", at + 1)) {
    if (head.size() > at + 30 && head.substr(at + 30).starts_with(folder)) return true;
  }
  return false;
}

}  // namespace

bool is_docx(std::string_view head) { return names(head, "word/"); }
bool is_xlsx(std::string_view head) { return names(head, "xl/"); }
bool is_pptx(std::string_view head) { return names(head, "ppt/"); }

}  // namespace tarn::document
