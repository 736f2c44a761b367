#include "cli/sql_runner.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "cli/layout.h"
#include "cli/render.h"
#include "operation/nearest.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Status;
using json::Value;

constexpr std::array kModes = {"table", "box", "csv", "json", "jsonl", "markdown", "line"};
constexpr const char* kDotHelp =
    ".exit [CODE]      leave (also .quit, Ctrl-D)\n"
    ".help             this\n"
    ".mode [NAME]      how rows are written: table, box, csv, json, jsonl, markdown, line\n"
    ".read FILE        run the statements of a file\n"
    ".schema [TABLE]   columns of a table, or of all\n"
    ".tables           the tables of the lake\n"
    ".timer on|off     show how long a statement took\n"
    "A statement ends with ; and may take several lines. Ctrl-C stops the statement that runs.\n";
constexpr std::array kDotCommands = {".exit", ".help", ".mode", ".quit", ".read", ".schema", ".tables", ".timer"};
std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

SqlRunner::SqlRunner(Program& program, Lake& lake, std::unique_ptr<SqlSession> session, SqlOptions options)
    : program_(program),
      lake_(lake),
      session_(std::move(session)),
      options_(std::move(options)),
      operations_(lake.operations()) {}

void SqlRunner::show(const Status& status) {
  program_.terminal.out->flush();
  show_error(status, options_.json_errors, program_.terminal);
  program_.terminal.err->flush();  // a shell waits for its next line now
  exit_code_ = status.code() == Code::cancelled ? 130 : 1;
}

bool SqlRunner::run_statement(const std::string& statement, bool silent) {
  Output& out = *program_.terminal.out;
  if (options_.echo) out.write(std::string(trimmed(statement)) + "\n");
  const base::Stopwatch stopwatch;
  const TextSink sink = [&](std::string_view text) {
    if (!silent) out.write(text);
    return !out.closed();
  };
  const Status status =
      session_->run(statement, options_.format, sink, {.progress = nullptr, .cancel = program_.cancel});
  out.flush();
  if (!status.ok()) show(status);
  if (options_.timer) program_.terminal.err->write("took " + duration_text(stopwatch.elapsed_ms()) + "\n");
  program_.terminal.err->flush();
  return status.ok();
}

bool SqlRunner::run_script(const std::string& script, bool silent) {
  bool good = true;
  for (const std::string& statement : session_->split(script)) {
    if (trimmed(statement).empty()) continue;
    if (program_.terminal.out->closed()) break;
    good = run_statement(statement, silent) && good;
    if (!good && (options_.bail || program_.cancel->requested())) break;
  }
  return good;
}

SqlRunner::After SqlRunner::feed(const std::string& line) {
  if (buffer_.empty() && trimmed(line).empty()) return After::done;
  if (buffer_.empty() && trimmed(line).front() == '.') return dot_command(std::string(trimmed(line)));
  buffer_ += line;
  buffer_ += '\n';
  if (!session_->is_complete(buffer_)) return After::more;
  const std::string script = std::exchange(buffer_, {});
  run_script(script);
  return After::done;
}

bool SqlRunner::set_mode(const std::string& name) {
  if (std::find(kModes.begin(), kModes.end(), name) == kModes.end()) return false;
  options_.format.name = name;
  return true;
}

void SqlRunner::run_operation(std::string_view name, Value request) {
  const operation::Bound* bound = operation::find(operations_, name);
  const auto reply = bound->call(request, {.progress = nullptr, .cancel = program_.cancel});
  if (!reply.ok()) return show(reply.status());
  Page page{program_.terminal.width, program_.terminal.color, {}};
  int code = 0;
  const auto text = render_reply(name, *reply, page, &code);
  if (!text.ok()) return show(text.status());
  program_.terminal.out->write(*text);
  program_.terminal.out->flush();
}

SqlRunner::After SqlRunner::dot_command(const std::string& line) {
  const size_t space = line.find(' ');
  const std::string name = line.substr(0, space);
  const std::string rest(space == std::string::npos ? "" : trimmed(std::string_view(line).substr(space)));
  Output& out = *program_.terminal.out;
  if (name == ".exit" || name == ".quit") {
    exit_code_ = rest.empty() ? 0 : std::atoi(rest.c_str()) & 0xFF;
    return After::leave;
  }
  if (name == ".help") {
    out.write(kDotHelp);
  } else if (name == ".tables") {
    run_operation("tables", Value::object({{"as_of", options_.as_of}}));
  } else if (name == ".schema" && !rest.empty()) {
    run_operation("show", Value::object({{"table", rest}, {"as_of", options_.as_of}}));
  } else if (name == ".schema") {
    const auto tables =
        operation::find(operations_, "tables")
            ->call(Value::object({{"as_of", options_.as_of}}), {.progress = nullptr, .cancel = program_.cancel});
    if (!tables.ok()) show(tables.status());
    if (tables.ok()) {
      for (const Value& table : (*tables)["tables"].items())
        run_operation("show", Value::object({{"table", table["table"]}, {"as_of", options_.as_of}}));
    }
  } else if (name == ".mode") {
    if (rest.empty()) {
      out.write(options_.format.name + "\n");
    } else if (!set_mode(rest)) {
      show({Code::invalid_argument, "there is no mode '" + one_line(rest) + "'",
            operation::did_you_mean(rest, {kModes.begin(), kModes.end()})});
    }
  } else if (name == ".timer") {
    options_.timer = rest != "off";
  } else if (name == ".read" && !rest.empty()) {
    const auto script = program_.terminal.read_file(rest);
    if (!script.ok()) {
      show(script.status());
    } else {
      run_script(*script);
    }
  } else {
    std::string hint = operation::did_you_mean(name, {kDotCommands.begin(), kDotCommands.end()});
    show({Code::invalid_argument, "there is no shell command '" + one_line(name) + "'",
          hint.empty() ? ".help lists them" : std::move(hint)});
  }
  out.flush();
  return After::done;
}

std::vector<std::string> SqlRunner::completions(std::string_view text_before_cursor) {
  if (!buffer_.empty() || !trimmed(text_before_cursor).starts_with('.'))
    return session_->complete(buffer_ + std::string(text_before_cursor));
  std::vector<std::string> found;
  for (const char* command : kDotCommands) {
    if (std::string_view(command).starts_with(trimmed(text_before_cursor))) found.emplace_back(command);
  }
  return found;
}

int sql_command(const Parsed& parsed, Program& program, Lake& lake) {
  Terminal& terminal = program.terminal;
  SqlOptions options;
  options.as_of = parsed.request["as_of"].as_string();
  options.bail = parsed.has("bail");
  options.echo = parsed.has("echo");
  options.json_errors = parsed.has("json") || parsed.has("jsonl");
  options.format.name = terminal.out_is_tty ? "table" : "box";
  options.format.width = terminal.out_is_tty ? terminal.width : 0;
  options.format.header = !parsed.has("no-header") && !parsed.has("noheader");
  for (const char* name : {"null-value", "nullvalue"}) {
    if (parsed.has(name)) options.format.null_text = parsed.get(name);
  }
  options.format.separator = parsed.get("separator", ",");
  for (const char* mode : kModes) {
    if (parsed.has(mode)) options.format.name = mode;
  }
  options.format.name = parsed.get("format", parsed.get("mode", options.format.name));

  auto session = lake.session(options.as_of, parsed.has("read-only") || parsed.has("readonly"));
  if (!session.ok()) {
    show_error(session.status(), options.json_errors, terminal);
    return base::exit_code(session.status().code());
  }
  SqlRunner runner(program, lake, std::move(session).value(), options);
  bool good = true, given = false;
  const auto run_file = [&](const std::string& path, bool silent) {
    const auto script = terminal.read_file(path);
    if (!script.ok()) show_error(script.status(), options.json_errors, terminal);
    return script.ok() && runner.run_script(*script, silent);
  };
  const auto step = [&](auto&& work) {
    given = true;
    if (good || !options.bail) good = work() && good;
  };
  if (parsed.has("init")) good = run_file(parsed.get("init"), true);
  for (const std::string& path : parsed.all("file")) step([&] { return run_file(path, false); });
  for (const std::string& sql : parsed.all("command")) step([&] { return runner.run_script(sql); });
  if (const std::string& query = parsed.request["query"].as_string(); parsed.request.contains("query")) {
    step([&] { return query == "-" ? run_file("-", false) : runner.run_script(query); });
  }
  if (!given && !parsed.has("no-stdin")) {
    if (terminal.in_is_tty && terminal.out_is_tty && program.run_shell) return program.run_shell(runner);
    good = run_file("-", false) && good;
  }
  if (program.cancel->requested()) return 130;
  return good ? 0 : 1;
}

}  // namespace tarn::cli
