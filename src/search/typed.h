// What a person typed, cut into runs of words by the signs and quotes of the query language.
// Shape:   a run is a stretch of plain words, one word with + or - in front of it, or what stands between quotes.
//          Signs:  + or - at a word's beginning, before a letter, a quote or what begins a name (_ . # @ $); + before a
//                  digit too. So --word, -40, a - b and -> are words. Dashes (–, —, −) are never signs.
//          Quotes: "…" in any double form of writing (“…”, „…“, ＂…＂), «…», ‹…›, 「…」, 『…』, and ‘…’ around whole words. A
//                  double quote that is not closed ends with the text; after a digit it stands for inches.
// Threads: pure.
#pragma once

#include <string_view>
#include <vector>

#include "inverted/query.h"

namespace tarn::search {

// A question is written to a person: signs are part of its words, and quotes only set words off.
enum class Syntax { query, question };

struct Run {
  inverted::Occur occur = inverted::Occur::should;
  bool quoted = false;
  std::string_view text;
};

std::vector<Run> read_runs(std::string_view typed, Syntax syntax);

}  // namespace tarn::search
