// <h1> … </h1> within Markdown, as many read-mes begin: the lines that hold it become a heading, what stands around it
// stays HTML.
#include <algorithm>

#include "base/ascii.h"
#include "document/markdown/block_scanner.h"
#include "document/markdown/block_starts.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::lower;

constexpr size_t kMaxHtmlHeadingBytes = 4000;

struct HtmlHeading {
  int level = 0;
  size_t at = 0, text_start = 0, text_end = 0, end = 0;
};

bool is_level(char c) { return c >= '1' && c <= '6'; }

// Walks over a text once: what it is asked for lies further on each time.
class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  // The first heading that begins in text[from, to); its end may lie behind `to`.
  HtmlHeading find(size_t from, size_t to) {
    for (size_t at = text_.find('<', from); at < to; at = text_.find('<', at + 1)) {
      if (text_.substr(at).starts_with("<!--")) {
        at = std::min(text_.find("-->", at), to) - 1;
        continue;
      }
      if (at + 3 >= text_.size() || lower(text_[at + 1]) != 'h' || !is_level(text_[at + 2])) continue;
      if (std::string_view(" \t\n>").find(text_[at + 3]) == std::string_view::npos) continue;
      const size_t close = closing(at);
      if (close > at + kMaxHtmlHeadingBytes) continue;
      const size_t text_start = text_.substr(0, close).find('>', at) + 1;  // 0 when there is none
      if (text_start == 0) continue;
      return {text_[at + 2] - '0', at, text_start, close, std::min(text_.find('>', close), text_.size())};
    }
    return {};
  }

 private:
  // The first </h1> … </h6> behind `at`, npos when there is none: any of them ends a heading, as browsers read it.
  size_t closing(size_t at) {
    while (close_ < at || close_ == kUnknown) {
      close_ = text_.find("</", close_ == kUnknown ? at : close_ + 1);
      while (close_ < text_.size() &&
             (close_ + 3 >= text_.size() || lower(text_[close_ + 2]) != 'h' || !is_level(text_[close_ + 3]))) {
        close_ = text_.find("</", close_ + 1);
      }
    }
    return close_;
  }

  static constexpr size_t kUnknown = std::string_view::npos - 1;
  std::string_view text_;
  size_t close_ = kUnknown;
};

// Whether the block is read as it stands: <pre>, <script>, <style>, <textarea>, a comment.
bool is_raw(std::string_view html) {
  const size_t at = html.find_first_not_of(" \t");
  const int kind = at == std::string_view::npos ? 0 : html_block_kind(html.substr(at, html.find('\n', at) - at));
  return kind > 0 && kind < 6;
}

}  // namespace

void find_html_headings(std::string_view text, std::vector<Block>* blocks) {
  const auto is_html = [](const Block& b) { return b.kind == BlockKind::html && b.depth == 0; };
  if (std::none_of(blocks->begin(), blocks->end(), is_html)) return;
  Finder finder(text);
  std::vector<Block> out;
  for (size_t i = 0; i < blocks->size(); ++i) {
    Block block = (*blocks)[i];
    if (!is_html(block) || is_raw(text.substr(block.start, block.end - block.start))) {
      out.push_back(block);
      continue;
    }
    uint64_t from = block.start;
    while (true) {
      const HtmlHeading found = finder.find(from, block.end);
      // Blank lines within the tag make several blocks of it: all of them are the heading.
      size_t last = i;
      while (found.level > 0 && (*blocks)[last].end < found.end && last + 1 < blocks->size() &&
             (*blocks)[last + 1].kind != BlockKind::heading) {
        ++last;
      }
      if (found.level == 0 || (*blocks)[last].end < found.end) {
        out.push_back(block);
        break;
      }
      if (heading_words(text.substr(found.text_start, found.text_end - found.text_start)).empty()) {
        from = found.end;
        continue;
      }
      const size_t newline = found.at == 0 ? std::string_view::npos : text.rfind('\n', found.at - 1);
      const uint64_t line = std::max<uint64_t>(block.start, newline == std::string_view::npos ? 0 : newline + 1);
      if (line > block.start) {
        Block before = block;
        before.end = line - 1;
        out.push_back(before);
      }
      Block heading = block;
      heading.kind = BlockKind::heading;
      heading.level = found.level;
      heading.start = line;
      heading.end = std::min<uint64_t>(text.find('\n', found.end), (*blocks)[last].end);
      heading.text_start = found.text_start;
      heading.text_end = found.text_end;
      out.push_back(heading);
      i = last;
      block = (*blocks)[last];
      if (heading.end + 1 >= block.end) break;
      block.start = from = heading.end + 1;
      block.begins_item = false;
      if (block.kind != BlockKind::html) {
        out.push_back(block);
        break;
      }
    }
  }
  *blocks = std::move(out);
}

}  // namespace tarn::document
