#include "cli/help.h"

#include <algorithm>

#include "cli/layout.h"
#include "cli/terminal.h"

namespace tarn::cli {
namespace {

constexpr size_t kWidth = 80;

// "  left   doc", the doc wrapped in its own column.
std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows, size_t widest) {
  size_t left = 0;
  for (const auto& [name, doc] : rows) {
    if (width_of(name) <= widest) left = std::max(left, width_of(name));
  }
  std::string made;
  const std::string indent(left + 4, ' ');
  for (const auto& [name, doc] : rows) {
    std::string text = wrap(doc, kWidth, indent);
    const std::string head = "  " + name;
    if (width_of(name) > left) {
      made += head + "\n" + text;
    } else {
      made += head + text.substr(width_of(head));
    }
  }
  return made;
}

std::string option_name(const Option& option) {
  std::string made = option.letter != 0 ? std::string("-") + option.letter : "";
  if (option.name.size() > 1) made += (made.empty() ? "    --" : ", --") + option.name;
  if (!option.metavar.empty()) made += " " + option.metavar;
  return made;
}

std::string option_doc(const Option& option) {
  std::string made = option.doc;
  if (option.list && !option.commas) made += "; may be given again";
  if (!option.fallback.empty()) made += " (default: " + option.fallback + ")";
  return made;
}

std::string option_block(const std::vector<Option>& options) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Option& option : options) {
    if (!option.hidden) rows.emplace_back(option_name(option), option_doc(option));
  }
  return two_columns(rows, 28);
}

}  // namespace

std::string first_screen(const Commands& commands, const std::string& version, bool color) {
  const Style style{color};
  std::string made = "Tarn " + version + ": documents and tables in one lake that you can query, search and ask.\n\n";
  made += style.bold("Try") + "\n";
  made += two_columns({{"tarn pull ~/notes", "bring a folder in, or up to date"},
                       {"tarn search 'write-ahead log'", "find documents by word and by meaning"},
                       {"tarn ask 'How do I restore a backup?'", "an answer made of checked quotes"}},
                      40);
  made += "\n" + style.bold("Commands") + "\n";
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Command& command : commands.list) {
    if (!command.hidden) rows.emplace_back(command.name, command.doc);
  }
  made += two_columns(rows, 20);
  made += "\n" + style.bold("Everywhere") + "\n" + option_block(commands.everywhere);
  made += "\nExit codes: 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.\n";
  made += "tarn help COMMAND shows the rest.\n";
  return made;
}

std::string command_help(const Command& command, const Commands& commands, bool color) {
  const Style style{color};
  std::string made = "tarn " + command.name + ": " + command.doc + "\n\n";
  made += style.bold("Usage") + "\n  tarn " + command.name;
  for (const Positional& positional : command.positionals) {
    const std::string name = positional.name + (positional.list ? "…" : "");
    made += positional.required ? " " + name : " [" + name + "]";
  }
  const bool options =
      std::any_of(command.options.begin(), command.options.end(), [](const Option& o) { return !o.hidden; });
  made += std::string(options ? " [OPTIONS]" : "") + "\n\n";
  if (!command.help.empty()) {
    std::string text = command.help;  // lines of the source are not lines of the screen
    for (size_t i = 1; i + 1 < text.size(); ++i) {
      if (text[i] == '\n' && text[i - 1] != '\n' && text[i + 1] != '\n') text[i] = ' ';
    }
    made += wrap(text, kWidth, "") + "\n";
  }
  if (!command.examples.empty()) {
    made += style.bold("Examples") + "\n";
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& example : command.examples) rows.emplace_back(example.command, example.doc);
    made += two_columns(rows, 44) + "\n";
  }
  if (!command.positionals.empty()) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Positional& positional : command.positionals) rows.emplace_back(positional.name, positional.doc);
    made += style.bold("Arguments") + "\n" + two_columns(rows, 28) + "\n";
  }
  if (options) made += style.bold("Options") + "\n" + option_block(command.options) + "\n";
  made += style.bold("Everywhere") + "\n" + option_block(commands.everywhere);
  if (!command.errors.empty()) {
    made += "\n" + style.bold("Errors") + "\n";
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& error : command.errors) rows.emplace_back(std::string(base::code_name(error.code)), error.when);
    made += two_columns(rows, 28);
  }
  return made;
}

}  // namespace tarn::cli
