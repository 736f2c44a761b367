#include "cli/commands.h"

#include <algorithm>

#include "base/ascii.h"

namespace tarn::cli {
namespace {

using operation::FieldShape;
using operation::Kind;

std::string dashed(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}
using base::upper;

std::string metavar_of(const FieldShape& field, Kind kind) {
  if (!field.metavar.empty()) return field.metavar;
  if (!field.values.empty()) {
    std::string words;
    for (const std::string& word : field.values) words += (words.empty() ? "" : "|") + word;
    return words;
  }
  return kind == Kind::integer || kind == Kind::number ? "N" : upper(field.name);
}

std::string fallback_of(const FieldShape& field) {
  const json::Value& value = field.fallback;
  if (value.is_null() || value.is_array() || value.is_object()) return {};
  if (value.is_bool()) return {};
  return value.is_string() ? value.as_string() : json::write(value);
}

Command from_operation(const operation::Operation& operation) {
  Command command;
  command.name = operation.name;
  command.doc = operation.doc;
  command.help = operation.help;
  command.examples = operation.examples;
  command.errors = operation.errors;
  command.is_operation = true;
  command.operation = operation;
  for (const FieldShape& field : operation.request.fields) {
    const bool list = field.shape.kind == Kind::list;
    const Kind kind = list ? field.shape.item->kind : field.shape.kind;
    if (field.positional) {
      command.positionals.push_back({field.metavar.empty() ? upper(field.name) : field.metavar, field.name, field.doc,
                                     field.required, list, field.words});
      continue;
    }
    Option option;
    option.name = dashed(field.name);
    option.letter = field.letter;
    option.field = field.name;
    option.kind = kind;
    option.list = list;
    option.commas = field.commas;
    option.hidden = field.hidden;
    option.metavar = kind == Kind::boolean ? "" : metavar_of(field, kind) + (field.commas ? ",…" : "");
    option.doc = field.doc;
    option.values = field.values;
    option.fallback = fallback_of(field);
    command.options.push_back(std::move(option));
  }
  return command;
}

Option flag(std::string name, std::string doc, char letter = 0) {
  Option option;
  option.name = std::move(name);
  option.doc = std::move(doc);
  option.letter = letter;
  return option;
}
Option text(std::string name, std::string metavar, std::string doc, char letter = 0, bool list = false) {
  Option option = flag(std::move(name), std::move(doc), letter);
  option.kind = Kind::text;
  option.metavar = std::move(metavar);
  option.list = list;
  return option;
}

// What the shell has beyond the operation: more ways to give the SQL, and how rows are written.
void add_sql_options(Command& command) {
  for (Positional& positional : command.positionals) positional.required = false;
  std::erase_if(command.options, [](const Option& option) { return option.field == "max_rows"; });
  std::vector<Option> more;
  more.push_back(text("command", "SQL", "run this", 'c', true));
  more.push_back(text("file", "FILE", "run the statements of a file; - is stdin", 'f', true));
  more.push_back(text("init", "FILE", "run a file first, without showing its rows"));
  Option format = text(
      "format", "NAME",
      "how rows are written: table (for a screen), box (every row), csv, json, jsonl, markdown, line, list, quote, "
      "column, html, ascii, agent (short, for a program that reads words); parquet and arrow with -o",
      'm');
  format.values = modes();
  format.fallback = "table on a terminal, else box";
  more.push_back(std::move(format));
  more.push_back(text("output", "FILE", "write the rows to a file; its name's ending tells the format", 'o'));
  more.push_back(text("null-value", "TEXT", "what NULL is written as, but in json"));
  more.push_back(text("separator", "TEXT", "between the columns of csv, list and quote"));
  more.push_back(flag("no-header", "no line of column names"));
  more.push_back(flag("read-only", "refuse statements that write or name files"));
  more.push_back(flag("safe", "read-only, and no shell command that touches files"));
  more.push_back(flag("bail", "stop a script at its first error"));
  more.push_back(flag("echo", "show each statement before its rows"));
  more.push_back(flag("no-stdin", "do not read a script from stdin, and start no shell"));
  for (Option& option : more) command.options.push_back(std::move(option));
  for (const std::string& name : modes()) {
    if (name == "json" || name == "jsonl") continue;  // everywhere
    Option option = flag(name, "the same as --format " + name);
    option.hidden = true;
    command.options.push_back(std::move(option));
  }
  // The spellings of the other shells.
  const auto alias = [&](const char* name, const char* of) {
    Option option =
        *std::find_if(command.options.begin(), command.options.end(), [&](const Option& o) { return o.name == of; });
    option.name = name;
    option.letter = 0;
    option.hidden = true;
    command.options.push_back(std::move(option));
  };
  alias("nullvalue", "null-value");
  alias("noheader", "no-header");
  alias("readonly", "read-only");
  alias("mode", "format");
  for (Option& option : command.options) option.single_dash = option.field.empty();
}

std::vector<Command> program_commands() {
  std::vector<Command> commands;
  Command mcp;
  mcp.name = "mcp";
  mcp.doc = "serve search, fetch, ask and sql to an agent over MCP on stdio";
  mcp.help = R"(For programs that speak the Model Context Protocol: they start this command and talk to it by its stdin
and stdout. Served: search, fetch, ask, sql (read-only), list_tables, describe_table, diff. Ends when stdin ends.)";
  mcp.examples = {{"tarn mcp --lake ~/lake", "what an agent's configuration has as its command"}};
  commands.push_back(std::move(mcp));

  Command completion;
  completion.name = "completion";
  completion.doc = "print a completion script for bash, zsh or fish";
  completion.positionals = {{"SHELL", "shell", "bash, zsh or fish", true, false, false}};
  completion.examples = {{"source <(tarn completion bash)", "in ~/.bashrc"},
                         {"tarn completion zsh > ~/.zfunc/_tarn", "in a folder of $fpath"},
                         {"tarn completion fish > ~/.config/fish/completions/tarn.fish", "for fish"}};
  commands.push_back(std::move(completion));

  Command help;
  help.name = "help";
  help.doc = "show help for a command";
  help.positionals = {{"COMMAND", "command", "a command's name", false, false, false}};
  help.examples = {{"tarn help search", "everything about search"}};
  commands.push_back(std::move(help));

  Command version;
  version.name = "version";
  version.doc = "show the version";
  version.hidden = true;
  commands.push_back(std::move(version));
  return commands;
}

}  // namespace

const Command* Commands::find(std::string_view name) const {
  for (const Command& command : list) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

Commands make_commands(const std::vector<operation::Operation>& operations) {
  Commands commands;
  for (const operation::Operation& operation : operations) {
    if (!operation.faces.has(operation::Face::cli)) continue;
    commands.list.push_back(from_operation(operation));
    if (operation.name == "sql") add_sql_options(commands.list.back());
  }
  for (Command& command : program_commands()) commands.list.push_back(std::move(command));

  commands.everywhere.push_back(text("lake", "DIR", "the lake; else TARN_LAKE, else lake in Tarn's data folder"));
  commands.everywhere.push_back(flag("json", "the reply as one JSON document, errors as JSON on stderr"));
  commands.everywhere.push_back(flag("jsonl", "the reply's list as one JSON object a line"));
  Option color = text("color", "WHEN", "auto, always or never");
  color.values = {"auto", "always", "never"};
  color.fallback = "auto";
  commands.everywhere.push_back(std::move(color));
  commands.everywhere.push_back(flag("quiet", "no progress, notes or summaries", 'q'));
  Option yes = flag("yes", "do not ask before destroying something", 'y');
  yes.hidden = true;
  commands.everywhere.push_back(std::move(yes));
  Option threads = text("threads", "N", "cores to use; else TARN_THREADS, else all");
  threads.kind = Kind::integer;
  commands.everywhere.push_back(std::move(threads));
  commands.everywhere.push_back(
      text("model", "DIR", "the encoder's model; else TARN_MODEL, else the one beside the program; none = words only"));
  commands.everywhere.push_back(flag("help", "show help", 'h'));
  Option version = flag("version", "show the version");
  commands.everywhere.push_back(std::move(version));
  return commands;
}

}  // namespace tarn::cli
