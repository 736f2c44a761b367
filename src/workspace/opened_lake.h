// An opened lake as the faces see it, with no type of the rooms below: a Workspace in main, a fake in their tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

// How rows become text. table is for a screen (types, a count, cut to the width, the middle of a long result left out),
// box has every row.
struct RowFormat {
  std::string name = "table";  // table, box, csv, json, jsonl, markdown, line, list, quote, column, html, ascii, agent
  bool header = true;
  std::optional<std::string> null_text;
  std::string separator;  // csv, list, quote, ascii; "" = the format's own
  size_t width = 80;      // table; 0 = as wide as the rows are
  size_t shown = 40;      // table, agent: rows; 0 = all
};

// False: the reader has gone, and the rest is not wanted.
using TextSink = std::function<bool(std::string_view)>;

class SqlSession {
 public:
  virtual ~SqlSession() = default;
  // The statements of a script without their semicolons, and its lines that begin with a dot where a statement could
  // begin.
  virtual std::vector<std::string> split(const std::string& script) const = 0;
  // Whether a text typed so far may be run: it ends with a semicolon outside of quotes and comments, or has nothing in
  // it.
  virtual bool is_complete(std::string_view text) const = 0;
  // What may stand for the word before the cursor.
  virtual std::vector<std::string> complete(std::string_view text_before_cursor) = 0;
  // One statement; its rows are written as they come.
  virtual base::Status run(const std::string& statement, const RowFormat& format, const TextSink& sink,
                           const base::Context& context) = 0;
  // One statement's rows into a file, parquet or arrow (an IPC stream), in constant memory.
  virtual base::Status save(const std::string& statement, const std::string& format, const std::string& path,
                            const base::Context& context) = 0;
  virtual uint64_t rows_changed() const = 0;  // by the last statement
  // Tables that the last statement could not see: each would be an error where the statement named it.
  virtual const std::vector<base::Status>& warnings() const = 0;
};

class OpenedLake {
 public:
  virtual ~OpenedLake() = default;
  virtual std::vector<operation::Bound> operations() = 0;
  // Locked: read-only, and nothing outside the lake can be read.
  virtual base::Result<std::unique_ptr<SqlSession>> session(const std::string& as_of, bool locked) = 0;
  // The process is about to end, by _exit(): see duck::Instances::leave().
  virtual void leave() = 0;
};

struct LakeOptions {
  std::string lake;   // directory
  std::string model;  // of the encoder; "" = the one beside the program, "none" = words only
  int threads = 0;    // 0 = all cores
};
base::Result<std::unique_ptr<OpenedLake>> open_lake(const LakeOptions& options);

// First thing in main: true when this process was started as a worker of itself and its work is done; its exit code is
// then in `code`.
bool served_as_worker(int argc, char** argv, int* code);

}  // namespace tarn::workspace
