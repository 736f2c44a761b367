// reStructuredText, as docutils and Sphinx read it.
// Shape:   sections are headings; lists, tables, code, notes and quotes are what they are in Markdown; a description
//          of a function is a list item that begins with its signature. Comments, targets and raw text of other
//          formats are left out; files that it includes are named in `extra.includes`.
// Source:  docutils' reStructuredText Markup Specification and Directives; Sphinx, "Directives".
#include "document/markup/rst.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/markup/rst_tables.h"
#include "document/read.h"

namespace tarn::document::markup {
namespace {

constexpr size_t kTab = 8;

std::string without_tabs(std::string_view text) {
  std::string out;
  size_t column = 0;
  for (const char c : text) {
    if (c == '\t') {
      const size_t blanks = kTab - column % kTab;
      out.append(blanks, ' ');
      column += blanks;
    } else {
      out += c;
      column = c == '\n' ? 0 : column + !base::is_continuation(c);
    }
  }
  return out;
}

bool is_punctuation(char c) { return c > ' ' && c < '\x7F' && !base::is_alnum(c); }

bool lines_in(const Lines& lines, size_t i) { return i < lines.size() && !lines[i].blank() && lines[i].indent() > 0; }

// "A. Einstein was" begins no list: the next line would stand below its words, or there is none.
bool goes_on_as_item(const Lines& lines, size_t i) {
  if (i + 1 >= lines.size() || lines[i + 1].blank()) return true;
  return lines[i + 1].indent() >= enumerator(lines[i].text) || enumerator(lines[i + 1].text) > 0 ||
         is_explicit(lines[i + 1].text);
}

}  // namespace

bool is_adornment(std::string_view line) {
  return !line.empty() && is_punctuation(line[0]) && line.find_first_not_of(line[0]) == std::string_view::npos;
}

bool is_explicit(std::string_view line) {
  return line == ".." || line.starts_with(".. ") || line == "__" || line.starts_with("__ ");
}

void Rst::read(std::string_view text) {
  text_ = without_tabs(text);
  const Lines lines = lines_of(text_);
  names_ = rst_names(lines);
  blocks(lines, true);
  blocks_.take(d_);
  if (!includes_.items().empty()) d_->extra.set("includes", std::move(includes_));
  if (!generated_.items().empty()) d_->extra.set("generated_from", std::move(generated_));
  if (left_out_ > 0) d_->extra.set("raw_blocks_left_out", left_out_);
  if (d_->title.empty()) d_->title = title_;
}

void Rst::paragraph(std::string_view text, uint32_t line) {
  InlineText words;
  if (!lead_.empty()) {
    words.open(Mark::strong);
    words.add_text(std::exchange(lead_, {}));
    words.close(Mark::strong);
    words.add_text(" ");
  }
  add_rst(text, names_, &words);
  blocks_.write(words.take(), line);
}

// What is to stand before the next paragraph stands alone when something else comes.
void Rst::settle(uint32_t line) {
  if (!lead_.empty()) blocks_.strong(std::exchange(lead_, {}), line);
}

void Rst::led(std::string lead, const Lines& lines, uint32_t line) {
  settle(line);
  lead_ = std::move(lead);
  blocks(lines, false);
  settle(line);
}

void Rst::heading(char mark, bool over, std::string_view text, uint32_t line) {
  const std::pair<char, bool> style{mark, over};
  auto at = std::find(styles_.begin(), styles_.end(), style);
  if (at == styles_.end()) at = styles_.insert(styles_.end(), style);
  InlineText words;
  add_rst(base::trimmed(text), names_, &words);
  const std::string title = words.take_heading();
  if (title_.empty()) title_ = heading_words(title);
  blocks_.heading(static_cast<int>(at - styles_.begin()) + 1, title, line);
}

void Rst::blocks(const Lines& lines, bool top) {
  if (++deep_ > kMaxNesting) {
    if (!lines.empty()) paragraph(joined(lines), lines[0].number);
  } else {
    for (size_t i = 0; i < lines.size() && !blocks_.full();) {
      if (lines[i].blank()) {
        ++i;
      } else {
        i = std::max(block(lines, i, top), i + 1);
        any_ = true;
      }
    }
  }
  --deep_;
}

size_t Rst::block(const Lines& lines, size_t i, bool top) {
  const std::string_view line = lines[i].text;
  const auto at = [&](size_t k) { return k < lines.size() ? lines[k].text : std::string_view(); };
  if (lines[i].indent() > 0) {
    const size_t end = item_end(lines, i, 1);
    settle(lines[i].number);
    blocks_.open_quote();
    blocks(dedented(slice(lines, i, end)), false);
    blocks_.close();
    return end;
  }
  if (is_adornment(line) && at(i + 2) == line && !at(i + 1).empty() && line.size() > 1) {
    heading(line[0], true, at(i + 1), lines[i + 1].number);
    return i + 3;
  }
  if (is_explicit(line)) return explicit_markup(lines, i);
  if (is_grid_rule(line)) {
    size_t end = i;
    while (end < lines.size() && (at(end).starts_with('|') || at(end).starts_with('+'))) ++end;
    table(grid_table(slice(lines, i, end)), lines[i].number);
    return end;
  }
  const bool one_column = is_adornment(line) && line[0] == '=' && line.size() > 3 && !at(i + 1).empty();
  if (is_simple_rule(line) || one_column) {
    size_t end = i + 1, rules = 1;
    for (; end < lines.size() && rules < 3; ++end) {
      const bool rule = is_simple_rule(at(end)) || (one_column && at(end) == line);
      // The second rule ends a table without a header where a blank line follows.
      if (rule && (++rules == 3 || at(end + 1).empty())) break;
    }
    if (end < lines.size()) {
      table(simple_table(slice(lines, i, end + 1)), lines[i].number);
      return end + 1;
    }
  }
  const bool underlined = is_adornment(at(i + 1)) && !is_adornment(line) &&
                          (at(i + 1).size() >= characters_of(line) || at(i + 1).size() >= 4);
  if (underlined && (top || blocks_.depth() == 0) && at(i + 1) != "::") {
    heading(at(i + 1)[0], false, line, lines[i].number);
    return i + 2;
  }
  if (is_adornment(line) && line.size() >= 4) return i + 1;  // a transition
  if (bullet(line) > 0) return list(lines, i, false);
  if (enumerator(line) > 0 && goes_on_as_item(lines, i)) return list(lines, i, true);
  if (field(line) > 0) return fields(lines, i, top);
  if (option(line) > 0 && (option(line) < line.size() || lines_in(lines, i + 1))) return options(lines, i);
  if (line.starts_with("| ") || line == "|") return line_block(lines, i);
  if (line.starts_with(">>> ")) {
    size_t end = i;
    while (end < lines.size() && !at(end).empty()) ++end;
    settle(lines[i].number);
    blocks_.code(joined(slice(lines, i, end)), "python", lines[i].number);
    return end;
  }
  const bool literal_next = line.ends_with("::");
  if (lines_in(lines, i + 1) && !literal_next) return definitions(lines, i);
  size_t end = i + 1;
  while (end < lines.size() && !at(end).empty() && lines[end].indent() == 0 && !is_explicit(at(end))) ++end;
  std::string text = joined(slice(lines, i, end));
  const bool literal = text.ends_with("::");
  if (literal) {
    text.pop_back();
    if (text.size() < 2 || text[text.size() - 2] == ' ' || text[text.size() - 2] == '\n') text.pop_back();
  }
  if (!base::trimmed(text).empty() && text != ":") paragraph(text, lines[i].number);
  if (!literal) return end;
  return literal_block(lines, end, language_);
}

size_t Rst::literal_block(const Lines& lines, size_t i, std::string_view language) {
  while (i < lines.size() && lines[i].blank()) ++i;
  if (i >= lines.size()) return i;
  size_t end = i;
  if (lines[i].indent() > 0) {
    end = item_end(lines, i, 1);
  } else if (is_punctuation(lines[i].text[0])) {  // each line begins with the same character
    while (end < lines.size() && !lines[end].blank() && lines[end].text[0] == lines[i].text[0]) ++end;
  } else {
    return i;
  }
  settle(lines[i].number);
  blocks_.code(joined(dedented(slice(lines, i, end))), language, lines[i].number);
  return end;
}

size_t Rst::line_block(const Lines& lines, size_t i) {
  InlineText words;
  const uint32_t number = lines[i].number;
  settle(number);
  for (bool first = true; i < lines.size() && !lines[i].blank(); ++i, first = false) {
    std::string_view text = lines[i].text;
    const bool begins = text.starts_with('|');
    if (begins) text.remove_prefix(1);
    if (begins && !first) words.add_break();
    if (!begins) words.add_text(" ");
    add_rst(base::trimmed(text), names_, &words);
  }
  blocks_.write(words.take(), number);
  return i;
}

}  // namespace tarn::document::markup
