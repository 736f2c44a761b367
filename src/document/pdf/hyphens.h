// Words that the end of a line parts: put together, or with their hyphen where it is the word's own.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/pdf/paragraphs.h"

namespace tarn::document::pdf {

class Hyphens {
 public:
  // Reads how the file writes the words in question elsewhere.
  explicit Hyphens(const std::vector<Block>& blocks);

  // Appends `next` to `text`, which a line's end parts.
  enum class Join { blank, none, hyphen };  // none: without the hyphen that `text` ends with
  Join join(std::string_view text, std::string_view next) const;

 private:
  std::unordered_map<std::string, size_t> counts_;
};

// Bytes of the hyphen that a line ends with; 0 where there is none that could part a word.
size_t ending_hyphen(std::string_view line);

}  // namespace tarn::document::pdf
