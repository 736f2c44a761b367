// check: log, data files, segments, lexicon and bookmarks agree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Databases;
class Indexing;
class LakeStore;
class Tables;

struct CheckRequest {
  std::vector<std::string> tables;  // empty = all
};
struct Problem {
  std::string table;
  std::string file;  // "" where it is not one file
  std::string problem, remedy;
};
struct CheckedTable {
  std::string table;
  int64_t version = 0;
  int64_t rows = 0, files = 0, segments = 0, passages = 0, size_bytes = 0;
};
struct CheckReply {
  bool ok = false;
  std::vector<CheckedTable> tables;
  std::vector<Problem> problems;
  double took_ms = 0;
};

struct Check {
  static operation::Declaration<CheckRequest, CheckReply> declare();
  static base::Result<CheckReply> run(const CheckRequest& request, Tables& tables, LakeStore& lake,
                                      Databases& databases, Indexing& indexing, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::CheckRequest> {
  static auto fields() {
    using R = workspace::CheckRequest;
    return std::tuple{
        field("tables", &R::tables, "tables to check; all when none is named").positional().metavar("TABLE")};
  }
};
template <>
struct Describe<workspace::Problem> {
  static auto fields() {
    using R = workspace::Problem;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("file", &R::file, "the file, where it is one"),
        field("problem", &R::problem, "what is wrong"),
        field("remedy", &R::remedy, "what to do"),
    };
  }
};
template <>
struct Describe<workspace::CheckedTable> {
  static auto fields() {
    using R = workspace::CheckedTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version"),
        field("rows", &R::rows, "live rows"),
        field("files", &R::files, "data files read"),
        field("segments", &R::segments, "segments read"),
        field("passages", &R::passages, "passages compared"),
        field("size_bytes", &R::size_bytes, "bytes read"),
    };
  }
};
template <>
struct Describe<workspace::CheckReply> {
  static auto fields() {
    using R = workspace::CheckReply;
    return std::tuple{
        field("ok", &R::ok, "no problem was found"),
        field("tables", &R::tables, "what was checked"),
        field("problems", &R::problems, "what was found"),
        took_field(&R::took_ms),
    };
  }
};

}  // namespace tarn::operation
