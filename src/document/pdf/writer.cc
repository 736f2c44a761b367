#include "document/pdf/writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "document/markdown/block_writer.h"
#include "document/markdown/inline_text.h"
#include "document/pdf/hyphens.h"
#include "document/pdf/paragraphs.h"
#include "document/read.h"

namespace tarn::document::pdf {
namespace {

constexpr size_t kTitlePages = 2;
constexpr size_t kMaxIndents = 8;
constexpr float kMonoWidth = 0.6f;  // of the type size
constexpr long kMaxCodeIndent = 80;

class Writer {
 public:
  explicit Writer(const std::vector<FilePage>& pages) : pages_(pages), blocks_(blocks_of(pages)), hyphens_(blocks_) {}

  base::Result<Written> take() {
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (written_.body.size() > kMaxBodyBytes) return over_body_limit();
      const Block& block = blocks_[i];
      begin_page(block.page);
      switch (block.kind) {
        case Block::Kind::heading:
          heading(block);
          break;
        case Block::Kind::code:
          code(block);
          break;
        case Block::Kind::table:
          table(block);
          break;
        case Block::Kind::note:
          note(*block.note);
          break;
        case Block::Kind::item:
        case Block::Kind::paragraph:
          i = paragraph(i);
          break;
      }
    }
    for (; next_page_ < pages_.size(); ++next_page_) anchor(next_page_);
    if (!written_.body.empty()) written_.body += '\n';
    if (written_.body.size() > kMaxBodyBytes) return over_body_limit();
    return std::move(written_);
  }

 private:
  void anchor(size_t page) {
    written_.anchors.push_back({written_.body.size(), std::string(kPage), std::to_string(page + 1)});
  }

  // The pages from the last one to this begin here.
  void begin_page(size_t page) {
    if (next_page_ > page) return;
    gap_ = true;
    start();
    for (; next_page_ <= page; ++next_page_) anchor(next_page_);
    gap_ = false;
    indents_.clear();
  }

  // Before a block: an empty line behind the one before it.
  void start() {
    if (!written_.body.empty() && gap_) written_.body += "\n\n";
    gap_ = false;
  }

  void put(std::string_view text) {
    if (text.empty()) return;
    start();
    written_.body += text;
    gap_ = true;
  }

  void add(const Text& text, size_t from, size_t end, size_t page, InlineText* out) const {
    const std::vector<std::string>& links = pages_[page].links;
    size_t at = from;
    for (const Text::Link& link : text.links) {
      if (link.start < at || link.end > end) continue;
      out->add_text(std::string_view(text.words).substr(at, link.start - at));
      out->open_link(links[static_cast<size_t>(link.link)]);
      out->add_text(std::string_view(text.words).substr(link.start, link.end - link.start));
      out->close_link();
      at = link.end;
    }
    out->add_text(std::string_view(text.words).substr(at, end - at));
  }

  void heading(const Block& block) {
    indents_.clear();
    InlineText text;
    for (const Line* line : block.lines) {
      if (line != block.lines.front()) text.add_text(" ");
      text.add_text(line->text.words);
    }
    const std::string words = text.take_heading();
    if (words.empty()) return;
    const int level = block.lines.front()->heading;
    put(std::string(static_cast<size_t>(std::clamp(level, 1, 6)), '#') + " " + words);
    if (block.page < kTitlePages && (title_level_ == 0 || level < title_level_)) {
      title_level_ = level;
      written_.title = words;
    }
  }

  void code(const Block& block) {
    indents_.clear();
    float left = 1e9f;
    for (const Line* line : block.lines) left = std::min(left, line->x0);
    std::string text;
    const Line* before = nullptr;
    for (const Line* line : block.lines) {
      if (before && line->y - before->y > 1.9f * line->size) text += '\n';
      const auto indent = static_cast<size_t>(
          std::clamp(std::lround((line->x0 - left) / (kMonoWidth * std::max(1.0f, line->size))), 0L, kMaxCodeIndent));
      text += std::string(indent, ' ') + line->text.words + "\n";
      before = line;
    }
    text.pop_back();
    put(fenced(text, ""));
  }

  void table(const Block& block) {
    indents_.clear();
    std::string out;
    size_t columns = 0;
    for (const std::vector<Text>& row : block.table->table) columns = std::max(columns, row.size());
    bool first = true;
    for (const std::vector<Text>& row : block.table->table) {
      out += "|";
      for (size_t c = 0; c < columns; ++c) {
        InlineText cell;
        if (c < row.size()) add(row[c], 0, row[c].words.size(), block.page, &cell);
        const std::string words = cell.take_cell();
        out += words.empty() ? " |" : " " + words + " |";
      }
      out += '\n';
      if (!std::exchange(first, false)) continue;
      out += "|";
      for (size_t c = 0; c < columns; ++c) out += " --- |";
      out += '\n';
    }
    if (!out.empty()) out.pop_back();
    put(out);
  }

  void note(const Note& note) {
    indents_.clear();
    InlineText text;
    text.add_text(note.kind + (note.author.empty() ? "" : " (" + note.author + ")") + ": " + note.text);
    put("> " + text.take());
  }

  // The block, and those that it goes on in. Gives the number of the last one.
  size_t paragraph(size_t i) {
    // One text for each page: their anchors stand within the paragraph.
    struct Piece {
      size_t page;
      bool blank;  // before it
      InlineText text;
    };
    std::vector<Piece> pieces;
    pieces.push_back({blocks_[i].page, false, {}});
    std::vector<size_t> notes;
    size_t last = i;
    const Line* before = nullptr;
    size_t before_page = 0;
    const auto flush = [&](Hyphens::Join join) {
      if (!before) return;
      const std::string& words = before->text.words;
      const size_t from = before == blocks_[i].lines.front() ? blocks_[i].marker : 0;
      const size_t end = join == Hyphens::Join::none ? words.size() - ending_hyphen(words) : words.size();
      add(before->text, from, std::max(from, end), before_page, &pieces.back().text);
    };
    for (size_t b = i;; ++b) {
      const Block& block = blocks_[b];
      if (block.kind == Block::Kind::note) {
        notes.push_back(b);
        continue;
      }
      last = b;
      for (const Line* line : block.lines) {
        if (before) {
          const Hyphens::Join join = hyphens_.join(before->text.words, line->text.words);
          flush(join);
          const bool blank = join == Hyphens::Join::blank;
          if (block.page != pieces.back().page) {
            pieces.push_back({block.page, blank, {}});
          } else if (blank) {
            pieces.back().text.add_text(" ");
          }
        }
        before = line;
        before_page = block.page;
      }
      if (!block.goes_on) break;
    }
    flush(Hyphens::Join::blank);

    const bool item = blocks_[i].kind == Block::Kind::item;
    std::string prefix;
    if (item) {
      prefix = begin_item(blocks_[i]);
    } else {
      indents_.clear();
    }
    bool first = true;
    for (Piece& piece : pieces) {
      std::string text = piece.text.take();
      if (text.empty()) continue;
      if (first) {
        if (!item) text = guard_line_starts(text);
        put(prefix + text);
        first = false;
      } else {
        if (piece.blank) written_.body += ' ';
        for (; next_page_ <= piece.page; ++next_page_) anchor(next_page_);
        written_.body += text;
      }
    }
    for (const size_t n : notes) note(*blocks_[n].note);
    return last;
  }

  // "- " or "3. ", behind the blanks of the items that it stands in.
  std::string begin_item(const Block& block) {
    const Line& line = *block.lines.front();
    const std::string marker = line.text.words.substr(0, block.marker - 1);
    const bool number = base::is_digit(marker[0]);
    const bool letter = base::is_letter(marker[0]);
    while (!indents_.empty() &&
           (indents_.back().x > line.x0 + 0.5f * line.size || indents_.back().column != line.column)) {
      indents_.pop_back();
    }
    const std::string sign = number ? marker + " " : "- ";
    const bool sibling = !indents_.empty() && std::abs(indents_.back().x - line.x0) <= 0.5f * line.size;
    const bool same_list = !sibling || indents_.back().number == number;
    if (!indents_.empty() && same_list) gap_ = false, written_.body += '\n';  // tight
    size_t blanks = 0;
    if (sibling) {
      blanks = indents_.back().blanks;
      indents_.pop_back();
    } else if (!indents_.empty()) {
      blanks = indents_.back().inner;
    }
    if (indents_.size() < kMaxIndents) indents_.push_back({line.x0, line.column, number, blanks, blanks + sign.size()});
    return std::string(blanks, ' ') + sign + (letter ? marker + " " : "");
  }

  struct Indent {
    float x;
    int column;
    bool number;
    size_t blanks, inner;
  };
  const std::vector<FilePage>& pages_;
  const std::vector<Block> blocks_;
  const Hyphens hyphens_;
  Written written_;
  std::vector<Indent> indents_;
  size_t next_page_ = 0;
  int title_level_ = 0;
  bool gap_ = false;
};

}  // namespace

base::Result<Written> write(const std::vector<FilePage>& pages) { return Writer(pages).take(); }

}  // namespace tarn::document::pdf
