#include "cli/completion.h"

#include "operation/nearest.h"

namespace tarn::cli {
namespace {

using operation::Kind;

// What a value of an option or argument is completed with.
enum class Completes { nothing, tables, files, folders, values };

Completes completes(const std::string& name, const std::string& metavar, const std::vector<std::string>& values) {
  if (!values.empty()) return Completes::values;
  if (name == "lake" || name == "model") return Completes::folders;
  if (metavar.starts_with("TABLE")) return Completes::tables;
  if (metavar == "FILE" || metavar == "SOURCE" || metavar == "RECEIPT") return Completes::files;
  return Completes::nothing;
}

std::string words_of(const std::vector<std::string>& words) {
  std::string made;
  for (const std::string& word : words) made += (made.empty() ? "" : " ") + word;
  return made;
}

std::string option_words(const std::vector<Option>& options) {
  std::string made;
  for (const Option& option : options) {
    if (option.hidden) continue;
    if (option.letter != 0) made += std::string(made.empty() ? "" : " ") + "-" + option.letter;
    if (option.name.size() > 1) made += (made.empty() ? "--" : " --") + option.name;
  }
  return made;
}

std::string pattern(const Option& option) {
  std::string made = option.letter != 0 ? std::string("-") + option.letter : "";
  if (option.name.size() > 1) made += (made.empty() ? "--" : "|--") + option.name;
  return made;
}

std::string command_words(const Commands& commands) {
  std::string made;
  for (const Command& command : commands.list) {
    if (!command.hidden) made += (made.empty() ? "" : " ") + command.name;
  }
  return made;
}

// A shell's text in single quotes.
std::string quoted(const std::string& text) {
  std::string made = "'";
  for (const char c : text) made += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return made + "'";
}

std::string bash_reply(Completes what, const std::vector<std::string>& values) {
  switch (what) {
    case Completes::tables:
      return "COMPREPLY=($(compgen -W \"$(_tarn_tables)\" -- \"$cur\"))";
    case Completes::files:
      return "COMPREPLY=($(compgen -f -- \"$cur\"))";
    case Completes::folders:
      return "COMPREPLY=($(compgen -d -- \"$cur\"))";
    case Completes::values:
      return "COMPREPLY=($(compgen -W " + quoted(words_of(values)) + " -- \"$cur\"))";
    case Completes::nothing:
      return "COMPREPLY=()";
  }
  return {};
}

std::string bash_options(const std::vector<Option>& options, const std::string& indent) {
  std::string made;
  for (const Option& option : options) {
    if (option.hidden || option.kind == Kind::boolean) continue;
    made += indent + pattern(option) + ") " +
            bash_reply(completes(option.name, option.metavar, option.values), option.values) + "; return ;;\n";
  }
  return made;
}

std::string bash_script(const Commands& commands) {
  std::string made =
      "# Completion of tarn for bash: source <(tarn completion bash)\n"
      "_tarn_tables() { tarn tables --jsonl 2>/dev/null | sed -n 's/^{\"table\":\"\\([^\"]*\\)\".*/\\1/p'; }\n"
      "_tarn() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word i\n"
      "  local commands=" +
      quoted(command_words(commands)) +
      "\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${COMP_WORDS[i]}\n"
      "    case \" $commands \" in *\" $word \"*) command=$word; break ;; esac\n"
      "  done\n"
      "  compopt +o nospace 2>/dev/null\n"
      "  case $command in\n";
  std::string rest;
  for (const Command& command : commands.list) {
    if (command.hidden) continue;
    made += "    " + command.name + ")\n      case $prev in\n" + bash_options(command.options, "        ") +
            "      esac ;;\n";
    std::string reply = "COMPREPLY=()";
    if (!command.positionals.empty()) {
      const Positional& first = command.positionals.front();
      std::vector<std::string> values;
      if (command.name == "completion") values = {"bash", "zsh", "fish"};
      if (command.name == "help") values = {command_words(commands)};
      reply = bash_reply(completes(first.name, first.name, values), values);
    }
    rest += "    " + command.name + ")\n      case $cur in\n        -*) COMPREPLY=($(compgen -W " +
            quoted(option_words(command.options) + " " + option_words(commands.everywhere)) +
            " -- \"$cur\")) ;;\n        *) " + reply + " ;;\n      esac ;;\n";
  }
  made +=
      "  esac\n  case $prev in\n" + bash_options(commands.everywhere, "    ") + "  esac\n  case $command in\n" + rest;
  made += "    *)\n      case $cur in\n        -*) COMPREPLY=($(compgen -W " +
          quoted(option_words(commands.everywhere)) +
          " -- \"$cur\")) ;;\n        *) COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\")) ;;\n      esac ;;\n  "
          "esac\n}\n";
  return made + "complete -o filenames -F _tarn tarn\n";
}

// One argument of zsh's _arguments: '--lake=[doc]:DIR:_files -/'.
std::string zsh_escape(const std::string& text) {
  std::string made;
  for (const char c : text) {
    made += c == '[' || c == ']' || c == ':' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return made;
}

std::string zsh_action(Completes what, const std::vector<std::string>& values) {
  switch (what) {
    case Completes::tables:
      return "_tarn_tables";
    case Completes::files:
      return "_files";
    case Completes::folders:
      return "_files -/";
    case Completes::values:
      return "(" + words_of(values) + ")";
    case Completes::nothing:
      return " ";
  }
  return {};
}

std::string zsh_options(const std::vector<Option>& options) {
  std::string made;
  for (const Option& option : options) {
    if (option.hidden) continue;
    const std::string tail =
        "[" + zsh_escape(option.doc) + "]" +
        (option.kind == Kind::boolean
             ? ""
             : ":" + zsh_escape(option.metavar) + ":" +
                   zsh_action(completes(option.name, option.metavar, option.values), option.values));
    const std::string many = option.list ? "*" : "";
    if (option.letter != 0) made += " \\\n    " + quoted(many + "-" + option.letter + tail);
    if (option.name.size() > 1) {
      made += " \\\n    " + quoted(many + "--" + option.name + (option.kind == Kind::boolean ? "" : "=") + tail);
    }
  }
  return made;
}

std::string zsh_script(const Commands& commands) {
  std::string made =
      "#compdef tarn\n"
      "# Completion of tarn for zsh: tarn completion zsh > a file _tarn in a folder of $fpath\n"
      "_tarn_tables() {\n"
      "  local -a tables\n"
      "  tables=(${(f)\"$(tarn tables --jsonl 2>/dev/null | sed -n 's/^{\"table\":\"\\([^\"]*\\)\".*/\\1/p')\"})\n"
      "  compadd -a tables\n"
      "}\n"
      "_tarn() {\n"
      "  local -a commands\n"
      "  local state\n"
      "  commands=(";
  for (const Command& command : commands.list) {
    if (!command.hidden) made += "\n    " + quoted(command.name + ":" + zsh_escape(command.doc));
  }
  made += ")\n  _arguments -C" + zsh_options(commands.everywhere) +
          " \\\n    '1: :->command' \\\n    '*:: :->rest' && return\n";
  made += "  case $state in\n    command) _describe command commands ;;\n    rest)\n      case $words[1] in\n";
  for (const Command& command : commands.list) {
    if (command.hidden) continue;
    made +=
        "        " + command.name + ") _arguments" + zsh_options(command.options) + zsh_options(commands.everywhere);
    for (const Positional& positional : command.positionals) {
      std::vector<std::string> values;
      if (command.name == "completion") values = {"bash", "zsh", "fish"};
      if (command.name == "help") values = {command_words(commands)};
      const bool many = positional.list || positional.words;
      made += " \\\n    " + quoted(std::string(many ? "*:" : ":") + zsh_escape(positional.name) + ":" +
                                   zsh_action(completes(positional.name, positional.name, values), values));
    }
    made += " ;;\n";
  }
  return made + "      esac ;;\n  esac\n}\n_tarn \"$@\"\n";
}

std::string fish_options(const std::vector<Option>& options, const std::string& condition) {
  std::string made;
  for (const Option& option : options) {
    if (option.hidden) continue;
    made += "complete -c tarn" + condition;
    if (option.letter != 0) made += std::string(" -s ") + option.letter;
    if (option.name.size() > 1) made += " -l " + option.name;
    if (option.kind != Kind::boolean) {
      switch (completes(option.name, option.metavar, option.values)) {
        case Completes::tables:
          made += " -x -a '(__tarn_tables)'";
          break;
        case Completes::files:
          made += " -r";
          break;
        case Completes::folders:
          made += " -x -a '(__fish_complete_directories)'";
          break;
        case Completes::values:
          made += " -x -a " + quoted(words_of(option.values));
          break;
        case Completes::nothing:
          made += " -x";
          break;
      }
    }
    made += " -d " + quoted(option.doc) + "\n";
  }
  return made;
}

std::string fish_script(const Commands& commands) {
  std::string made =
      "# Completion of tarn for fish: tarn completion fish > ~/.config/fish/completions/tarn.fish\n"
      "function __tarn_tables\n"
      "  tarn tables --jsonl 2>/dev/null | sed -n 's/^{\"table\":\"\\([^\"]*\\)\".*/\\1/p'\n"
      "end\n"
      "complete -c tarn -f\n";
  for (const Command& command : commands.list) {
    if (!command.hidden) {
      made += "complete -c tarn -n __fish_use_subcommand -a " + command.name + " -d " + quoted(command.doc) + "\n";
    }
  }
  made += fish_options(commands.everywhere, "");
  for (const Command& command : commands.list) {
    if (command.hidden) continue;
    const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    made += fish_options(command.options, condition);
    if (command.positionals.empty()) continue;
    const std::string& name = command.positionals.front().name;
    if (command.name == "completion") {
      made += "complete -c tarn" + condition + " -a 'bash zsh fish'\n";
    } else if (command.name == "help") {
      made += "complete -c tarn" + condition + " -a " + quoted(command_words(commands)) + "\n";
    } else if (completes(name, name, {}) == Completes::tables) {
      made += "complete -c tarn" + condition + " -a '(__tarn_tables)'\n";
    } else if (completes(name, name, {}) == Completes::files) {
      made += "complete -c tarn" + condition + " -F\n";
    }
  }
  return made;
}

}  // namespace

base::Result<std::string> completion_script(const std::string& shell, const Commands& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return base::Status(base::Code::invalid_argument, "there is no completion for '" + shell + "'", [&] {
    std::string hint = operation::did_you_mean(shell, {"bash", "zsh", "fish"});
    return hint.empty() ? std::string("bash, zsh or fish") : hint;
  }());
}

}  // namespace tarn::cli
