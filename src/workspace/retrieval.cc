#include "workspace/retrieval.h"

#include <fmt/format.h>

#include <charconv>

#include "base/clock.h"
#include "document/document.h"
#include "inverted/bm25.h"
#include "lake/text_table.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

json::Value explain_json(const search::Explanation& from) {
  json::Value terms = json::Value::array();
  for (const search::TermExplanation& term : from.terms) {
    terms.push(json::Value::object({{"term", term.term},
                                    {"document_frequency", term.document_frequency},
                                    {"idf", term.idf},
                                    {"boost", term.boost},
                                    {"frequency", static_cast<int64_t>(term.frequency)},
                                    {"score", term.score}}));
  }
  json::Value explain =
      json::Value::object({{"terms", terms},
                           {"bm25", json::Value::object({{"k1", inverted::kK1},
                                                         {"b", inverted::kB},
                                                         {"length", static_cast<int64_t>(from.length)},
                                                         {"average_length", from.average_length}})}});
  if (from.hybrid) {
    explain.set("hybrid", json::Value::object({{"names", static_cast<int64_t>(from.names)},
                                               {"semantic_weight", from.semantic_weight},
                                               {"best_lexical", from.best_lexical},
                                               {"best_semantic", from.best_semantic},
                                               {"pool_depth", static_cast<int64_t>(search::kPoolDepth)}}));
  }
  return explain;
}

std::optional<double> optional_double(const std::optional<float>& v) {
  return v ? std::optional<double>(static_cast<double>(*v)) : std::nullopt;
}

std::optional<int64_t> page_of(const std::optional<Anchor>& anchor) {
  int64_t page = 0;
  if (!anchor || anchor->kind != document::kPage) return std::nullopt;
  const char* end = anchor->value.data() + anchor->value.size();
  const auto [stop, error] = std::from_chars(anchor->value.data(), end, page);
  return error == std::errc() && stop == end ? std::optional(page) : std::nullopt;
}

}  // namespace

std::string mode_name(search::Mode mode) {
  return mode == search::Mode::lexical ? "lexical" : mode == search::Mode::semantic ? "semantic" : "hybrid";
}

Hit to_hit(const search::Hit& from, size_t rank, const std::vector<search::Target>& targets, bool explain) {
  Hit hit;
  hit.rank = static_cast<int64_t>(rank);
  hit.score = static_cast<double>(from.score);
  hit.scores = {optional_double(from.lexical), optional_double(from.semantic)};
  hit.table = targets[from.target].name;
  hit.id = from.id;
  hit.title = from.title;
  hit.uri = from.uri;
  hit.passage.heading = from.heading;
  hit.passage.anchor = to_anchor(document::anchor_at(from.anchors, from.start, from.text, from.start));
  hit.passage.page = page_of(hit.passage.anchor);
  hit.passage.start = static_cast<int64_t>(from.start);
  hit.passage.end = static_cast<int64_t>(from.end);
  if (!from.context.empty() && !document::opens_code(from.context)) hit.passage.columns = from.context;
  hit.passage.text = from.text;
  for (const auto& [start, end] : from.highlights) hit.passage.highlights.push_back({int64_t{start}, int64_t{end}});
  hit.row = {from.file, from.row.value};
  if (explain && from.explanation) hit.explain = explain_json(*from.explanation);
  return hit;
}

std::optional<Anchor> to_anchor(const std::optional<document::Anchor>& from) {
  return from ? std::optional(Anchor{from->kind, from->value}) : std::nullopt;
}

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
  if (mode_name(done) != asked) {
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
