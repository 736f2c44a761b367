// sources: what the lake is pulled from, and how that stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
class NamedSources;
class Tables;

struct SourcesRequest {};
struct SourceSummary {
  std::optional<std::string> name;  // in tarn.toml
  std::string source, kind, table;
  std::string state;  // ok, waiting, failed, stopped, never pulled
  std::optional<std::string> problem;
  std::optional<std::string> pulled_at, changed_at;
  std::optional<int64_t> lag_s;
  std::optional<int64_t> rows;
  int64_t rejected = 0, skipped = 0;
  int64_t waiting = 0;
  std::optional<int64_t> rights_age_s;
};
struct UnreadableSourceTable {
  std::string table, problem;
};
struct SourcesReply {
  std::string lake;
  std::string file;
  std::vector<SourceSummary> sources;
  std::vector<UnreadableSourceTable> unreadable;
};

struct Sources {
  static operation::Declaration<SourcesRequest, SourcesReply> declare();
  static base::Result<SourcesReply> run(const SourcesRequest& request, NamedSources& named, Tables& tables,
                                        LakeStore& lake, Databases& databases, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::SourcesRequest> {
  static auto fields() { return std::tuple{}; }
};
template <>
struct Describe<workspace::SourceSummary> {
  static auto fields() {
    using R = workspace::SourceSummary;
    return std::tuple{
        field("name", &R::name, "in tarn.toml; null for one that was pulled by its URL or path"),
        field("source", &R::source, "its URL, without a secret"),
        field("kind", &R::kind, "which connector reads it"),
        field("table", &R::table, "where it is brought"),
        field("state", &R::state,
              "how its last pull ended: ok, waiting (deletions that were not believed), failed, stopped (pull again, "
              "and it "
              "goes on), or never pulled"),
        field("problem", &R::problem, "why the last pull failed, or why the next one would"),
        field("pulled_at", &R::pulled_at, "when a pull last ended well"),
        field("changed_at", &R::changed_at, "when the last pull began that committed something"),
        field("lag_s", &R::lag_s, "seconds since pulled_at"),
        field("rows", &R::rows, "its live rows"),
        field("rejected", &R::rejected, "items that could not be taken: tarn.rejects has the reasons"),
        field("skipped", &R::skipped, "items of a kind that is not read"),
        field("waiting", &R::waiting,
              "deletions that were too many at once to be believed: tarn pull --believe-deletions N believes them")
            .omit_empty(),
        field("rights_age_s", &R::rights_age_s,
              "seconds since all rights of its items were read; null where it tells none"),
    };
  }
};
template <>
struct Describe<workspace::UnreadableSourceTable> {
  static auto fields() {
    using R = workspace::UnreadableSourceTable;
    return std::tuple{
        field("table", &R::table, "a table whose sources cannot be told"),
        field("problem", &R::problem, "why it cannot be read"),
    };
  }
};
template <>
struct Describe<workspace::SourcesReply> {
  static auto fields() {
    using R = workspace::SourcesReply;
    return std::tuple{
        field("lake", &R::lake, "the lake's directory"),
        field("file", &R::file, "the file that names sources, or would"),
        field("sources", &R::sources, "those with a name first"),
        field("unreadable", &R::unreadable, "tables that are damaged or whose link leads nowhere"),
    };
  }
};

}  // namespace tarn::operation
