#include "answer/sentences.h"

#include "text/analyzer.h"

namespace tarn::answer {
namespace {

enum class Line { blank, heading, fence, item, table, prose };

std::string_view trim_left(std::string_view line) {
  const size_t at = line.find_first_not_of(" \t>");
  return at == std::string_view::npos ? std::string_view() : line.substr(at);
}

// Bytes of a list item's marker with the blanks after it, 0 when the line begins no item.
size_t marker_size(std::string_view line) {
  size_t at = 0;
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")) {
    at = 2;
  } else {
    while (at < line.size() && at < 9 && line[at] >= '0' && line[at] <= '9') ++at;
    if (at == 0 || at + 1 >= line.size() || (line[at] != '.' && line[at] != ')') || line[at + 1] != ' ') return 0;
    at += 2;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

bool is_rule_row(std::string_view line) { return line.find_first_not_of("|-: ") == std::string_view::npos; }

Line classify(std::string_view line) {
  const std::string_view text = trim_left(line);
  if (text.empty()) return Line::blank;
  if (text.starts_with("```") || text.starts_with("~~~")) return Line::fence;
  if (text[0] == '#') return Line::heading;
  if (text[0] == '|') return Line::table;
  if (marker_size(text) > 0) return Line::item;
  return Line::prose;
}

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  void add(size_t start, size_t end) {
    while (start < end && is_blank(text_[start])) ++start;
    while (end > start && is_blank(text_[end - 1])) --end;
    if (end - start >= kMinQuoteBytes && end - start <= kMaxQuoteBytes) spans_.push_back({start, end});
  }

  void add_prose(size_t start, size_t end) {
    const std::string_view block = text_.substr(start, end - start);
    const std::vector<size_t> boundaries = text::sentence_boundaries(block);
    for (size_t i = 0; i < boundaries.size(); ++i) {
      add(start + boundaries[i], i + 1 < boundaries.size() ? start + boundaries[i + 1] : end);
    }
  }

  std::vector<Span> take() { return std::move(spans_); }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '>'; }

  std::string_view text_;
  std::vector<Span> spans_;
};

}  // namespace

std::vector<Span> quotable(std::string_view markdown) {
  Collector collector(markdown);
  size_t block = 0;  // where the open prose block starts
  bool open = false, in_fence = false;
  const auto close = [&](size_t at) {
    if (open) collector.add_prose(block, at);
    open = false;
  };
  size_t fence_start = 0;
  for (size_t at = 0; at < markdown.size();) {
    const size_t newline = markdown.find('\n', at);
    const size_t end = newline == std::string_view::npos ? markdown.size() : newline;
    const std::string_view line = markdown.substr(at, end - at);
    const Line kind = classify(line);
    if (in_fence) {
      if (kind == Line::fence) {
        collector.add(fence_start, at);  // the code without its fences
        in_fence = false;
      }
    } else if (kind == Line::fence) {
      close(at);
      in_fence = true;
      fence_start = end + 1;
    } else if (kind == Line::table) {
      close(at);
      if (!is_rule_row(line)) collector.add(at, end);
    } else if (kind == Line::blank || kind == Line::heading) {
      close(at);
    } else if (kind == Line::item) {
      close(at);
      const size_t indent = line.size() - trim_left(line).size();
      block = at + indent + marker_size(trim_left(line));
      open = true;
    } else if (!open) {
      block = at;
      open = true;
    }
    at = end + 1;
  }
  close(markdown.size());
  return collector.take();
}

}  // namespace tarn::answer
