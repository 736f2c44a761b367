#include "cli/program.h"

#include "cli/completion.h"
#include "cli/help.h"
#include "cli/layout.h"
#include "cli/progress.h"
#include "cli/render.h"
#include "cli/screen.h"
#include "cli/sql_runner.h"
#include "cli/version.h"
#include "operation/nearest.h"
#include "workspace/operations.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

std::string json_text(const Value& value, const Terminal& terminal) {
  return (terminal.out_is_tty ? json_for_screen(json::write_pretty(value)) : json::write(value)) + "\n";
}
std::string json_line(const Value& value, bool tty) {
  const std::string text = json::write(value);
  return (tty ? json_for_screen(text) : text) + "\n";
}

class Run {
 public:
  Run(const std::vector<std::string>& words, Program& program)
      : program_(program),
        terminal_(program.terminal),
        commands_(make_commands(workspace::Operations::declared())),
        json_(asks_json(words)) {}

  int words(const std::vector<std::string>& words) {
    set_color("auto");
    auto parsed = parse(words, commands_);
    if (!parsed.ok()) return wrong_usage(parsed.status(), words);
    parsed_ = std::move(parsed).value();
    json_ = parsed_.has("json") || parsed_.has("jsonl");
    set_color(parsed_.get("color", "auto"));
    terminal_.quiet = parsed_.has("quiet");
    int code = dispatch();
    terminal_.out->flush();
    if (!terminal_.out->status().ok() && code == 0) code = fail(terminal_.out->status());
    terminal_.err->flush();
    return code;
  }

 private:
  void set_color(const std::string& choice) {
    terminal_.color = decide_color(choice, terminal_);
    terminal_.out->allow_marks(terminal_.color);
    terminal_.err->allow_marks(terminal_.color);
  }

  int dispatch() {
    const Command* command = parsed_.command;
    if (parsed_.has("version") || (command && command->name == "version")) return show_version();
    if (!command || command->name == "help" || parsed_.has("help")) return help();
    if (command->name == "completion") return completion();
    auto lake = program_.open(lake_options());
    if (!lake.ok()) return fail(lake.status());
    if (command->name == "sql") return sql_command(parsed_, program_, **lake, lake_options());  // which leaves
    const int code = command->name == "mcp" ? mcp(**lake) : operation(**lake);
    if (program_.leave) program_.leave(**lake);
    return code;
  }

  LakeOptions lake_options() const {
    LakeOptions options;
    options.lake = parsed_.get("lake", default_lake(terminal_));
    options.model = parsed_.get("model", terminal_.environment("TARN_MODEL"));
    options.threads = std::atoi(parsed_.get("threads", terminal_.environment("TARN_THREADS")).c_str());
    return options;
  }

  int wrong_usage(const Status& status, const std::vector<std::string>& words) {
    std::string command;
    for (const std::string& word : words) {
      if (commands_.find(word)) {
        command = word;
        break;
      }
    }
    const std::string help =
        command.empty() ? "tarn help shows the commands" : "tarn help " + command + " shows its options";
    return fail(status.hint().empty() ? status.with_hint(help) : status.with_hint(status.hint() + " (" + help + ")"));
  }

  int fail(const Status& status) {
    terminal_.out->flush();
    show_error(status, json_, terminal_);
    terminal_.err->flush();
    return base::exit_code(status.code());
  }

  int show_version() {
    terminal_.out->write(json_ ? json_text(version_json(), terminal_) : "tarn " + version() + "\n");
    return 0;
  }

  int help() {
    const Command* command = parsed_.command;
    if (command && command->name == "help" && !parsed_.has("help")) {
      const std::string name = parsed_.request["command"].as_string();
      command = name.empty() ? nullptr : commands_.find(name);
      if (!name.empty() && !command) {
        std::vector<std::string> names;
        for (const Command& each : commands_.list) names.push_back(each.name);
        std::string hint = operation::did_you_mean(name, names);
        return fail({Code::invalid_argument, "there is no command '" + one_line(name) + "'",
                     hint.empty() ? "tarn help shows the commands" : std::move(hint)});
      }
    }
    terminal_.out->write(command ? command_help(*command, commands_, terminal_.color)
                                 : first_screen(commands_, version(), terminal_.color));
    return 0;
  }

  int completion() {
    const auto script = completion_script(parsed_.request["shell"].as_string(), commands_);
    if (!script.ok()) return fail(script.status());
    terminal_.out->write(*script);
    return 0;
  }

  int mcp(Lake& lake) {
    const Status status = program_.serve_mcp(lake);
    return status.ok() ? 0 : fail(status);
  }

  // Destructive acts ask on a terminal and are refused without one, unless --yes.
  Status allowed() const {
    if (!parsed_.command->operation.destructive || parsed_.has("yes") || parsed_.request["dry_run"].as_bool()) {
      return {};
    }
    const Status refused(Code::invalid_argument,
                         "tarn " + parsed_.command->name + " destroys data and was not confirmed", "give --yes");
    if (!terminal_.in_is_tty || !program_.confirm) return refused;
    return program_.confirm("tarn " + parsed_.command->name + ": " + parsed_.command->doc + ". Go on?") ? Status()
                                                                                                        : refused;
  }

  void write_notes(const Page& page) {
    if (terminal_.quiet) return;
    const Style style{terminal_.color && terminal_.err_is_tty};
    for (const std::string& note : page.notes) terminal_.err->write(style.dim(printable(note)) + "\n");
  }

  int write_reply(const operation::Operation& operation, const operation::Answer& answer) {
    if (parsed_.has("jsonl")) {
      const Value reply = answer.json();
      if (operation.list.empty()) {
        terminal_.out->write(json_line(reply, terminal_.out_is_tty));
      } else {
        for (const Value& item : reply[operation.list].items()) {
          terminal_.out->write(json_line(item, terminal_.out_is_tty));
        }
      }
    } else if (json_) {
      terminal_.out->write(json_text(answer.json(), terminal_));
    } else {
      Page page{terminal_.width, terminal_.color, {}};
      const std::string text = page_of(answer, page);
      if (!(operation.summary && terminal_.quiet)) terminal_.out->write(text);
      terminal_.out->flush();
      write_notes(page);
    }
    terminal_.out->flush();
    return answer.exit_code();
  }

  int operation(Lake& lake) {
    const Status may = allowed();
    if (!may.ok()) return fail(may);
    const std::vector<operation::Bound> operations = lake.operations();
    const operation::Bound* bound = operation::find(operations, parsed_.command->name);
    if (!bound) return fail({Code::internal, "the operation " + parsed_.command->name + " is not bound"});
    bool rounds = false;
    const Result<operation::Answer> reply = [&] {
      ProgressLine progress(*terminal_.err, terminal_.err_is_tty && !terminal_.quiet, terminal_.width, program_.now_ms);
      return bound->call(parsed_.request, {.progress = &progress, .cancel = program_.cancel},
                         [&](const Result<operation::Answer>& round) {
                           rounds = true;
                           progress.clear();
                           write_round(round);
                           return true;
                         });
    }();
    if (!reply.ok()) return fail(reply.status());
    return rounds ? 0 : write_reply(bound->operation, *reply);
  }

  // Of --watch: a summary for each round, one JSON object a line with --json or --jsonl.
  void write_round(const Result<operation::Answer>& round) {
    if (!round.ok()) return show_error(round.status(), json_, terminal_);
    if (json_) {
      terminal_.out->write(json_line(round->json(), terminal_.out_is_tty));
    } else if (!terminal_.quiet) {
      Page page{terminal_.width, terminal_.color, {}};
      terminal_.out->write(page_of(*round, page));
      terminal_.out->flush();
      write_notes(page);
    }
    terminal_.out->flush();
    terminal_.err->flush();
    if (terminal_.out->closed()) program_.cancel->request();
  }

  Program& program_;
  Terminal& terminal_;
  Commands commands_;
  Parsed parsed_;
  bool json_;
};

}  // namespace

std::string default_lake(const Terminal& terminal) {
  if (std::string lake = terminal.environment("TARN_LAKE"); !lake.empty()) return lake;
  if (std::string home = terminal.environment("TARN_HOME"); !home.empty()) return home + "/lake";
  if (std::string data = terminal.environment("XDG_DATA_HOME"); !data.empty()) return data + "/tarn/lake";
  if (std::string home = terminal.environment("HOME"); !home.empty()) return home + "/.local/share/tarn/lake";
  return {};
}

namespace {

// `kind`: "code" of an error, "warning" of what goes on all the same.
std::string status_line(std::string_view kind, const Status& status, const Terminal& terminal) {
  return json_line(Value::object({{std::string(kind), base::code_name(status.code())},
                                  {"message", status.message()},
                                  {"hint", status.hint()}}),
                   terminal.err_is_tty);
}

}  // namespace

void show_error(const Status& status, bool json, const Terminal& terminal) {
  if (json) {
    terminal.err->write(status_line("code", status, terminal));
    return;
  }
  const Style style{terminal.color && terminal.err_is_tty};
  if (status.code() == Code::cancelled) {
    terminal.err->write(style.bold("tarn:") + " stopped\n");
    return;
  }
  terminal.err->write(style.red("tarn:") + " " + printable(status.message()) + "\n");
  if (!status.hint().empty()) terminal.err->write("      " + printable(status.hint()) + "\n");
}

void show_warning(const Status& status, bool json, const Terminal& terminal) {
  if (json) {
    terminal.err->write(status_line("warning", status, terminal));
    return;
  }
  const Style style{terminal.color && terminal.err_is_tty};
  terminal.err->write(style.bold("tarn:") + " warning: " + printable(status.message()) + "\n");
}

int run(const std::vector<std::string>& words, Program& program) { return Run(words, program).words(words); }

}  // namespace tarn::cli
