#include "document/compound/word_asides.h"

#include <unordered_map>

#include "document/compound/characters.h"
#include "document/office/package.h"
#include "document/read.h"

namespace tarn::document::compound {
namespace {

using Range = WordFile::Range;

constexpr size_t kMaxAbout = 200, kLookAbout = 10'000;  // characters that are shown, and looked at

// A table of positions, of which one more stands behind the last, and behind them as many entries.
struct Places {
  Places(Binary bytes, size_t each)
      : table(bytes), entry_bytes(each), count(bytes.size() < 4 ? 0 : (bytes.size() - 4) / (4 + each)) {}

  uint32_t position(size_t i) const { return table.u32(4 * i); }
  // Where its entry begins.
  uint64_t entry(size_t i) const { return 4 * (count + 1) + entry_bytes * i; }

  Binary table;
  size_t entry_bytes, count;
};

// The texts that a table parts a range into. They ascend: none is read twice.
std::vector<Range> texts_of(const Places& places, Range all, size_t unused) {
  std::vector<Range> ranges;
  uint64_t read = all.from;
  for (size_t i = 0; i + unused < places.count && i < kMaxAsides; ++i) {
    const uint64_t from = uint64_t{all.from} + places.position(i), to = uint64_t{all.from} + places.position(i + 1);
    const bool whole = read <= from && from <= to && to <= all.to;
    ranges.push_back(whole ? Range{static_cast<uint32_t>(from), static_cast<uint32_t>(to)} : Range{all.from, all.from});
    if (whole) read = to;
  }
  return ranges;
}

// A few words as they stand, without instructions of fields.
std::string plain(const WordFile& file, Range range) {
  std::string units;
  int fields = 0;
  const uint64_t end = std::min<uint64_t>({range.to, file.main.to, uint64_t{range.from} + kLookAbout});
  for (uint32_t cp = range.from; cp < end && units.size() < 2 * kMaxAbout; ++cp) {
    const char16_t c = file.character(cp);
    fields += c == 0x13 ? 1 : (c == 0x14 || c == 0x15) && fields > 0 ? -1 : 0;
    const char16_t shown = c < 0x20 ? u' ' : c;
    if (fields == 0) units += {static_cast<char>(shown & 0xFF), static_cast<char>(shown >> 8)};
  }
  return title_line(office::clean(from_utf16(units))) + (units.size() < 2 * kMaxAbout ? "" : "…");
}

// The words that comments stand on, by the number of their mark.
std::unordered_map<uint32_t, std::string> commented(const WordFile& file) {
  constexpr size_t kHead = 6, kMark = 12;
  const Binary marks = file.table(WordTable::comment_marks), ends = file.table(WordTable::comment_ends);
  const Places begins(file.table(WordTable::comment_begins), 4);
  std::unordered_map<uint32_t, std::string> words;
  for (size_t i = 0; i < begins.count && marks.has(kHead + kMark * i, kMark) && i < kMaxAsides; ++i) {
    const uint32_t end = ends.u32(4 * uint64_t{begins.table.u16(begins.entry(i))});
    words.emplace(marks.u32(kHead + kMark * i + 4), plain(file, {begins.position(i), end}));
  }
  return words;
}

std::vector<std::string> authors_of(const WordFile& file) {
  const Binary names = file.table(WordTable::comment_authors);
  std::vector<std::string> authors;
  for (size_t at = 0; names.has(at, 2) && authors.size() < kMaxAuthors;) {
    const size_t count = names.u16(at);
    authors.push_back(title_line(office::clean(from_utf16(names.part(at + 2, 2 * count)))));
    at += 2 + 2 * count;
  }
  return authors;
}

void add(Aside aside, std::vector<Aside>* all) {
  if (aside.text.to > aside.text.from) all->push_back(std::move(aside));
}

void add_notes(const WordFile& file, WordTable references, WordTable texts, Range all, std::vector<Aside>* asides) {
  const Places at(file.table(references), 2);
  // The last two positions are the end of the texts.
  const std::vector<Range> ranges = texts_of(Places(file.table(texts), 0), all, 1);
  for (size_t i = 0; i < at.count && i < ranges.size(); ++i) {
    add({Aside::note, ranges[i], at.position(i), {}, {}}, asides);
  }
}

void add_comments(const WordFile& file, std::vector<Aside>* asides) {
  const Places at(file.table(WordTable::comment_references), file.is_old() ? 20 : 30);
  const std::vector<Range> ranges = texts_of(Places(file.table(WordTable::comment_texts), 0), file.comments, 1);
  const std::vector<std::string> authors = authors_of(file);
  const auto about = commented(file);
  for (size_t i = 0; i < at.count && i < ranges.size(); ++i) {
    Aside comment{Aside::comment, ranges[i], at.position(i), {}, {}};
    if (!file.is_old()) {
      const size_t author = at.table.u16(at.entry(i) + 20);
      if (author < authors.size()) comment.author = authors[author];
      const auto words = about.find(at.table.u32(at.entry(i) + 26));
      if (words != about.end()) comment.about = words->second;
    }
    add(std::move(comment), asides);
  }
}

// A text box is known by its shape, and the shape by where its sign stands.
void add_boxes(const WordFile& file, std::vector<Aside>* asides) {
  const Places texts(file.table(WordTable::box_texts), 22), shapes(file.table(WordTable::shapes), 26);
  std::unordered_map<uint32_t, uint32_t> places;
  for (size_t i = 0; i < shapes.count; ++i) places.emplace(shapes.table.u32(shapes.entry(i)), shapes.position(i));
  const std::vector<Range> ranges = texts_of(texts, file.boxes, 1);
  for (size_t i = 0; i < ranges.size(); ++i) {
    const auto place = places.find(texts.table.u32(texts.entry(i) + 14));
    add({Aside::box, ranges[i], place == places.end() ? UINT32_MAX : place->second, {}, {}}, asides);
  }
}

}  // namespace

std::vector<Aside> read_asides(const WordFile& file) {
  std::vector<Aside> all;
  add_notes(file, WordTable::footnote_references, WordTable::footnote_texts, file.footnotes, &all);
  add_notes(file, WordTable::endnote_references, WordTable::endnote_texts, file.endnotes, &all);
  add_comments(file, &all);
  add_boxes(file, &all);
  return all;
}

std::vector<Range> read_heads(const WordFile& file, Head kind) {
  std::vector<Range> all = texts_of(Places(file.table(WordTable::header_texts), 0), file.headers, 0), found;
  // Behind those of the notes each section has six: headers and footers of even and odd pages, then of the first one.
  constexpr bool kFooter[] = {false, false, true, true, false, true};
  for (size_t i = 6; i < all.size(); ++i) {
    if (kFooter[i % 6] == (kind == Head::footer) && all[i].to > all[i].from) found.push_back(all[i]);
  }
  return found;
}

}  // namespace tarn::document::compound
