// The shell's own commands: lines that begin with a dot.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "cli/layout.h"
#include "cli/render.h"
#include "cli/sql_runner.h"
#include "operation/nearest.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Status;
using json::Value;

constexpr const char* kDotHelp =
    ".bail on|off         stop a script at its first error\n"
    ".databases           the lake, and what was attached\n"
    ".echo on|off         show each statement before its rows\n"
    ".exit [CODE]         leave (also .quit, Ctrl-D)\n"
    ".headers on|off      a line of column names\n"
    ".help                this\n"
    ".import FILE TABLE   rows of a file (csv, json, parquet) into a table, which is made when it is not there\n"
    ".maxrows N           how many rows a table on the screen shows; 0 = all\n"
    ".mode [NAME]         how rows are written: table, box, csv, json, jsonl, markdown, line, list, quote, column,\n"
    "                     html, ascii, agent; parquet and arrow with .output\n"
    ".nullvalue TEXT      what NULL is written as\n"
    ".once FILE           the next statement's rows into a file\n"
    ".open DIR            another lake\n"
    ".output [FILE]       rows into a file; without one, on the screen again\n"
    ".print TEXT          write a line\n"
    ".read FILE           run the statements of a file\n"
    ".schema [TABLE]      columns of a table, or of all\n"
    ".separator TEXT      between the columns of csv, list and quote\n"
    ".tables              the tables of the lake\n"
    ".timer on|off        show how long a statement took\n"
    "A statement ends with ; and may take several lines. Ctrl-C stops the statement that runs.\n";
constexpr std::array kDotCommands = {
    ".bail", ".databases", ".echo",   ".exit",  ".headers", ".help", ".import", ".maxrows",   ".mode",   ".nullvalue",
    ".once", ".open",      ".output", ".print", ".quit",    ".read", ".schema", ".separator", ".tables", ".timer"};
constexpr std::array kTouchFiles = {".import", ".once", ".open", ".output", ".read"};
constexpr int kMaxReads = 16;  // files that read files

std::string quoted(char quote, std::string_view text) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

// Words between spaces; 'in quotes' or "in quotes" one word.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
    } else if (line[at] == '\'' || line[at] == '"') {
      const size_t end = std::min(line.find(line[at], at + 1), line.size());
      words.push_back(line.substr(at + 1, end - at - 1));
      at = end + 1;
    } else {
      const size_t end = std::min(line.find_first_of(" \t", at), line.size());
      words.push_back(line.substr(at, end - at));
      at = end;
    }
  }
  return words;
}

bool touches_files(std::string_view name) {
  return std::find(kTouchFiles.begin(), kTouchFiles.end(), name) != kTouchFiles.end();
}

}  // namespace

const std::vector<std::string>& modes() {
  static const std::vector<std::string> names = {"table",     "duckbox",  "box",   "csv",     "json",  "jsonl",
                                                 "jsonlines", "markdown", "line",  "list",    "quote", "column",
                                                 "html",      "ascii",    "agent", "parquet", "arrow"};
  return names;
}

Status SqlRunner::set_mode(const std::string& name) {
  if (std::find(modes().begin(), modes().end(), name) == modes().end()) {
    return {Code::invalid_argument, "there is no mode '" + one_line(name) + "'",
            operation::did_you_mean(name, modes())};
  }
  if (name == "agent" && options_.format.name != "agent") options_.format.shown = 0;  // its own limit
  screen_.reset();
  options_.mode_given = true;
  options_.format.name = name;
  return {};
}

Status SqlRunner::start() {
  const std::string path = std::move(options_.output);
  options_.output.clear();
  return path.empty() ? Status() : set_output(path, false);
}

Status SqlRunner::set_output(const std::string& path, bool once) {
  file_.reset();
  if (screen_) options_.format = *std::exchange(screen_, std::nullopt);
  options_.output = path;
  once_ = once;
  RowFormat format = options_.format;
  if (!path.empty() && !options_.mode_given && take_ending(path, &format)) {
    screen_ = options_.format;
    options_.format = std::move(format);
  }
  const bool binary = options_.format.name == "parquet" || options_.format.name == "arrow";
  if (path.empty() || binary) return {};
  TARN_ASSIGN(file_, open_file_output(path));
  return {};
}

Status SqlRunner::import(const std::vector<std::string>& words) {
  if (words.size() != 2) return {Code::invalid_argument, ".import needs a file and a table"};
  const std::string from = "FROM " + quoted('\'', words[0]);
  const TextSink nowhere = [](std::string_view) { return true; };
  const base::Context context{.progress = nullptr, .cancel = program_.cancel};
  const bool there = session_->run("SELECT 1 FROM " + words[1] + " LIMIT 0", options_.format, nowhere, context).ok();
  return session_->run(there ? "INSERT INTO " + words[1] + " " + from : "CREATE TABLE " + words[1] + " AS " + from,
                       options_.format, nowhere, context);
}

Status SqlRunner::open_lake(const std::string& directory) {
  LakeOptions options = options_.lake;
  options.lake = directory;
  TARN_ASSIGN(auto opened, program_.open(options));
  TARN_ASSIGN(session_, opened->session(options_.as_of, options_.locked));
  opened_ = std::move(opened);
  lake_ = opened_.get();
  operations_ = lake_->operations();
  options_.lake = options;
  return {};
}

// Nothing where it failed, and that was shown.
std::optional<operation::Answer> SqlRunner::ask(std::string_view name, Value request) {
  const auto reply =
      operation::find(operations_, name)->call(request, {.progress = nullptr, .cancel = program_.cancel});
  if (reply.ok()) return *reply;
  show(reply.status());
  return {};
}

void SqlRunner::run_operation(std::string_view name, Value request) {
  const auto answer = ask(name, std::move(request));
  if (!answer) return;
  Page page{program_.terminal.width, program_.terminal.color, {}};
  const std::string text = page_of(*answer, page);
  out().allow_marks(page.color);
  out().write(text);
  out().allow_marks(false);
}

void SqlRunner::schema(const std::string& table) {
  if (!table.empty()) return run_operation("show", Value::object({{"table", table}, {"as_of", options_.as_of}}));
  const auto answer = ask("tables", Value::object({{"as_of", options_.as_of}}));
  if (!answer) return;
  for (const workspace::TableSummary& one : answer->as<workspace::TablesReply>()->tables) schema(one.table);
}

Status SqlRunner::run_dot(const std::string& name, const std::vector<std::string>& words) {
  const std::string word = words.empty() ? std::string() : words.front();
  const auto on = [&](bool* what) -> Status {
    if (word != "on" && word != "off") return {Code::invalid_argument, name + " is on or off"};
    *what = word == "on";
    return {};
  };
  if (name == ".help") {
    out().write(kDotHelp);
  } else if (name == ".tables") {
    run_operation("tables", Value::object({{"as_of", options_.as_of}}));
  } else if (name == ".schema") {
    schema(word);
  } else if (name == ".databases") {
    const auto answer = ask("tables", Value::object({{"as_of", options_.as_of}}));
    out().write("lake: " + (answer ? answer->as<workspace::TablesReply>()->lake : std::string()) + "\n");
    run_statement(
        "SELECT database_name AS name, path, readonly FROM duckdb_databases() WHERE NOT internal AND database_name <> "
        "'memory' ORDER BY 1",
        false);
  } else if (name == ".mode") {
    if (!word.empty()) return set_mode(word);
    out().write(options_.format.name + "\n");
  } else if (name == ".timer") {
    options_.timer = word != "off";
  } else if (name == ".bail") {
    return on(&options_.bail);
  } else if (name == ".echo") {
    return on(&options_.echo);
  } else if (name == ".headers") {
    return on(&options_.format.header);
  } else if (name == ".nullvalue") {
    options_.format.null_text = word;
  } else if (name == ".separator") {
    options_.format.separator = word;
  } else if (name == ".maxrows") {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), options_.format.shown);
    if (error != std::errc() || end != word.data() + word.size()) {
      return {Code::invalid_argument, ".maxrows needs a number"};
    }
  } else if (name == ".print") {
    std::string line;
    for (const std::string& each : words) line += (line.empty() ? "" : " ") + each;
    out().write(line + "\n");
  } else if (name == ".output") {
    return set_output(word, false);
  } else if (name == ".once" && !word.empty()) {
    return set_output(word, true);
  } else if (name == ".import") {
    return import(words);
  } else if (name == ".open" && !word.empty()) {
    return open_lake(word);
  } else if (name == ".read" && !word.empty()) {
    if (depth_ == kMaxReads) {
      return {Code::exhausted,
              ".read " + word + ": files that read files go only " + std::to_string(kMaxReads) + " deep"};
    }
    TARN_ASSIGN(const std::string script, program_.terminal.read_file(word));
    ++depth_;
    run_script(script);
    --depth_;
  } else {
    std::string hint = operation::did_you_mean(name, {kDotCommands.begin(), kDotCommands.end()});
    const bool known = std::find(kDotCommands.begin(), kDotCommands.end(), name) != kDotCommands.end();
    if (known) return {Code::invalid_argument, name + " needs a word more", ".help shows it"};
    return {Code::invalid_argument, "there is no shell command '" + one_line(name) + "'",
            hint.empty() ? ".help lists them" : std::move(hint)};
  }
  return {};
}

SqlRunner::After SqlRunner::dot_command(const std::string& line) {
  std::vector<std::string> words = words_of(line);
  std::string name = words.front();
  words.erase(words.begin());
  while (!name.empty() && (name.back() == ';' || name.back() == '\r')) name.pop_back();
  if (name == ".exit" || name == ".quit") {
    exit_code_ = words.empty() ? 0 : std::atoi(words.front().c_str()) & 0xFF;
    left_ = true;
    return After::leave;
  }
  Status done;
  if (options_.safe && touches_files(name)) {
    done = {Code::permission_denied, "Permission Error: " + name + " is not there in safe mode", "start without -safe"};
  } else {
    done = run_dot(name, words);
  }
  if (!done.ok()) show(done);
  out().flush();
  return left_ ? After::leave : After::done;
}

std::vector<std::string> SqlRunner::completions(std::string_view text_before_cursor) {
  const size_t first = text_before_cursor.find_first_not_of(" \t");
  if (!buffer_.empty() || first == std::string_view::npos || text_before_cursor[first] != '.') {
    return session_->complete(buffer_ + std::string(text_before_cursor));
  }
  std::vector<std::string> found;
  for (const char* command : kDotCommands) {
    if (std::string_view(command).starts_with(text_before_cursor.substr(first))) found.emplace_back(command);
  }
  return found;
}

}  // namespace tarn::cli
