// tarn: the program. The same file is started again as its own worker.
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/interrupts.h"
#include "cli/program.h"
#include "cli/screen.h"
#include "cli/shell.h"
#include "cli/version.h"
#include "server/stdio.h"
#include "workspace/opened_lake.h"

namespace tarn::cli {
namespace {

constexpr size_t kMaxScriptBytes = size_t{64} << 20;
constexpr size_t kMinWidth = 40, kMaxWidth = 120;  // lines longer than that are hard to read

size_t width_of_terminal(const Terminal& terminal) {
  if (const int columns = std::atoi(terminal.environment("COLUMNS").c_str()); columns > 0) {
    return std::max(kMinWidth, static_cast<size_t>(columns));
  }
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp(static_cast<size_t>(size.ws_col), kMinWidth, kMaxWidth);
}

base::Result<std::string> read_script(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return base::Status(base::Code::not_found, "cannot read the file " + path);
  }
  std::istream& stream = path == "-" ? std::cin : file;
  std::string text;
  char buffer[65536];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(stream.gcount()));
    if (text.size() > kMaxScriptBytes) {
      return base::Status(base::Code::exhausted,
                          "the script " + path + " is over the limit of " + std::to_string(kMaxScriptBytes) + " bytes");
    }
  }
  return text;
}

bool ask(const std::string& question) {
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

[[noreturn]] void main_of_program(int argc, char** argv) {
  FileOutput out(STDOUT_FILENO), err(STDERR_FILENO);
  ScreenOutput out_screen(out), err_screen(err);
  Program program;
  program.terminal.in_is_tty = isatty(STDIN_FILENO) != 0;
  program.terminal.out_is_tty = isatty(STDOUT_FILENO) != 0;
  program.terminal.err_is_tty = isatty(STDERR_FILENO) != 0;
  program.terminal.out = program.terminal.out_is_tty ? static_cast<Output*>(&out_screen) : &out;
  program.terminal.err = program.terminal.err_is_tty ? static_cast<Output*>(&err_screen) : &err;
  program.terminal.environment = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  program.terminal.width = width_of_terminal(program.terminal);
  program.terminal.read_file = read_script;
  program.open = workspace::open_lake;
  program.cancel = arm_interrupts();
  program.arm_cancel = arm_interrupts;
  program.now_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  program.serve_mcp = [&program](Lake& lake) {
    return server::serve_stdio(lake.operations(), {.version = version()}, STDIN_FILENO, STDOUT_FILENO, *program.cancel);
  };
  program.run_shell = [&program](SqlRunner& runner) { return run_shell(runner, program); };
  program.confirm = ask;
  program.leave = [](Lake& lake) { lake.leave(); };
  const int code = run({argv + 1, argv + argc}, program);
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(code);  // threads of a DuckDB that was left may still wait
}

}  // namespace
}  // namespace tarn::cli

int main(int argc, char** argv) {
  int code = 0;
  if (tarn::workspace::served_as_worker(argc, argv, &code)) return code;
  tarn::cli::main_of_program(argc, argv);
}
