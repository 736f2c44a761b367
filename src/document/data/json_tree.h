// JSON as people write it, with the line of each value: for text that is quoted, not for programs (those use the room
// json).
// Shape:   nodes in the order of the text; a value keeps its bytes. Comments and commas too many are taken, as editors
//          take them; keys may come twice.
// Limits:  kMaxTreeNodes, after which the rest is left (`cut_line`); kMaxTreeDepth is a fault.
// Errors:  a fault names its line.
// Source:  RFC 8259; JSON with comments as in tsconfig.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document::data {

inline constexpr size_t kMaxTreeNodes = 2'000'000;
inline constexpr int kMaxTreeDepth = 500;

struct JsonNode {
  enum class Kind : uint8_t { scalar, string, array, object, comment } kind = Kind::scalar;
  uint32_t line = 0;
  uint32_t next = 0;      // the node behind it and all that it holds
  std::string_view key;   // of an object's member: between its quotes, escapes as they are
  std::string_view text;  // of a string likewise; of a number, a word or a comment as it stands
};

struct JsonTree {
  std::vector<JsonNode> nodes;  // children stand behind their node, up to its `next`
  std::string fault;            // "" or what is wrong
  uint64_t fault_line = 0;
  uint64_t cut_line = 0;  // where the nodes ended; 0: they did not
};

// One value, or several one after another.
JsonTree parse_json(std::string_view text, uint64_t line = 1);

// A string's characters; what is no escape stays.
std::string unescaped(std::string_view text);

}  // namespace tarn::document::data
