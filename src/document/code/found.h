// Declarations as they are found, each with the comments and marks right above it.
// Limits:  kMaxSymbols, kMaxSymbolLevel, kMaxTitle of a title: what is over them is no heading.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/code/symbols.h"

namespace tarn::document::code {

using SourceLines = std::vector<std::string_view>;

class Found {
 public:
  explicit Found(const SourceLines& lines) : lines_(lines) {}
  void add(uint32_t line, int level, std::string title);
  std::vector<Symbol> take() { return std::move(symbols_); }

 private:
  uint32_t above(uint32_t line, uint32_t floor) const;
  const SourceLines& lines_;
  std::vector<Symbol> symbols_;
};

// How declarations are found in each form of language.
void find_in_braces(std::string_view text, const Language& language, Found* found);
void find_in_python(const SourceLines& lines, Found* found);
void find_by_ends(const SourceLines& lines, Found* found);
void find_in_shell(const SourceLines& lines, Found* found);
void find_in_sql(const SourceLines& lines, Found* found);

}  // namespace tarn::document::code
