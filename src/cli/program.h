// The program: words in, exit code out. main.cc gives it the real terminal and lake, tests a fake.
// Errors:  0 ok, 1 failed, 2 wrong usage, 130 stopped. Data goes to stdout, all else to stderr; with --json errors are
//          JSON too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "workspace/opened_lake.h"

namespace tarn::cli {

using Lake = workspace::OpenedLake;
using workspace::LakeOptions;
using workspace::RowFormat;
using workspace::SqlSession;
using workspace::TextSink;
using OpenLake = std::function<base::Result<std::unique_ptr<Lake>>(const LakeOptions&)>;

struct Program {
  Terminal terminal;
  OpenLake open;
  base::Cancel* cancel = nullptr;
  std::function<base::Cancel*()> arm_cancel;  // a fresh one, which Ctrl-C now asks (the shell, for each statement)
  std::function<int64_t()> now_ms;            // a steady clock
  std::function<base::Status(Lake& lake)> serve_mcp;         // returns when stdin ends
  std::function<int(class SqlRunner& runner)> run_shell;     // interactive SQL; returns the exit code
  std::function<bool(const std::string& question)> confirm;  // asks on the terminal
  std::function<void(Lake& lake)> leave;                     // before it is closed, where the process ends with it
};

int run(const std::vector<std::string>& words, Program& program);

// Where the lake is when nobody says: TARN_LAKE, TARN_HOME/lake, $XDG_DATA_HOME/tarn/lake, ~/.local/share/tarn/lake.
std::string default_lake(const Terminal& terminal);

// "tarn: message", the hint below it; one JSON object when `json`.
void show_error(const base::Status& status, bool json, const Terminal& terminal);
void show_warning(const base::Status& status, bool json, const Terminal& terminal);

}  // namespace tarn::cli
