// What a program declares: functions, classes and the like, with the lines that they begin on.
// Shape:   found by words and brackets, not by a grammar: a declaration that macros make is not seen. What stands in
//          comments and strings is none. A declaration begins with the comments and marks (decorators, attributes)
//          right above it.
// Limits:  kMaxSymbols, kMaxSymbolLevel of declarations in each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/code/languages.h"

namespace tarn::document::code {

inline constexpr size_t kMaxSymbols = 20'000;
inline constexpr int kMaxSymbolLevel = 4;

struct Symbol {
  uint32_t line = 0;  // from 0, of the comments above it
  int level = 1;      // 1: it stands in the file itself
  std::string title;  // "class Tide", "tide_at()"
};

// Lines ascend, and are distinct.
std::vector<Symbol> find_symbols(std::string_view text, const Language& language);

}  // namespace tarn::document::code
