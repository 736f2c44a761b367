// The lexicon of a live set: read from its file, made of that of a set like it, or built.
// Shape:   `lexicon-<hash of the set>.seg` beside the segments; doc/format/segment.md. What was not there is written
//          for the next process; a lake that cannot be written does without.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "index/container.h"
#include "inverted/lexicon.h"

namespace tarn::index {

struct LexiconFile {
  enum class From { file, another_set, segments };
  From from = From::segments;
  std::shared_ptr<const void> holds;                 // the bytes that `lexicon` reads
  std::shared_ptr<const inverted::Lexicon> lexicon;  // null where it could not be made
};

// Of the data files of a live set in path order, and the segment of each.
LexiconFile open_lexicon(store::Store& store, const std::string& table_path, const base::Hash128& definition,
                         const std::vector<delta::DataFile>& files,
                         const std::vector<const inverted::Reader*>& readers);

}  // namespace tarn::index
