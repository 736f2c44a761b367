#include "ingest/notes.h"

namespace tarn::ingest {
namespace {

constexpr size_t kToldItems = 10;        // by name
constexpr uint64_t kMuchLeftOut = 1000;  // bytes of a page
constexpr size_t kWorstPages = 3;        // told by name

std::string documents(uint64_t n) { return std::to_string(n) + (n == 1 ? " document" : " documents"); }

}  // namespace

uint64_t left_out_bytes(const document::Document& page) {
  const json::Value& bytes = page.extra["left_out"]["bytes"];
  return bytes.is_int() && bytes.as_int() > 0 ? static_cast<uint64_t>(bytes.as_int()) : 0;
}

void LeftOutPages::add(const std::string& uri, const document::Document& page) {
  const uint64_t bytes = left_out_bytes(page);
  if (bytes <= page.body.size() || bytes < kMuchLeftOut) return;
  ++pages_;
  std::string why;
  for (const auto& [reason, n] : page.extra["left_out"]["why"].members()) why += (why.empty() ? "" : ", ") + reason;
  worst_.emplace(bytes, uri + " (" + std::to_string(bytes) + " of " + std::to_string(bytes + page.body.size()) +
                            " bytes" + (why.empty() ? "" : ": " + why) + ")");
  if (worst_.size() > kWorstPages) worst_.erase(worst_.begin());
}

void LeftOutPages::tell(std::vector<std::string>* notes) const {
  if (pages_ == 0) return;
  std::string worst;
  for (auto at = worst_.rbegin(); at != worst_.rend(); ++at) worst += (worst.empty() ? "" : "; ") + at->second;
  notes->push_back("of " + std::to_string(pages_) + (pages_ == 1 ? " page" : " pages") +
                   " more than half was left out as navigation: " + worst +
                   (pages_ > worst_.size() ? " and others" : "") + "; --whole-page takes everything");
}

void tell_what_is_passed_over(const std::vector<connector::Reject>& rejects,
                              const std::unordered_map<std::string, const connector::Reject*>& before,
                              std::vector<std::string>* notes) {
  uint64_t more = 0;
  for (const connector::Reject& r : rejects) {
    if (r.kind != connector::Reject::Kind::noted) continue;
    const auto told = before.find(r.item);
    if (told != before.end() && *told->second == r) continue;
    if (notes->size() < kToldItems) {
      notes->push_back(r.item + (r.place.empty() ? "" : ", " + r.place + ",") + " is passed over: " + r.reason);
    } else {
      ++more;
    }
  }
  if (more > 0) {
    notes->push_back("… and " + std::to_string(more) + " more are passed over: tarn sql 'from tarn.rejects'");
  }
}

void tell_what_is_shared(const connector::Connector& connector, const std::vector<OtherSource>& others, uint64_t twice,
                         bool first_time, PullReport* report) {
  std::string within, around;
  for (const OtherSource& other : others) {
    if (other.relation.empty()) continue;
    const auto overlap = connector.overlap_with(other.url);
    std::string& list = overlap && overlap->theirs_is_wider() ? around : within;
    list += (list.empty() ? "" : " and ") + other.url;
  }
  if (report->taken_over > 0) {
    report->notes.push_back("took over " + documents(report->taken_over) + " of " + within + ", which lies within " +
                            report->source + ": each is one row of " + report->table +
                            ", whichever of the two is pulled");
  }
  if (report->shared > 0 && first_time) {
    report->notes.push_back(documents(report->shared) + " are in " + report->table + " by way of " + around +
                            " already, and stay its rows: each is one row, whichever of the two is pulled");
  }
  if (twice > 0) {
    report->notes.push_back(documents(twice) + " stood twice in " + report->table + ", and are one row each now");
  }
}

void tell_what_is_doubted(const PullReport& report, std::vector<std::string>* notes) {
  if (report.doubted == 0) return;
  const std::string n = std::to_string(report.doubted);
  notes->push_back(report.source + " has " + n +
                   " items no more, too many at once to be believed: they stay. If they " +
                   "are really gone, pull it with --believe-deletions " + n);
}

}  // namespace tarn::ingest
