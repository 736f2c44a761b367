// SQL by statements: from a query, a file, a script on stdin or the lines of the shell, with its dot commands.
// Errors:  a statement's error is shown where it happens; the rest goes on unless told to stop, and the exit code is 1
//          in the end.
// Threads: one; Context's cancel stops the statement that runs.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/program.h"

namespace tarn::cli {

struct SqlOptions {
  RowFormat format;
  bool bail = false, echo = false, json_errors = false, timer = false;
  bool locked = false;      // the session reads the lake and nothing else
  bool safe = false;        // and the shell's own commands touch no files
  bool mode_given = false;  // the format was asked for by name: a file's ending says nothing
  std::string output;       // file for the rows; "" = stdout
  std::string as_of;
  LakeOptions lake;  // for .open
};

class SqlRunner {
 public:
  SqlRunner(Program& program, Lake& lake, std::unique_ptr<SqlSession> session, SqlOptions options);

  // Opens the file of the options.
  base::Status start();
  // Every statement of a script; false when one failed.
  bool run_script(const std::string& script, bool silent = false);
  // One line of the shell. What it does not end is kept for the next.
  enum class After { more, done, leave };
  After feed(const std::string& line);
  bool pending() const { return !buffer_.empty(); }
  void forget() { buffer_.clear(); }  // Ctrl-C while typing
  int exit_code() const { return exit_code_; }
  bool left() const { return left_; }  // .exit was among what ran

  // What may stand for the word before the cursor: keywords, tables, columns, functions, dot commands.
  std::vector<std::string> completions(std::string_view text_before_cursor);

 private:
  bool run_statement(const std::string& statement, bool silent);
  bool save_rows(const std::string& statement, base::Status* status);
  After dot_command(const std::string& line);  // dot_commands.cc
  base::Status run_dot(const std::string& name, const std::vector<std::string>& words);
  base::Status import(const std::vector<std::string>& words);
  base::Status open_lake(const std::string& directory);
  base::Status set_output(const std::string& path, bool once);
  base::Status set_mode(const std::string& name);
  void schema(const std::string& table);
  Output& out();
  void show(const base::Status& status);
  void show_warnings();
  std::optional<operation::Answer> ask(std::string_view name, json::Value request);
  void run_operation(std::string_view name, json::Value request);

  Program& program_;
  Lake* lake_;
  std::unique_ptr<Lake> opened_;  // by .open
  std::unique_ptr<SqlSession> session_;
  SqlOptions options_;
  std::vector<operation::Bound> operations_;
  std::unique_ptr<Output> file_;
  std::optional<RowFormat> screen_;  // the format that a file's ending has taken the place of
  std::set<std::string> warned_;     // a table that cannot be read is told of once
  bool once_ = false;
  std::string buffer_;
  int exit_code_ = 0, depth_ = 0;
  bool left_ = false;
};

// Sets the format that a file's name ends with, whatever its case; false for an ending that says none.
bool take_ending(const std::string& path, RowFormat* format);

// tarn sql …
int sql_command(const Parsed& parsed, Program& program, Lake& lake, LakeOptions opened);

}  // namespace tarn::cli
