#include "cli/sql_runner.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/ascii.h"
#include "base/clock.h"
#include "cli/layout.h"
#include "cli/render.h"
#include "cli/screen.h"
#include "operation/nearest.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Status;
using json::Value;

struct Ending {
  std::string_view ending, format;
};
constexpr Ending kEndings[] = {{".csv", "csv"},         {".tsv", "csv"},     {".json", "json"}, {".jsonl", "jsonl"},
                               {".ndjson", "jsonl"},    {".md", "markdown"}, {".html", "html"}, {".htm", "html"},
                               {".parquet", "parquet"}, {".arrow", "arrow"}};

// Devices and pipes have no ending that says anything: /dev/null, /dev/fd/63.
bool is_special(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

}  // namespace

bool take_ending(const std::string& path, RowFormat* format) {
  const std::string name = base::lower(path);
  for (const Ending& known : kEndings) {
    if (!name.ends_with(known.ending)) continue;
    format->name = known.format;
    if (known.ending == ".tsv" && format->separator.empty()) format->separator = "\t";
    return true;
  }
  return false;
}

Status unknown_ending(const std::string& path) {
  std::string list;
  for (const Ending& known : kEndings) list += (list.empty() ? "" : ", ") + std::string(known.ending);
  return {Code::invalid_argument, "the name " + one_line(path) + " does not say how its rows are to be written",
          "end it with one of " + list + ", or say --format NAME"};
}

SqlRunner::SqlRunner(Program& program, Lake& lake, std::unique_ptr<SqlSession> session, SqlOptions options)
    : program_(program),
      lake_(&lake),
      session_(std::move(session)),
      options_(std::move(options)),
      operations_(lake.operations()) {}

Output& SqlRunner::out() { return file_ ? *file_ : *program_.terminal.out; }

void SqlRunner::show(const Status& status) {
  program_.terminal.out->flush();
  show_error(status, options_.json_errors, program_.terminal);
  program_.terminal.err->flush();  // a shell waits for its next line now
  exit_code_ = status.code() == Code::cancelled ? 130 : 1;
}

void SqlRunner::show_warnings() {
  for (const Status& warning : session_->warnings()) {
    if (warned_.insert(warning.message()).second) show_warning(warning, options_.json_errors, program_.terminal);
  }
}

// parquet and arrow are files, not text. False for every other mode.
bool SqlRunner::save_rows(const std::string& statement, Status* status) {
  const std::string& name = options_.format.name;
  if (name != "parquet" && name != "arrow") return false;
  if (options_.output.empty()) {
    *status = {Code::invalid_argument, name + " is written to a file", "give -o FILE, or .output FILE in the shell"};
  } else {
    *status = session_->save(statement, name, options_.output, {.progress = nullptr, .cancel = program_.cancel});
  }
  return true;
}

bool SqlRunner::run_statement(const std::string& statement, bool silent) {
  if (options_.echo) out().write(std::string(base::trimmed(statement)) + "\n");
  const base::Stopwatch stopwatch;
  Output& to = out();
  const bool json_on_screen = program_.terminal.out_is_tty && !file_ && options_.format.name.starts_with("json");
  const TextSink sink = [&](std::string_view text) {
    if (!silent) to.write(json_on_screen ? json_for_screen(text) : std::string(text));
    return !to.closed() && to.status().ok();
  };
  Status status;
  if (silent || !save_rows(statement, &status)) {
    status = session_->run(statement, options_.format, sink, {.progress = nullptr, .cancel = program_.cancel});
  }
  to.flush();
  if (status.ok()) status = to.status();
  if (!status.ok()) show(status);
  if (status.ok()) show_warnings();
  if (once_) static_cast<void>(set_output("", false));
  Output& err = *program_.terminal.err;
  if (program_.terminal.in_is_tty && status.ok() && session_->rows_changed() > 0 && !program_.terminal.quiet) {
    const uint64_t rows = session_->rows_changed();
    err.write(std::to_string(rows) + (rows == 1 ? " row changed\n" : " rows changed\n"));
  }
  if (options_.timer) err.write("took " + duration_text(stopwatch.elapsed_ms()) + "\n");
  err.flush();
  return status.ok();
}

bool SqlRunner::run_script(const std::string& script, bool silent) {
  bool good = true;
  for (const std::string& statement : session_->split(script)) {
    const std::string_view text = base::trimmed(statement);
    if (text.empty()) continue;
    if (program_.terminal.out->closed() || left_) break;
    if (text.front() == '.') {
      const int before = std::exchange(exit_code_, 0);
      dot_command(std::string(text));
      good = good && (exit_code_ == 0 || left_);
      if (!left_ && exit_code_ == 0) exit_code_ = before;
    } else {
      good = run_statement(statement, silent) && good;
    }
    if (!good && (options_.bail || program_.cancel->requested())) break;
  }
  return good;
}

SqlRunner::After SqlRunner::feed(const std::string& line) {
  if (buffer_.empty() && base::trimmed(line).empty()) return After::done;
  if (buffer_.empty() && base::trimmed(line).front() == '.') return dot_command(std::string(base::trimmed(line)));
  buffer_ += line;
  buffer_ += '\n';
  if (!session_->is_complete(buffer_)) return After::more;
  const std::string script = std::exchange(buffer_, {});
  run_script(script);
  return After::done;
}

int sql_command(const Parsed& parsed, Program& program, Lake& lake, LakeOptions opened) {
  Terminal& terminal = program.terminal;
  terminal.out->allow_marks(false);  // rows have none of ours
  SqlOptions options;
  options.as_of = parsed.request["as_of"].as_string();
  options.bail = parsed.has("bail");
  options.echo = parsed.has("echo");
  options.json_errors = parsed.has("json") || parsed.has("jsonl");
  options.output = parsed.get("output");
  options.format.name = terminal.out_is_tty ? "table" : "box";
  options.format.width = terminal.out_is_tty ? terminal.width : 0;
  options.format.header = !parsed.has("no-header") && !parsed.has("noheader");
  for (const char* name : {"null-value", "nullvalue"}) {
    if (parsed.has(name)) options.format.null_text = parsed.get(name);
  }
  options.format.separator = parsed.get("separator");
  for (const std::string& mode : modes()) {
    if (!parsed.has(mode)) continue;
    options.format.name = mode;
    options.mode_given = true;
  }
  for (const char* name : {"mode", "format"}) {
    if (!parsed.has(name)) continue;
    options.format.name = parsed.get(name);
    options.mode_given = true;
  }
  RowFormat of_file;
  if (!options.output.empty() && !options.mode_given && !is_special(options.output) &&
      !take_ending(options.output, &of_file)) {
    show_error(unknown_ending(options.output), options.json_errors, terminal);
    return base::exit_code(Code::invalid_argument);
  }
  if (options.format.name == "agent") options.format.shown = 0;  // its own limit
  options.safe = parsed.has("safe");
  options.locked = options.safe || parsed.has("read-only") || parsed.has("readonly");
  options.lake = std::move(opened);

  auto session = lake.session(options.as_of, options.locked);
  if (!session.ok()) {
    show_error(session.status(), options.json_errors, terminal);
    return base::exit_code(session.status().code());
  }
  SqlRunner runner(program, lake, std::move(session).value(), options);
  struct Leaving {  // before the session goes, so that nobody takes over its memory
    Program& program;
    Lake& lake;
    ~Leaving() {
      if (program.leave) program.leave(lake);
    }
  } const leaving{program, lake};
  if (const Status ready = runner.start(); !ready.ok()) {
    show_error(ready, options.json_errors, terminal);
    return 1;
  }
  bool good = true, given = false;
  const auto run_file = [&](const std::string& path, bool silent) {
    const auto script = terminal.read_file(path);
    if (!script.ok()) show_error(script.status(), options.json_errors, terminal);
    return script.ok() && runner.run_script(*script, silent);
  };
  const auto step = [&](auto&& work) {
    given = true;
    if (!runner.left() && (good || !options.bail)) good = work() && good;
  };
  if (parsed.has("init")) good = run_file(parsed.get("init"), true);
  for (const std::string& path : parsed.all("file")) step([&] { return run_file(path, false); });
  for (const std::string& sql : parsed.all("command")) step([&] { return runner.run_script(sql); });
  if (const std::string& query = parsed.request["query"].as_string(); parsed.request.contains("query")) {
    step([&] { return query == "-" ? run_file("-", false) : runner.run_script(query); });
  }
  if (!given && !runner.left() && !parsed.has("no-stdin")) {
    if (terminal.in_is_tty && terminal.out_is_tty && program.run_shell) return program.run_shell(runner);
    good = run_file("-", false) && good;
  }
  if (program.cancel->requested()) return 130;
  if (runner.left()) return runner.exit_code();
  return good ? 0 : 1;
}

}  // namespace tarn::cli
