#include "cli/parse.h"

#include <algorithm>
#include <charconv>

#include "cli/layout.h"
#include "operation/nearest.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;
using operation::Kind;

Status usage(std::string message, std::string hint = {}) {
  return {Code::invalid_argument, std::move(message), std::move(hint)};
}

std::string shown(std::string_view word) { return "'" + cut(one_line(word), 60) + "'"; }

std::string label(const Option& option) {
  return option.letter != 0 && option.name.size() == 1 ? std::string("-") + option.letter : "--" + option.name;
}

template <typename Number>
bool reads_as(const std::string& word, Number* number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), *number);
  return error == std::errc() && end == word.data() + word.size();
}

Result<Value> value_of(const Option& option, const std::string& word) {
  if (option.kind == Kind::integer) {
    int64_t number = 0;
    if (reads_as(word, &number)) return Value(number);
    return usage(label(option) + " needs a whole number, not " + shown(word));
  }
  if (option.kind == Kind::number) {
    double number = 0;
    if (reads_as(word, &number)) return Value(number);
    return usage(label(option) + " needs a number, not " + shown(word));
  }
  if (option.kind == Kind::record || option.kind == Kind::any) {
    auto parsed = json::parse(word);
    if (!parsed.ok()) return parsed.status().with_context(label(option));
    return std::move(parsed).value();
  }
  if (!option.values.empty() && std::find(option.values.begin(), option.values.end(), word) == option.values.end()) {
    std::string words;
    for (const std::string& each : option.values) words += (words.empty() ? "" : ", ") + each;
    return usage(label(option) + " must be one of: " + words + "; not " + shown(word),
                 operation::did_you_mean(word, option.values));
  }
  return Value(word);
}

class Parser {
 public:
  Parser(const std::vector<std::string>& words, const Commands& commands) : words_(words), commands_(commands) {}

  Result<Parsed> run() {
    bool options_ended = false;
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (!options_ended && word == "--") {
        options_ended = true;
      } else if (options_ended || word.size() < 2 || word[0] != '-') {
        TARN_TRY(plain(word));
      } else if (word[1] == '-') {
        TARN_TRY(long_option(word.substr(2)));
      } else {
        TARN_TRY(short_options(word));
      }
    }
    TARN_TRY(place_words());
    return std::move(parsed_);
  }

 private:
  Status plain(const std::string& word) {
    if (parsed_.command) {
      plain_.push_back(word);
      return {};
    }
    parsed_.command = commands_.find(word);
    if (parsed_.command) return {};
    std::vector<std::string> names;
    for (const Command& command : commands_.list) {
      if (!command.hidden) names.push_back(command.name);
    }
    return usage("there is no command " + shown(word), operation::did_you_mean(word, names));
  }

  const Option* find(const auto& matches) const {
    if (parsed_.command) {
      for (const Option& option : parsed_.command->options) {
        if (matches(option)) return &option;
      }
    }
    for (const Option& option : commands_.everywhere) {
      if (matches(option)) return &option;
    }
    return nullptr;
  }

  Status long_option(const std::string& word) {
    const size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    std::replace(name.begin(), name.end(), '_', '-');
    const Option* option =
        find([&](const Option& o) { return o.name == name && !(o.name.size() == 1 && o.letter == 0); });
    if (!option) return unknown("--" + word.substr(0, equals));
    if (equals != std::string::npos) {
      if (option->kind == Kind::boolean) return usage(label(*option) + " takes no value");
      return take(*option, word.substr(equals + 1));
    }
    return option->kind == Kind::boolean ? take(*option, "") : take_next(*option);
  }

  Status short_options(const std::string& word) {
    if (word.size() > 2) {  // -nullvalue, where the command has such
      const std::string name = word.substr(1);
      const Option* option = find([&](const Option& o) {
        return (o.single_dash || o.name == "json" || o.name == "jsonl" || o.name == "help" || o.name == "version") &&
               o.name == name;
      });
      if (option) return option->kind == Kind::boolean ? take(*option, "") : take_next(*option);
    }
    for (size_t i = 1; i < word.size(); ++i) {
      const char letter = word[i];
      const Option* option = find([&](const Option& o) { return o.letter == letter; });
      if (!option) return unknown(word);
      if (option->kind == Kind::boolean) {
        TARN_TRY(take(*option, ""));
        continue;
      }
      if (i + 1 == word.size()) return take_next(*option);
      return take(*option, word.substr(word[i + 1] == '=' ? i + 2 : i + 1));
    }
    return {};
  }

  Status take_next(const Option& option) {
    if (at_ == words_.size()) return usage(label(option) + " needs a value: " + option.metavar);
    return take(option, words_[at_++]);
  }

  Status unknown(const std::string& word) const {
    std::vector<std::string> names;
    const auto add = [&](const Option& option) {
      if (!option.hidden) names.push_back(label(option));
    };
    if (parsed_.command) std::for_each(parsed_.command->options.begin(), parsed_.command->options.end(), add);
    std::for_each(commands_.everywhere.begin(), commands_.everywhere.end(), add);
    const std::string of = parsed_.command ? " of tarn " + parsed_.command->name : "";
    std::string hint = operation::did_you_mean(word.starts_with("--") ? word : "-" + word, names);
    if (hint.empty() && parsed_.command && !parsed_.command->positionals.empty()) {
      hint = "a word that begins with - comes after --";
    }
    return usage("there is no option " + shown(word) + of, std::move(hint));
  }

  Status take(const Option& option, const std::string& word) {
    if (option.kind != Kind::boolean) {
      const auto read = value_of(option, word);
      if (!read.ok()) return read.status();
    }
    if (option.field.empty()) {
      auto& values = parsed_.given[option.name];
      if (!option.list) values.clear();
      values.push_back(word);
      return {};
    }
    if (!option.list) {
      TARN_ASSIGN(Value value, option.kind == Kind::boolean ? Result<Value>(Value(true)) : value_of(option, word));
      parsed_.request.set(option.field, std::move(value));
      return checked(option);
    }
    Value list = parsed_.request[option.field].is_array() ? parsed_.request[option.field] : Value::array();
    for (size_t begin = 0; begin <= word.size();) {
      const size_t end = option.commas ? std::min(word.find(',', begin), word.size()) : word.size();
      if (end > begin || !option.commas) {
        TARN_ASSIGN(Value value, value_of(option, word.substr(begin, end - begin)));
        list.push(std::move(value));
      }
      begin = end + 1;
    }
    parsed_.request.set(option.field, std::move(list));
    return checked(option);
  }

  // The declaration's limits, said of the option and not of the field.
  Status checked(const Option& option) const {
    operation::Shape one = operation::Shape::of(Kind::record);
    one.fields.push_back(*parsed_.command->operation.request.find(option.field));
    const Status status =
        operation::check(one, Value::object({{option.field, parsed_.request[option.field]}}), operation::Side::request);
    if (status.ok()) return status;
    const size_t quote = status.message().find("' ");
    return usage(
        label(option) + (quote == std::string::npos ? ": " + status.message() : status.message().substr(quote + 1)),
        status.hint());
  }

  Status place_words() {
    if (!parsed_.command || parsed_.has("help") || parsed_.has("version")) return {};
    size_t at = 0;
    for (const Positional& positional : parsed_.command->positionals) {
      if (at == plain_.size()) {
        if (!positional.required) continue;
        return usage(positional.name + " is missing: " + positional.doc);
      }
      if (positional.list) {
        Value list = Value::array();
        while (at < plain_.size()) list.push(plain_[at++]);
        parsed_.request.set(positional.field, std::move(list));
      } else {
        std::string value = plain_[at++];
        while (positional.words && at < plain_.size()) value += " " + plain_[at++];
        parsed_.request.set(positional.field, std::move(value));
      }
    }
    if (at < plain_.size()) {
      return usage("tarn " + parsed_.command->name + " has no use for the word " + shown(plain_[at]));
    }
    return {};
  }

  const std::vector<std::string>& words_;
  const Commands& commands_;
  size_t at_ = 0;
  std::vector<std::string> plain_;
  Parsed parsed_;
};

}  // namespace

std::string Parsed::get(const std::string& name, std::string fallback) const {
  const auto found = given.find(name);
  return found == given.end() || found->second.empty() ? std::move(fallback) : found->second.back();
}

std::vector<std::string> Parsed::all(const std::string& name) const {
  const auto found = given.find(name);
  return found == given.end() ? std::vector<std::string>() : found->second;
}

Result<Parsed> parse(const std::vector<std::string>& words, const Commands& commands) {
  return Parser(words, commands).run();
}

bool asks_json(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--json" || word == "--jsonl") return true;
  }
  return false;
}

}  // namespace tarn::cli
