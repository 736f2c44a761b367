#include "workspace/retrieval.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "lake/text_table.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

}  // namespace

PinnedTable to_pinned(const search::Target& target, bool with_vectors) {
  const delta::Snapshot& snapshot = target.live->snapshot();
  PinnedTable pinned{target.name, snapshot.version.value, base::format_utc(snapshot.committed_at_us), {}};
  pinned.coverage.lexical = target.live->lexical_coverage();
  if (with_vectors) pinned.coverage.semantic = target.live->semantic_coverage();
  return pinned;
}

Result<std::vector<search::Target>> Retrieval::targets(const std::vector<std::string>& names, const std::string& as_of,
                                                       bool with_vectors, const base::Context& context,
                                                       std::vector<PassedOver>* passed_over) {
  TARN_ASSIGN(std::vector<Pinned> pinned, tables_.pin_all(names, as_of, true, context, passed_over));
  if (pinned.empty()) {
    if (passed_over != nullptr && !passed_over->empty()) return passed_over->back().status;
    return Status(Code::not_found, "the lake has no table that can be searched", "tarn pull brings documents in");
  }
  std::vector<search::Target> all;
  for (const Pinned& one : pinned) {
    if (!lake::is_text_table(one.snapshot->schema)) {
      return Status(Code::invalid_argument,
                    fmt::format("{} has no index: it lacks the columns id, title, uri, body", one.name),
                    "query it with tarn sql");
    }
    TARN_ASSIGN(auto live, live_sets_.open(one, with_vectors, context));
    all.push_back({one.name, one.table, std::move(live)});
  }
  return all;
}

search::Environment Retrieval::environment() {
  search::Environment environment;
  environment.analyzer = &indexing_.known()->analyzer();
  environment.encoder = model_.encoder();
  environment.locked = [this] { return databases_.connect_locked(tables_.readable_directories()); };
  return environment;
}

std::vector<std::string> Retrieval::notes(const std::vector<search::Target>& targets,
                                          const std::vector<PassedOver>& passed_over, const std::string& asked,
                                          search::Mode done) {
  const Status encoder = model_.status();
  std::vector<std::string> notes;
  if (search::mode_name(done) != asked) {
    notes.push_back(
        fmt::format("searched by word only: {}",
                    encoder.ok() ? fmt::format("there is no encoder for {} search", asked) : encoder.message()));
  }
  for (const search::Target& target : targets) {
    const auto say = [&](std::string_view leg, double coverage) {
      if (coverage < 1) {
        notes.push_back(fmt::format("{}: the {} index covers {:.1f} % of the rows", target.name, leg, coverage * 100));
      }
    };
    say("lexical", target.live->lexical_coverage());
    if (done != search::Mode::lexical) say("semantic", target.live->semantic_coverage());
    for (const std::string& file : target.live->damaged()) notes.push_back(fmt::format("passed over: {}", file));
  }
  for (const PassedOver& table : passed_over) {
    notes.push_back(fmt::format("passed over {}: {}", table.name, table.status.message()));
  }
  return notes;
}

}  // namespace tarn::workspace
