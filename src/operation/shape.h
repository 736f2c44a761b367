// What a request or reply looks like, with its C++ type forgotten: from it come JSON Schema, checks of incoming JSON
// and CLI options.
// Shape:   a tree: records of fields, lists of items, and leaves. Made from the types by operation/field.h; never
//          written by hand.
// Limits:  a text of a request has at most kMaxTextBytes, a list kMaxListItems, unless its field says another number.
// Errors:  check() returns invalid_argument that names the field's path ("in[2]") and what was expected, with a
//          did-you-mean.
// Threads: values; copy freely.
// Source:  JSON Schema 2020-12 (core and validation vocabularies).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace tarn::operation {

inline constexpr size_t kMaxTextBytes = size_t{1} << 20;
inline constexpr size_t kMaxListItems = 1000;

enum class Kind { boolean, integer, number, text, list, record, any };

struct FieldShape;

struct Shape {
  Kind kind = Kind::any;
  bool nullable = false;
  std::shared_ptr<const Shape> item;  // lists
  size_t exact_items = 0;             // lists of a fixed length; 0 = any
  std::vector<FieldShape> fields;     // records

  static Shape of(Kind kind);
  const FieldShape* find(std::string_view name) const;
};

struct FieldShape {
  std::string name;
  std::string doc;
  Shape shape;
  json::Value fallback;                    // what an absent field means
  bool required = false;                   // of a request
  bool positional = false;                 // a word of its own on the command line
  bool commas = false;                     // a list that may be written a,b,c on the command line
  bool words = false;                      // a positional text that may be written as several words on the command line
  bool omit_empty = false;                 // left out of a reply when it is null or an empty list
  bool hidden = false;                     // works, and is not shown in help
  char letter = 0;                         // -k on the command line
  std::string metavar;                     // "TABLE" in help; "" = made from the name
  std::string in_sql;                      // the parameter's name in SQL, where `name` is a word of SQL
  std::vector<std::string> values;         // the only texts allowed; empty = any
  std::optional<double> minimum, maximum;  // numbers
  size_t max_bytes = kMaxTextBytes;        // texts
  size_t max_items = kMaxListItems;        // lists

  const std::string& sql_name() const { return in_sql.empty() ? name : in_sql; }
};

// A request is closed (no unknown fields) and limited; a reply is neither, and has all its fields.
enum class Side { request, reply };

base::Status check(const Shape& shape, const json::Value& value, Side side);
json::Value schema(const Shape& shape, Side side);

}  // namespace tarn::operation
