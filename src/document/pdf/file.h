// The pages of one file as they are written out, and what is settled by looking at all of them: running heads, the
// size of its text, headings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/pdf/layout.h"

namespace tarn::document::pdf {

struct FilePage {
  float height = 0;
  std::vector<Item> items;
  std::vector<std::string> links;
  std::vector<Note> notes;
};

// An entry of the outline: where a reader of the file jumps to.
struct OutlineEntry {
  std::string title;
  int level = 1;
  int page = 0;
  std::optional<float> y;  // from the page's top
};

// The size that most characters have.
float text_size(const std::vector<FilePage>& pages);

// Takes out heads and feet that come back on the pages and are the same, but for a page's number that stands apart in
// them, and numbers of pages; the first of each stays, unless it is only a number. Gives those texts, with "#" for the
// page's number.
std::vector<std::string> drop_running(std::vector<FilePage>* pages);

// Sets `heading` of lines, by the outline, the file's tags, and the size and weight of the type.
void find_headings(const std::vector<OutlineEntry>& outline, std::vector<FilePage>* pages);

}  // namespace tarn::document::pdf
