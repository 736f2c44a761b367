// The words of a command line → a command, its request as JSON, and the program's own options.
// Errors:  invalid_argument for an unknown command or option (with a did-you-mean), a missing or wrong value, a word
//          too many. The values' limits are those of the operation's declaration.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace tarn::cli {

struct Parsed {
  const Command* command = nullptr;                       // null: none was named
  json::Value request = json::Value::object();            // of an operation: fields that were given
  std::map<std::string, std::vector<std::string>> given;  // options of the program by name; a flag has one empty value

  bool has(const std::string& name) const { return given.contains(name); }
  // The last value given, or `fallback`.
  std::string get(const std::string& name, std::string fallback = {}) const;
  std::vector<std::string> all(const std::string& name) const;
};

base::Result<Parsed> parse(const std::vector<std::string>& words, const Commands& commands);

// Whether --json or --jsonl stands among the words, for errors in the words themselves.
bool asks_json(const std::vector<std::string>& words);

}  // namespace tarn::cli
