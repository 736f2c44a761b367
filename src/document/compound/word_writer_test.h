// Texts of the old Word for tests: paragraphs with their formats, notes, styles.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/compound/compound_writer_test.h"
#include "document/compound/excel_writer_test.h"

namespace tarn::document::compound {

class WordWriter {
 public:
  // Characters with formats of their own; '\r' and '\a' end a paragraph, which has a style and changes.
  WordWriter& add(std::string_view text, const std::string& character_changes = "") {
    const size_t from = text_.size();
    text_ += text;
    characters_.push_back({from, text_.size(), character_changes});
    return *this;
  }
  WordWriter& end(char mark = '\r', Short style = 0, const std::string& changes = "") {
    add(std::string(1, mark));
    paragraphs_.push_back({begun_, text_.size(), packed(style) + changes});
    begun_ = text_.size();
    return *this;
  }
  WordWriter& line(std::string_view text, Short style = 0) { return add(text).end('\r', style); }
  // What comes now are the texts of footnotes, or of what `subtext` says: 4 for comments.
  WordWriter& notes() {
    main_ = text_.size();
    return *this;
  }
  // A table of the file, by its number.
  WordWriter& table(int number, std::string bytes) {
    tables_.push_back({number, std::move(bytes)});
    return *this;
  }
  // Names of styles with the numbers that Word gives them.
  WordWriter& style(Short number, const std::string& name, const std::string& paragraph_changes = "") {
    const auto style_number = static_cast<Short>(styles_.size());
    const std::string papx = packed(style_number) + paragraph_changes;
    std::string std_bytes = packed(number, static_cast<Short>(0xFFF1), Short{1}, Short{0}, Short{0}) +
                            packed(static_cast<Short>(name.size())) + wide(name) + packed(Short{0}) +
                            packed(static_cast<Short>(papx.size())) + papx;
    styles_.push_back(packed(static_cast<Short>(std_bytes.size())) + std_bytes);
    return *this;
  }
  bool eight_bits = false;
  Short flags = 0x200;
  size_t subtext = 1;
  std::vector<std::pair<size_t, Short>> pieces;

  std::string main_stream() {
    build();
    return main_bytes_;
  }
  std::string table_stream() {
    build();
    return table_bytes_;
  }
  std::string bytes() {
    build();
    return CompoundWriter().add("WordDocument", main_bytes_).add("1Table", table_bytes_).bytes();
  }

 private:
  struct Run {
    size_t from, to;
    std::string bytes;
  };
  static constexpr size_t kText = 2048, kPages = 1024;

  uint32_t place(size_t cp) const { return static_cast<uint32_t>(kText + cp * (eight_bits ? 1 : 2)); }

  // A page of formats: places, offsets, and the formats from the end.
  std::string page(const std::vector<Run>& runs, bool paragraphs) const {
    std::string places, offsets, page(512, '\0');
    size_t end = 510;
    for (const Run& run : runs) {
      std::string bytes = run.bytes;
      if (paragraphs && bytes.size() % 2 == 0) bytes += '\0';
      const std::string one =
          std::string(1, static_cast<char>(paragraphs ? (bytes.size() + 1) / 2 : bytes.size())) + bytes;
      end = (end - one.size()) / 2 * 2;
      const bool none = !paragraphs && bytes.empty();
      if (!none) page.replace(end, one.size(), one);
      places += packed(place(run.from));
      offsets += std::string(1, none ? '\0' : static_cast<char>(end / 2)) + std::string(paragraphs ? 12 : 0, '\0');
    }
    places += packed(place(runs.empty() ? 0 : runs.back().to));
    page.replace(0, places.size() + offsets.size(), places + offsets);
    page[511] = static_cast<char>(runs.size());
    return page;
  }

  void build() {
    const size_t main = main_ == 0 ? text_.size() : main_;
    table_bytes_.clear();
    std::vector<std::pair<int, std::string>> tables = tables_;
    const auto count = static_cast<uint32_t>(text_.size());
    // Pieces: where each begins, and what was changed in it.
    std::vector<std::pair<size_t, Short>> all = {{0, Short{0}}};
    if (!pieces.empty()) all = pieces;
    std::string positions, places;
    for (const auto& [from, changed] : all) {
      const uint32_t at = eight_bits ? (place(from) * 2) | 0x40000000 : place(from);
      positions += packed(static_cast<uint32_t>(from));
      places += packed(Short{0}, at, changed);
    }
    const std::string clx = positions + packed(count) + places;
    tables.emplace_back(33, packed(uint8_t{2}, static_cast<uint32_t>(clx.size())) + clx);
    tables.emplace_back(13, packed(place(0), place(count), static_cast<uint32_t>(kPages / 512)));
    tables.emplace_back(12, packed(place(0), place(count), static_cast<uint32_t>(kPages / 512 + 1)));
    std::string sheet = packed(Short{4}, static_cast<Short>(styles_.size()), Short{10});
    for (const std::string& s : styles_) sheet += s;
    tables.emplace_back(1, sheet);
    std::string fib(0x9A + 8 * 93, '\0');
    const auto put = [&](size_t at_fib, const std::string& bytes) { fib.replace(at_fib, bytes.size(), bytes); };
    put(0, packed(Short{0xA5EC}, Short{0xC1}));
    put(10, packed(flags));
    put(0x4C, packed(static_cast<uint32_t>(main)));
    put(0x4C + 4 * subtext, packed(static_cast<uint32_t>(text_.size() - main)));
    put(0x98, packed(Short{93}));
    for (const auto& [number, bytes] : tables) {
      put(0x9A + 8 * static_cast<size_t>(number),
          packed(static_cast<uint32_t>(table_bytes_.size()), static_cast<uint32_t>(bytes.size())));
      table_bytes_ += bytes;
    }
    // The pages stand behind the block.
    main_bytes_ = fib;
    main_bytes_.resize(kText);
    main_bytes_.replace(kPages, 512, page(paragraphs_, true));
    main_bytes_.replace(kPages + 512, 512, page(characters_, false));
    main_bytes_ += eight_bits ? text_ : wide(text_);
    main_bytes_.resize(std::max<size_t>(main_bytes_.size(), 4096));
  }

  std::string text_, main_bytes_, table_bytes_;
  size_t begun_ = 0, main_ = 0;
  std::vector<Run> characters_, paragraphs_;
  std::vector<std::pair<int, std::string>> tables_;
  std::vector<std::string> styles_;
};

}  // namespace tarn::document::compound
