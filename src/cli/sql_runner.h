// SQL by statements: from a query, a file, a script on stdin or the lines of the shell, with its dot commands.
// Errors:  a statement's error is shown where it happens; the rest goes on unless told to stop, and the exit code is 1 in the end.
// Threads: one; Context's cancel stops the statement that runs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/program.h"

namespace tarn::cli {

struct SqlOptions {
  RowFormat format;
  bool bail = false, echo = false, json_errors = false, timer = false;
  std::string as_of;
};

class SqlRunner {
 public:
  SqlRunner(Program& program, Lake& lake, std::unique_ptr<SqlSession> session, SqlOptions options);

  // Every statement of a script; false when one failed.
  bool run_script(const std::string& script, bool silent = false);
  // One line of the shell. What it does not end is kept for the next.
  enum class After { more, done, leave };
  After feed(const std::string& line);
  bool pending() const { return !buffer_.empty(); }
  void forget() { buffer_.clear(); }  // Ctrl-C while typing
  int exit_code() const { return exit_code_; }

  // What may stand for the word before the cursor: keywords, tables, columns, functions, dot commands.
  std::vector<std::string> completions(std::string_view text_before_cursor);

 private:
  bool run_statement(const std::string& statement, bool silent);
  After dot_command(const std::string& line);
  void show(const base::Status& status);
  void run_operation(std::string_view name, json::Value request);
  bool set_mode(const std::string& name);

  Program& program_;
  Lake& lake_;
  std::unique_ptr<SqlSession> session_;
  SqlOptions options_;
  std::vector<operation::Bound> operations_;
  std::string buffer_;
  int exit_code_ = 0;
};

// tarn sql …
int sql_command(const Parsed& parsed, Program& program, Lake& lake);

}  // namespace tarn::cli
