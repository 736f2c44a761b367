// The SQL shell on a terminal: line editing, history, completion, Ctrl-C. The statements themselves are sql_runner.h's.
// Shape:   history in $XDG_STATE_HOME/tarn/history (else ~/.local/state), kHistoryLines lines, readable by its owner
//          alone.
// Errors:  a history that cannot be read or written is passed over.
// Threads: one; Ctrl-C while a statement runs asks for its end, while typing it drops the line.
#pragma once

#include "cli/sql_runner.h"

namespace tarn::cli {

inline constexpr int kHistoryLines = 2000;

int run_shell(SqlRunner& runner, Program& program);

}  // namespace tarn::cli
