// Lines → blocks: which lines are one paragraph, item, heading or piece of code.
#pragma once

#include <vector>

#include "document/pdf/file.h"

namespace tarn::document::pdf {

struct Block {
  enum class Kind { paragraph, item, heading, code, table, note };
  Kind kind = Kind::paragraph;
  size_t page = 0;
  std::vector<const Line*> lines;
  const Item* table = nullptr;
  const Note* note = nullptr;
  size_t marker = 0;     // bytes of an item's marker at its first line's start
  bool goes_on = false;  // with the next block of its kind, after a column or a page
};

std::vector<Block> blocks_of(const std::vector<FilePage>& pages);

}  // namespace tarn::document::pdf
