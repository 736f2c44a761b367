// Any text as a commit, any bytes as schema, types, paths, statistics or a checksum file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "delta/actions.h"
#include "delta/checksum.h"
#include "delta/path.h"
#include "delta/schema.h"
#include "delta/state.h"
#include "delta/statistics.h"
#include "delta/type_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::delta;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto actions = parse_actions(text, "fuzz"); actions.ok()) {
    State state;
    if (state.apply(*actions).ok() && state.validate().ok()) {
      for (const auto& [path, file] : state.files) {
        if (!is_local_path(file.encoded_path)) std::abort();
        static_cast<void>(file.row_count());
      }
    }
    // What is written is read back the same.
    for (const Add& add : actions->adds) {
      const std::string line = tarn::json::write(add_action(add));
      const auto again = parse_actions(line, "again");
      if (!again.ok() || tarn::json::write(add_action(again->adds.at(0))) != line) std::abort();
    }
    static_cast<void>(compare_checksum(text, state));
  }
  if (const auto path = decode_path(text); path.ok() && *decode_path(encode_path(*path)) != *path) std::abort();
  static_cast<void>(is_local_path(text));
  static_cast<void>(read_schema(text));
  if (const auto type = parse_duckdb_type(text); type.ok() && !duckdb_type(*type).ok()) std::abort();
  static_cast<void>(loosen(text));
  return 0;
}
