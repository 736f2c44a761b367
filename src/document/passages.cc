// Sections, then passages. A section is a heading of depth 0 and what follows it up to the next; nothing that happens
// in one section moves a boundary in another. Within a section blocks are packed up to the length asked for, all
// passages near one size.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/utf8.h"
#include "document/document.h"
#include "document/markdown/block_scanner.h"
#include "document/markdown/block_starts.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document {
namespace {

constexpr size_t kMaxHeadingBytes = 400;  // of one heading in a path: a passage repeats its path
constexpr size_t kSentenceContext = 160;  // bytes behind the limit that sentence_boundaries() sees

// What every first piece holds, of pieces of `most` bytes: no context is longer.
constexpr size_t context_limit(size_t most) { return most / 3; }

struct Span {
  uint64_t start = 0, end = 0;
  uint64_t size() const { return end - start; }
};

struct Piece : Span {
  bool leads_in = false;  // ends with ':': belongs to what follows
  Span context;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// The last character edge at or before `at`; `at` itself when the bytes are not UTF-8.
uint64_t character_edge(std::string_view text, uint64_t floor, uint64_t at) {
  uint64_t edge = at;
  while (edge > floor && at - edge < 4 && edge < text.size() && base::is_continuation(text[edge])) --edge;
  return edge > floor && (edge >= text.size() || !base::is_continuation(text[edge])) ? edge : at;
}

// The end of a piece of prose that starts at `start` and has more than `room` bytes before `end`: behind a sentence,
// else behind a word, else at a character's edge.
uint64_t cut_prose(std::string_view text, uint64_t start, uint64_t end, uint64_t room) {
  const uint64_t limit = start + room;
  TARN_CHECK(limit < end);
  const uint64_t seen = character_edge(text, start, std::min<uint64_t>(end, limit + kSentenceContext));
  const std::vector<size_t> sentences = text::sentence_boundaries(text.substr(start, seen - start));
  uint64_t best = 0;
  for (size_t b : sentences) {
    if (start + b <= limit) best = b;
  }
  if (best >= room / 3) return start + best;
  for (uint64_t at = limit; at > start + room / 3; --at) {
    if (is_space(text[at])) return at;
  }
  return character_edge(text, start, limit);
}

// The same for code, tables and HTML: behind the last line that fits; a longer line is cut like prose.
uint64_t cut_lines(std::string_view text, uint64_t start, uint64_t end, uint64_t room) {
  const size_t newline = text.substr(start, room + 1).rfind('\n');
  return newline != std::string_view::npos && newline > 0 ? start + newline : cut_prose(text, start, end, room);
}

// Of an HTML table rather before a row than within it.
uint64_t cut_rows(std::string_view text, uint64_t start, uint64_t cut, size_t most) {
  const size_t row = text.substr(start, cut - start).rfind("<tr");
  return row != std::string_view::npos && row > most / 3 ? start + row : cut;
}

// The first row of an HTML table, when it has names of columns.
Span html_header(std::string_view html, uint64_t start) {
  const auto find = [&](std::string_view a, std::string_view b, size_t from) {
    return std::min(html.find(a, from), html.find(b, from));
  };
  const size_t row = find("<tr", "<TR", 0);
  if (row == std::string_view::npos) return {};
  const size_t end = find("</tr>", "</TR>", row);
  if (end == std::string_view::npos || find("<th", "<TH", row) > end) return {};
  return {start + row, start + end + 5};
}

// Lines of one paragraph with cells parted in the same way, as a table in plain text has them: the first names the
// columns.
bool has_columns(std::string_view paragraph) {
  constexpr size_t kSample = 6;
  for (const char mark : {'\t', '|', ';', ','}) {
    size_t lines = 0, cells = 0;
    for (size_t at = 0; at < paragraph.size() && lines < kSample; ++lines) {
      const std::string_view line = paragraph.substr(at, paragraph.find('\n', at) - at);
      at += line.size() + 1;
      const auto marks = static_cast<size_t>(std::count(line.begin(), line.end(), mark));
      // A rule below the names, as databases print it.
      if (lines == 1 && line.find_first_not_of("-+=| \t") == std::string_view::npos) continue;
      if (lines == 0) cells = marks;
      if (marks != cells || marks < (mark == '\t' ? 1u : mark == ',' ? 2u : 1u)) {
        lines = 0;
        break;
      }
    }
    if (lines == kSample) return true;
  }
  return false;
}

// What the later pieces of a block are read under: no more than `limit` bytes.
Span context_of(std::string_view body, const Block& block, bool columns, size_t limit) {
  Span line{block.start, std::min<uint64_t>(body.find('\n', block.start), block.end)};
  while (line.end > line.start && is_space(body[line.end - 1])) --line.end;
  switch (block.kind) {
    case BlockKind::code: {
      const bool fenced = opens_code(body.substr(line.start, line.size()));
      return fenced && line.size() <= limit ? line : Span();
    }
    case BlockKind::html: {
      const Span row = html_header(body.substr(block.start, block.end - block.start), block.start);
      return row.size() <= limit ? row : Span();
    }
    case BlockKind::paragraph:
      if (!columns) return {};
      break;
    case BlockKind::table:
      break;
    default:
      return {};
  }
  if (line.size() > limit) {
    const size_t cell = body.substr(line.start, limit).rfind(block.kind == BlockKind::table ? '|' : ' ');
    line.end =
        cell != std::string_view::npos ? line.start + cell + 1 : character_edge(body, line.start, line.start + limit);
  }
  return line;
}

class Splitter {
 public:
  Splitter(std::string_view body, size_t most) : body_(body), most_(most) {}

  std::vector<Passage> split() {
    for (const Block& block : scan_blocks(body_)) {
      if (block.kind == BlockKind::heading && block.depth == 0) {
        finish_section();
        enter(block);
      }
      add_pieces(block);
    }
    finish_section();
    return std::move(passages_);
  }

 private:
  void enter(const Block& heading) {
    while (!levels_.empty() && levels_.back() >= heading.level) {
      levels_.pop_back();
      path_.pop_back();
    }
    levels_.push_back(heading.level);
    uint64_t end = heading.text_end;
    if (end - heading.text_start > kMaxHeadingBytes) {
      end = character_edge(body_, heading.text_start, heading.text_start + kMaxHeadingBytes);
    }
    path_.push_back(heading_words(body_.substr(heading.text_start, end - heading.text_start)));
  }

  void add_pieces(const Block& block) {
    uint64_t start = block.start, end = block.end;
    const bool columns =
        block.kind == BlockKind::paragraph && end - start > most_ && has_columns(body_.substr(start, end - start));
    const bool lines =
        columns || block.kind == BlockKind::code || block.kind == BlockKind::table || block.kind == BlockKind::html;
    while (end > start && is_space(body_[end - 1])) --end;
    Span context;  // the first piece holds it
    while (end - start > most_ - context.size()) {
      const uint64_t room = most_ - context.size();
      uint64_t cut = lines ? cut_lines(body_, start, end, room) : cut_prose(body_, start, end, room);
      if (block.kind == BlockKind::html) cut = cut_rows(body_, start, cut, most_);
      add_piece(start, cut, context);
      if (start == block.start) context = context_of(body_, block, columns, context_limit(most_));
      if (context.end > cut) context = {};
      start = cut;
      while (start < end && is_space(body_[start]) && (!lines || body_[start] == '\n')) ++start;
    }
    // Indentation means something to code only.
    while (!lines && start < end && is_space(body_[start])) ++start;
    if (start < end) add_piece(start, end, context);
  }

  void add_piece(uint64_t start, uint64_t end, const Span& context) {
    while (end > start && is_space(body_[end - 1])) --end;
    if (start < end) pieces_.push_back({{start, end}, body_[end - 1] == ':', context});
  }

  void finish_section() {
    if (pieces_.empty()) return;
    const uint64_t total = pieces_.back().end - pieces_.front().start;
    const uint64_t aim = total / (total / most_ + 1);
    Piece open = pieces_[0];
    for (size_t i = 1; i < pieces_.size(); ++i) {
      const Piece& next = pieces_[i];
      const bool fits = next.end - open.start <= most_ - open.context.size();
      if (fits && (open.leads_in || open.size() < aim)) {
        open.end = next.end;
        open.leads_in = next.leads_in;
      } else {
        emit(open);
        open = next;
      }
    }
    emit(open);
    pieces_.clear();
  }

  void emit(const Piece& piece) {
    passages_.push_back({path_, piece.start, piece.end, piece.context.start, piece.context.end});
  }

  std::string_view body_;
  size_t most_;
  std::vector<int> levels_;
  std::vector<std::string> path_;
  std::vector<Piece> pieces_;
  std::vector<Passage> passages_;
};

}  // namespace

bool opens_code(std::string_view context) {
  context.remove_prefix(std::min(context.find_first_not_of(" \t>-+*0123456789.)"), context.size()));
  return opening_fence(context).mark != 0;
}

std::vector<Passage> split_passages(std::string_view body, size_t most_bytes) {
  TARN_CHECK(most_bytes >= kLeastPassageBytes);
  return Splitter(body, most_bytes).split();
}

}  // namespace tarn::document
