#include "cli/shell.h"

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <cwchar>
#include <filesystem>

#include "base/ascii.h"
#include "cli/layout.h"
#include "cli/version.h"

namespace tarn::cli {
namespace {

constexpr size_t kMaxShown = 60;  // completions listed at once

struct State {
  SqlRunner* runner = nullptr;
  Terminal const* terminal = nullptr;
  bool more = false;
  bool interrupted = false;
};

State& state_of(EditLine* editor) {
  void* data = nullptr;
  el_get(editor, EL_CLIENTDATA, &data);
  return *static_cast<State*>(data);
}

// Ctrl-C while a line is typed. The signal writes into a pipe, and whoever waits for a key waits for the pipe too: a
// flag alone would be missed when the signal comes between two keys, where no read() is there to be interrupted, or on
// another thread.
std::array<int, 2> interrupt_pipe{-1, -1};
void on_interrupt(int) {
  const int kept = errno;
  [[maybe_unused]] const ssize_t written = write(interrupt_pipe[1], "", 1);
  errno = kept;
}
bool open_interrupts() { return interrupt_pipe[0] >= 0 || pipe2(interrupt_pipe.data(), O_CLOEXEC | O_NONBLOCK) == 0; }
bool take_interrupts() {
  bool any = false;
  std::array<char, 64> bytes;
  while (read(interrupt_pipe[0], bytes.data(), bytes.size()) > 0) any = true;
  return any;
}

// One key from the terminal, as libedit wants it; -1 after Ctrl-C, 0 at the end.
int read_key(EditLine* editor, wchar_t* key) {
  bool& interrupted = state_of(editor).interrupted;
  std::mbstate_t part{};
  while (true) {
    std::array<pollfd, 2> sources{{{interrupt_pipe[0], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    if (poll(sources.data(), sources.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (sources[0].revents != 0) {
      interrupted = true;
      errno = EINTR;
      return -1;
    }
    char byte = 0;
    const ssize_t got = read(STDIN_FILENO, &byte, 1);
    if (got == 0) return 0;
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return -1;
    }
    const size_t length = std::mbrtowc(key, &byte, 1, &part);
    if (length == static_cast<size_t>(-2)) continue;  // a character of several bytes
    if (length != static_cast<size_t>(-1)) return 1;
    part = {};  // no character: dropped, as libedit does
  }
}

char* prompt(EditLine* editor) {
  static char first[] = "tarn> ";
  static char more[] = "  ... ";
  return state_of(editor).more ? more : first;
}

bool in_word(char c) { return c == '_' || c == '.' || base::is_digit(c) || base::may_be_letter(c); }

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return base::lower(x) == base::lower(y); });
}

std::string common_prefix(const std::vector<std::string>& names) {
  std::string prefix = names.front();
  for (const std::string& name : names) {
    size_t n = 0;
    while (n < prefix.size() && n < name.size() && prefix[n] == name[n]) ++n;
    prefix.resize(n);
  }
  return prefix;
}

unsigned char complete(EditLine* editor, int) {
  const LineInfo* line = el_line(editor);
  State& state = state_of(editor);
  const std::string before(line->buffer, line->cursor);
  size_t begin = before.size();
  while (begin > 0 && in_word(before[begin - 1])) --begin;
  const std::vector<std::string> found = state.runner->completions(before);
  if (found.empty()) return CC_ERROR;
  // A candidate stands for the whole word, or for what follows its last dot.
  const std::string prefix = common_prefix(found);
  const auto fits = [&](size_t from) {
    const std::string_view typed = std::string_view(before).substr(from);
    return typed.size() <= prefix.size() && same_letters(typed, std::string_view(prefix).substr(0, typed.size()));
  };
  const size_t dot = before.rfind('.');
  if (!fits(begin) && dot != std::string::npos && dot >= begin && fits(dot + 1)) begin = dot + 1;
  const size_t typed = before.size() - begin;
  if (found.size() == 1 || prefix.size() > typed) {
    if (typed > 0) el_deletestr(editor, static_cast<int>(typed));
    el_insertstr(editor, (prefix + (found.size() == 1 ? " " : "")).c_str());
    return CC_REFRESH;
  }
  std::string list;
  for (size_t i = 0; i < found.size() && i < kMaxShown; ++i) list += (i > 0 ? "  " : "") + found[i];
  if (found.size() > kMaxShown) list += "  …";
  state.terminal->err->write("\n" + wrap(list, state.terminal->width, ""));
  state.terminal->err->flush();
  return CC_REDISPLAY;
}

std::string history_file(const Terminal& terminal) {
  namespace fs = std::filesystem;
  std::string base = terminal.environment("XDG_STATE_HOME");
  if (base.empty() && !terminal.environment("HOME").empty()) base = terminal.environment("HOME") + "/.local/state";
  if (base.empty()) return {};
  std::error_code error;
  const fs::path folder = fs::path(base) / "tarn";
  fs::create_directories(folder, error);
  return error ? std::string() : (folder / "history").string();
}

// Keeps the terminal's state right whatever way the shell ends.
class Editor {
 public:
  explicit Editor(const Terminal& terminal) : file_(history_file(terminal)) {
    std::setlocale(LC_CTYPE, "C.UTF-8");  // keys beyond ASCII are characters whatever the user's locale
    editor_ = el_init("tarn", stdin, stdout, stderr);
    history_ = history_init();
    if (!good()) return;
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLines);
    history(history_, &event, H_SETUNIQUE, 1);
    if (!file_.empty()) history(history_, &event, H_LOAD, file_.c_str());
    el_set(editor_, EL_PROMPT, prompt);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 0);
    el_set(editor_, EL_GETCFN, read_key);
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_ADDFN, "complete", "complete a name", complete);
    el_set(editor_, EL_BIND, "^I", "complete", nullptr);
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(editor_, nullptr);  // the user's ~/.editrc
  }
  ~Editor() {
    if (history_) {
      HistEvent event;
      if (!file_.empty()) {
        const mode_t before = umask(0077);
        history(history_, &event, H_SAVE, file_.c_str());
        umask(before);
      }
      history_end(history_);
    }
    if (editor_) el_end(editor_);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  bool good() const { return editor_ && history_ && open_interrupts(); }
  EditLine* get() const { return editor_; }
  void remember(const std::string& line) {
    HistEvent event;
    history(history_, &event, H_ENTER, line.c_str());
  }

 private:
  std::string file_;
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
};

}  // namespace

int run_shell(SqlRunner& runner, Program& program) {
  const Terminal& terminal = program.terminal;
  terminal.err->write("Tarn " + version() + ". A statement ends with ; and .help says the rest.\n");
  terminal.err->flush();
  Editor editor(terminal);
  if (!editor.good()) return 1;
  State state{&runner, &terminal, false, false};
  el_set(editor.get(), EL_CLIENTDATA, &state);
  std::string statement;  // the lines of the statement that is being typed: one entry of the history
  while (true) {
    // While a line is typed Ctrl-C drops it; while a statement runs the program's own handler asks for its end.
    struct sigaction typing{};
    typing.sa_handler = on_interrupt;
    take_interrupts();
    sigaction(SIGINT, &typing, nullptr);
    state.interrupted = false;
    // Before the prompt is seen: libedit switches after it, and a Ctrl-D typed in between would be an end of file that
    // nobody reads.
    el_set(editor.get(), EL_PREP_TERM, 1);
    int length = 0;
    const char* read = el_gets(editor.get(), &length);
    if (state.interrupted) {
      runner.forget();
      statement.clear();
      state.more = false;
      terminal.err->write("\n");
      terminal.err->flush();
      el_reset(editor.get());
      continue;
    }
    program.cancel = program.arm_cancel();
    if (take_interrupts()) program.cancel->request();  // it came after the line's end
    if (!read || length <= 0) {
      break;  // Ctrl-D
    }
    std::string line(read, static_cast<size_t>(length));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    statement += (statement.empty() ? "" : " ") + line;
    const SqlRunner::After after = runner.feed(line);
    state.more = after == SqlRunner::After::more;
    if (!state.more && statement.find_first_not_of(' ') != std::string::npos) editor.remember(statement);
    if (!state.more) statement.clear();
    if (after == SqlRunner::After::leave) break;
    if (terminal.out->closed()) break;
  }
  terminal.err->write("\n");
  return runner.exit_code() == 130 ? 0 : runner.exit_code();
}

}  // namespace tarn::cli
