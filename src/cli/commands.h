// The commands of the program and their options: those of the operations are made from their declarations, the few
// others stand in commands.cc.
#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::cli {

struct Option {
  std::string name;  // without dashes: "as-of"
  char letter = 0;
  std::string field;  // the request's field; "" = an option of the program
  operation::Kind kind = operation::Kind::boolean;
  bool list = false;  // may be given again
  bool commas = false;
  bool single_dash = false;  // -nullvalue too, as other SQL shells have it
  bool hidden = false;
  std::string metavar;
  std::string doc;
  std::vector<std::string> values;
  std::string fallback;  // shown in help; "" = nothing to show
};

struct Positional {
  std::string name;  // in help: "QUERY"
  std::string field;
  std::string doc;
  bool required = false;
  bool list = false;
  bool words = false;  // several words are one value
};

struct Command {
  std::string name;
  std::string doc, help;
  std::vector<operation::Example> examples;
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<operation::Error> errors;
  bool hidden = false;
  bool is_operation = false;
  operation::Operation operation;  // when it is one
};

struct Commands {
  std::vector<Command> list;
  std::vector<Option> everywhere;  // options that every command takes

  const Command* find(std::string_view name) const;
};

// The names of tarn sql --format and .mode.
const std::vector<std::string>& modes();

Commands make_commands(const std::vector<operation::Operation>& operations);

}  // namespace tarn::cli
