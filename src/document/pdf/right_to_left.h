// Scripts that are written from right to left (Hebrew, Arabic): glyphs → words → the order in which they are read.
// Shape:   by the places alone, since files write such glyphs in either order, and blanks over letters, too. Numbers
//          run from left to right. A mark follows the letter that it stands on.
// Source:  Unicode Standard Annex 9 (bidirectional text), for what the order of the words is taken from.
#pragma once

#include <utility>
#include <vector>

#include "document/pdf/layout.h"

namespace tarn::document::pdf {

// A glyph of such a script, and the word that it would be alone, with its place and type.
struct BackwardGlyph {
  char32_t character;
  float at;  // of its origin; letters of one ligature have the same
  Word word;
};

bool is_right_to_left(char32_t c);  // also the digits of these scripts

std::vector<Word> backward_words(std::vector<BackwardGlyph> glyphs);

// The words of a row from left to right, of which some are such words → as they are read, and whether a blank stands
// before each.
std::vector<std::pair<const Word*, bool>> reading_order(const std::vector<const Word*>& words);

}  // namespace tarn::document::pdf
