// reStructuredText, as docutils and Sphinx read it.
// Shape:   sections are headings; lists, tables, code, notes and quotes are what they are in Markdown; a description
//          of a function is a list item that begins with its signature. Comments, targets and raw text of other
//          formats are left out; files that it includes are named in `extra.includes`.
// Limits:  kMaxNesting of blocks in each other: what lies deeper is text.
// Source:  docutils' reStructuredText Markup Specification and Directives; Sphinx, "Directives".
#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/data/dialect.h"
#include "document/markup/markup.h"
#include "document/markup/placed_blocks.h"
#include "document/markup/rst_inline.h"
#include "document/markup/rst_tables.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;
using json::Value;
using markup::Line;
using markup::Lines;
using markup::Row;

constexpr size_t kTab = 8;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

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
      column = c == '\n' ? 0 : column + ((c & '\xC0') != '\x80');
    }
  }
  return out;
}

bool is_punctuation(char c) { return c > ' ' && c < '\x7F' && !base::is_alnum(c); }

bool is_adornment(std::string_view line) {
  return !line.empty() && is_punctuation(line[0]) && line.find_first_not_of(line[0]) == std::string_view::npos;
}

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

// Bytes of a list's marker with its blanks; 0 where there is none.
size_t bullet(std::string_view line) {
  for (const std::string_view mark : {"*", "-", "+", "\u2022", "\u2023"}) {
    if (!line.starts_with(mark) || (line.size() > mark.size() && line[mark.size()] != ' ')) continue;
    return std::min({line.find_first_not_of(' ', mark.size()), mark.size() + 1, line.size()});
  }
  return 0;
}

size_t enumerator(std::string_view line) {
  const bool bracket = line.starts_with('(');
  size_t at = bracket;
  if (line.substr(at).starts_with('#')) {
    ++at;
  } else if (at < line.size() && base::is_digit(line[at])) {
    while (at < line.size() && base::is_digit(line[at]) && at < 9) ++at;
  } else {
    while (at < line.size() && at < 6 && std::string_view("ivxlcIVXLC").find(line[at]) != std::string_view::npos) ++at;
    if (at == static_cast<size_t>(bracket) && at < line.size() && base::is_letter(line[at])) ++at;
  }
  if (at == static_cast<size_t>(bracket) || at >= line.size()) return 0;
  if (line[at] != (bracket ? ')' : '.') && (bracket || line[at] != ')')) return 0;
  ++at;
  if (at < line.size() && line[at] != ' ') return 0;
  return std::min(line.find_first_not_of(' ', at), line.size());
}

// ":name: value": where its value begins; 0 where it is no field.
size_t field(std::string_view line) {
  if (!line.starts_with(':') || line.size() < 3 || line[1] == ' ' || line[1] == ':') return 0;
  size_t end = 1;
  while (end < line.size() && line[end] != ':' && line[end] != '`') end += line[end] == '\\' ? 2 : 1;
  if (end >= line.size() || line[end] != ':') return 0;
  if (end + 1 < line.size() && line[end + 1] != ' ') return 0;
  return std::min(line.find_first_not_of(' ', end + 1), line.size());
}

// "-a", "--all=X", "/V  what it does": an option and, two blanks behind it or on the next lines, what it does.
size_t option(std::string_view line) {
  if (line.size() < 2 || line[0] != '-' || line[1] == ' ' || is_adornment(line)) return 0;
  const size_t gap = line.find("  ");
  const std::string_view names = line.substr(0, gap);
  if (!base::is_alnum(names[1]) && !(names[1] == '-' && names.size() > 2 && base::is_alnum(names[2]))) return 0;
  const auto words = static_cast<size_t>(std::count(names.begin(), names.end(), ' '));
  if (words > 3 || names.ends_with('.')) return 0;
  return gap == std::string_view::npos ? line.size() : std::min(line.find_first_not_of(' ', gap), line.size());
}

struct Directive {
  std::string name;  // without its domain, in lower case
  Lines arguments;
  std::vector<std::pair<std::string, std::string>> options;
  Lines content;
  uint32_t line = 0;
  std::string get(std::string_view option) const {
    for (const auto& [key, value] : options) {
      if (key == option) return value;
    }
    return {};
  }
  std::string argument() const { return markup::joined(arguments); }
};

// "name::" at the start of explicit markup: its size with the colons; 0 where it is none.
size_t directive_name(std::string_view text) {
  size_t at = 0;
  while (at < text.size() &&
         (base::is_alnum(text[at]) || text[at] == '-' || text[at] == '_' || text[at] == '.' || text[at] == '+' ||
          (text[at] == ':' && at + 1 < text.size() && base::is_alnum(text[at + 1])))) {
    ++at;
  }
  if (at > 0 && at < text.size() && text[at] == ' ') ++at;  // ".. note ::"
  if (at == 0 || !text.substr(at).starts_with("::") || (at + 2 < text.size() && text[at + 2] != ' ')) return 0;
  return at + 2;
}

class Rst {
 public:
  explicit Rst(Document* d) : d_(d) {}

  void read(std::string_view text) {
    text_ = without_tabs(text);
    const Lines lines = markup::lines_of(text_);
    learn(lines);
    blocks(lines, true);
    blocks_.take(d_);
    if (!includes_.items().empty()) d_->extra.set("includes", std::move(includes_));
    if (!generated_.items().empty()) d_->extra.set("generated_from", std::move(generated_));
    if (left_out_ > 0) d_->extra.set("raw_blocks_left_out", left_out_);
    if (d_->title.empty()) d_->title = title_;
  }

 private:
  // ---- what the file says once ----

  // Targets, substitutions, and the titles that stand below labels.
  void learn(const Lines& lines) {
    std::vector<std::string> labels;
    for (size_t i = 0; i < lines.size(); ++i) {
      const std::string_view line = lines[i].text.substr(lines[i].indent());
      if (line.empty()) continue;
      if (line.starts_with(".. _")) {
        const bool quoted = line.substr(4).starts_with('`');
        const size_t colon = quoted ? line.find("`:", 5) : line.find(": ", 4);
        const size_t end = colon != std::string_view::npos ? colon
                           : line.ends_with(':')           ? line.size() - 1
                                                           : line.size();
        const std::string name = markup::rst_name(line.substr(4 + quoted, end - 4 - quoted));
        std::string url(base::trimmed(line.substr(std::min(line.size(), end + 1 + quoted))));
        if (url.empty() && i + 1 < lines.size() && lines[i + 1].indent() > lines[i].indent()) {
          url = std::string(base::trimmed(lines[i + 1].text));
        }
        if (url.empty()) {
          labels.push_back(name);
        } else if (!url.ends_with('_')) {
          names_.targets[name] = url;
        }
        continue;
      }
      if (line.starts_with(".. |")) {
        const size_t bar = line.find('|', 4);
        if (bar != std::string_view::npos) {
          const std::string_view rest = base::trimmed(line.substr(bar + 1));
          std::string words;
          if (rest.starts_with("replace::")) {
            words = std::string(base::trimmed(rest.substr(9)));
            for (size_t k = i + 1; k < lines.size() && !lines[k].blank() && lines[k].indent() > lines[i].indent();
                 ++k) {
              words += " " + std::string(base::trimmed(lines[k].text));
            }
          }
          if (rest.starts_with("unicode::")) words = characters_of(rest.substr(9));
          names_.substitutions[markup::rst_name(line.substr(4, bar - 4))] = words;
        }
        continue;
      }
      if (!labels.empty()) {
        const size_t at = is_adornment(line) && i + 2 < lines.size() && is_adornment(lines[i + 2].text) ? i + 1 : i;
        const bool title = at + 1 < lines.size() && is_adornment(lines[at + 1].text) && !lines[at].blank();
        for (const std::string& label : labels) {
          if (title) names_.titles[label] = std::string(base::trimmed(lines[at].text));
        }
        labels.clear();
      }
    }
  }

  // "0x2014", "U+2014", or words.
  static std::string characters_of(std::string_view text) {
    std::string out;
    for (size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
      const size_t end = std::min(text.find(' ', at), text.size());
      std::string_view word = text.substr(at, end - at);
      at = end;
      if (word == "..") break;
      const bool coded = word.starts_with("0x") || word.starts_with("U+") || word.starts_with("\\u");
      char32_t value = 0;
      for (const char c : coded ? word.substr(2) : std::string_view()) {
        const int digit = base::hex_value(c);
        if (digit < 0 || value > 0x10FFFF) break;
        value = value * 16 + static_cast<char32_t>(digit);
      }
      if (!coded) {
        out += word;
      } else if (value >= ' ' && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF)) {
        base::append_utf8(value, &out);
      }
    }
    return out;
  }

  // ---- blocks ----

  void paragraph(std::string_view text, uint32_t line) {
    InlineText words;
    if (!lead_.empty()) {
      words.open(Mark::strong);
      words.add_text(std::exchange(lead_, {}));
      words.close(Mark::strong);
      words.add_text(" ");
    }
    markup::add_rst(text, names_, &words);
    blocks_.write(words.take(), line);
  }

  // What is to stand before the next paragraph stands alone when something else comes.
  void settle(uint32_t line) {
    if (!lead_.empty()) blocks_.strong(std::exchange(lead_, {}), line);
  }

  std::string cell(std::string_view text) {
    InlineText words;
    bool first = true;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find("\n\n", at), text.size());
      std::string_view part = base::trimmed(text.substr(at, end - at));
      if (const size_t size = bullet(part)) part.remove_prefix(size);
      if (!first) words.add_separator();
      first = false;
      markup::add_rst(part, names_, &words);
      at = end + 2;
    }
    return words.take_cell();
  }

  void table(const std::vector<Row>& texts, size_t header_rows, uint32_t line) {
    settle(line);
    std::vector<Row> rows;
    for (const Row& row : texts) {
      Row& out = rows.emplace_back();
      for (const std::string& text : row) out.push_back(cell(text));
    }
    if (header_rows == 0 && !rows.empty()) rows.insert(rows.begin(), Row(rows[0].size()));
    blocks_.table(rows, std::max<size_t>(header_rows, 1), line);
  }

  void heading(char mark, bool over, std::string_view text, uint32_t line) {
    const std::pair<char, bool> style{mark, over};
    auto at = std::find(styles_.begin(), styles_.end(), style);
    if (at == styles_.end()) at = styles_.insert(styles_.end(), style);
    InlineText words;
    markup::add_rst(base::trimmed(text), names_, &words);
    const std::string title = words.take_heading();
    if (title_.empty()) title_ = heading_words(title);
    blocks_.heading(static_cast<int>(at - styles_.begin()) + 1, title, line);
  }

  // The end of an item that begins at `i`: lines that are blank or as far in.
  static size_t item_end(const Lines& lines, size_t i, size_t indent) {
    size_t end = i + 1;
    for (size_t k = i + 1; k < lines.size(); ++k) {
      if (lines[k].blank()) continue;
      if (lines[k].indent() < indent) break;
      end = k + 1;
    }
    return end;
  }

  static Lines slice(const Lines& lines, size_t from, size_t to) {
    return {lines.begin() + static_cast<ptrdiff_t>(from), lines.begin() + static_cast<ptrdiff_t>(to)};
  }

  // The lines of an item, its marker taken away.
  static Lines item_lines(const Lines& lines, size_t i, size_t end, size_t marker) {
    Lines item = slice(lines, i, end);
    item[0].text.remove_prefix(std::min(marker, item[0].text.size()));
    Lines rest = markup::dedented(slice(item, 1, item.size()), marker);
    rest.insert(rest.begin(), item[0]);
    return rest;
  }

  size_t list(const Lines& lines, size_t i, bool ordered) {
    const char kind = lines[i].text[0];
    settle(lines[i].number);
    struct Item {
      size_t start, end, marker;
    };
    std::vector<Item> items;
    bool tight = true;
    while (i < lines.size()) {
      const size_t marker = ordered ? enumerator(lines[i].text) : bullet(lines[i].text);
      if (marker == 0 || (!ordered && lines[i].text[0] != kind)) break;
      const bool empty = marker >= lines[i].text.size();
      const size_t end = item_end(lines, i, empty ? 1 : marker);
      items.push_back({i, end, marker});
      i = end;
      size_t next = i;
      while (next < lines.size() && lines[next].blank()) ++next;
      const bool more = next < lines.size() && (ordered ? enumerator(lines[next].text) > 0
                                                        : bullet(lines[next].text) > 0 && lines[next].text[0] == kind);
      if (!more) break;
      tight = tight && next == i;
      i = next;
    }
    int number = 1;
    if (ordered && base::is_digit(lines[items[0].start].text[lines[items[0].start].text[0] == '('])) {
      number = std::atoi(lines[items[0].start].text.data() + (lines[items[0].start].text[0] == '('));
    }
    bool first = true;
    for (const Item& item : items) {
      blocks_.open_item(ordered ? std::to_string(number++) + ". " : "- ", tight, first);
      first = false;
      blocks(item_lines(lines, item.start, item.end, item.marker), false);
      settle(lines[item.start].number);
      blocks_.close();
    }
    return i;
  }

  size_t fields(const Lines& lines, size_t i, bool top) {
    const bool about = top && !any_;  // bibliographic fields of the document
    bool first = true;
    for (; i < lines.size();) {
      const std::string_view line = lines[i].text;
      const size_t value = field(line);
      if (value == 0) break;
      const size_t end = item_end(lines, i, 1);
      Lines body = slice(lines, i, end);
      body[0].text.remove_prefix(value);
      const std::string name(line.substr(1, line.find(':', 1) - 1));
      Lines rest = markup::dedented(slice(body, 1, body.size()));
      if (!body[0].blank()) rest.insert(rest.begin(), body[0]);
      if (!about || !bibliographic(base::lower(name), markup::joined(rest))) {
        blocks_.open_item("- ", true, first);
        first = false;
        settle(lines[i].number);
        lead_ = name + ":";
        blocks(rest, false);
        settle(lines[i].number);
        blocks_.close();
      }
      i = end;
      while (i < lines.size() && lines[i].blank()) ++i;
    }
    return i;
  }

  bool bibliographic(const std::string& name, const std::string& value) {
    if (one_of(name, {"orphan", "nosearch", "nocomments", "tocdepth"})) return true;
    if (name == "author" || name == "authors") d_->author += (d_->author.empty() ? "" : ", ") + title_line(value);
    if (name == "date" && !d_->created_at_us) d_->created_at_us = stated_time(value);
    return false;
  }

  size_t definitions(const Lines& lines, size_t i) {
    settle(lines[i].number);
    bool first = true;
    while (i + 1 < lines.size() && !lines[i].blank() && lines[i].indent() == 0 && lines[i + 1].indent() > 0 &&
           !lines[i + 1].blank() && !is_explicit(lines[i].text)) {
      const size_t end = item_end(lines, i, 1);
      blocks_.open_item("- ", false, first);
      first = false;
      paragraph(lines[i].text, lines[i].number);
      blocks(markup::dedented(slice(lines, i + 1, end)), false);
      settle(lines[i].number);
      blocks_.close();
      i = end;
      while (i < lines.size() && lines[i].blank()) ++i;
    }
    return i;
  }

  size_t options(const Lines& lines, size_t i) {
    bool first = true;
    settle(lines[i].number);
    while (i < lines.size()) {
      const size_t value = option(lines[i].text);
      if (value == 0) break;
      const size_t end = item_end(lines, i, 1);
      blocks_.open_item("- ", true, first);
      first = false;
      InlineText words;
      words.open_code();
      words.add_text(base::trimmed(lines[i].text.substr(0, value)));
      words.close_code();
      blocks_.write(words.take(), lines[i].number);
      Lines body = slice(lines, i, end);
      body[0].text.remove_prefix(value);
      Lines rest = markup::dedented(slice(body, 1, body.size()));
      if (!body[0].blank()) rest.insert(rest.begin(), body[0]);
      blocks(rest, false);
      blocks_.close();
      i = end;
      while (i < lines.size() && lines[i].blank()) ++i;
    }
    return i;
  }

  static bool is_explicit(std::string_view line) {
    return line == ".." || line.starts_with(".. ") || line == "__" || line.starts_with("__ ");
  }

  void blocks(const Lines& lines, bool top) {
    if (blocks_.depth() > kMaxNesting || ++deep_ > kMaxNesting) {
      if (!lines.empty()) paragraph(markup::joined(lines), lines[0].number);
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
    deep_ = std::max(deep_ - 1, 0);
  }

  // One block from line `i` on; the line behind it.
  size_t block(const Lines& lines, size_t i, bool top) {
    const std::string_view line = lines[i].text;
    const auto at = [&](size_t k) { return k < lines.size() ? lines[k].text : std::string_view(); };
    if (lines[i].indent() > 0) {
      size_t end = i;
      for (size_t k = i; k < lines.size() && (lines[k].blank() || lines[k].indent() > 0); ++k) {
        if (!lines[k].blank()) end = k + 1;
      }
      settle(lines[i].number);
      blocks_.open_quote();
      blocks(markup::dedented(slice(lines, i, end)), false);
      blocks_.close();
      return end;
    }
    if (is_adornment(line) && at(i + 2) == line && !at(i + 1).empty() && line.size() > 1) {
      heading(line[0], true, at(i + 1), lines[i + 1].number);
      return i + 3;
    }
    if (is_explicit(line)) return explicit_markup(lines, i);
    if (markup::is_grid_rule(line)) {
      size_t end = i;
      while (end < lines.size() && (at(end).starts_with('|') || at(end).starts_with('+'))) ++end;
      const auto drawn = markup::grid_table(slice(lines, i, end));
      table(drawn.rows, drawn.header_rows, lines[i].number);
      return end;
    }
    const bool one_column = is_adornment(line) && line[0] == '=' && line.size() > 3 && !at(i + 1).empty();
    if (markup::is_simple_rule(line) || one_column) {
      size_t end = i + 1, rules = 1;
      for (; end < lines.size() && rules < 3; ++end) {
        const bool rule = markup::is_simple_rule(at(end)) || (one_column && at(end) == line);
        // The second rule ends a table without a header where a blank line follows.
        if (rule && (++rules == 3 || at(end + 1).empty())) break;
      }
      if (end < lines.size()) {
        const auto drawn = markup::simple_table(slice(lines, i, end + 1));
        table(drawn.rows, drawn.header_rows, lines[i].number);
        return end + 1;
      }
    }
    const bool underlined = is_adornment(at(i + 1)) && !is_adornment(line) &&
                            (at(i + 1).size() >= characters(line) || at(i + 1).size() >= 4);
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
      blocks_.code(markup::joined(slice(lines, i, end)), "python", lines[i].number);
      return end;
    }
    const bool literal_next = line.ends_with("::");
    if (lines_in(lines, i + 1) && !literal_next) return definitions(lines, i);
    size_t end = i + 1;
    while (end < lines.size() && !at(end).empty() && lines[end].indent() == 0 && !is_explicit(at(end))) ++end;
    std::string text = markup::joined(slice(lines, i, end));
    const bool literal = text.ends_with("::");
    if (literal) {
      text.pop_back();
      if (text.size() < 2 || text[text.size() - 2] == ' ' || text[text.size() - 2] == '\n') text.pop_back();
    }
    if (!base::trimmed(text).empty() && text != ":") paragraph(text, lines[i].number);
    if (!literal) return end;
    return literal_block(lines, end, language_);
  }

  static bool lines_in(const Lines& lines, size_t i) {
    return i < lines.size() && !lines[i].blank() && lines[i].indent() > 0;
  }

  // "A. Einstein was" begins no list: the next line would stand below its words, or there is none.
  static bool goes_on_as_item(const Lines& lines, size_t i) {
    if (i + 1 >= lines.size() || lines[i + 1].blank()) return true;
    return lines[i + 1].indent() >= enumerator(lines[i].text) || enumerator(lines[i + 1].text) > 0 ||
           is_explicit(lines[i + 1].text);
  }

  size_t literal_block(const Lines& lines, size_t i, std::string_view language) {
    while (i < lines.size() && lines[i].blank()) ++i;
    if (i >= lines.size()) return i;
    size_t end = i;
    if (lines[i].indent() > 0) {
      for (size_t k = i; k < lines.size() && (lines[k].blank() || lines[k].indent() > 0); ++k) {
        if (!lines[k].blank()) end = k + 1;
      }
    } else if (is_punctuation(lines[i].text[0])) {  // each line begins with the same character
      while (end < lines.size() && !lines[end].blank() && lines[end].text[0] == lines[i].text[0]) ++end;
    } else {
      return i;
    }
    settle(lines[i].number);
    blocks_.code(markup::joined(markup::dedented(slice(lines, i, end))), language, lines[i].number);
    return end;
  }

  size_t line_block(const Lines& lines, size_t i) {
    InlineText words;
    const uint32_t number = lines[i].number;
    settle(number);
    for (bool first = true; i < lines.size() && !lines[i].blank(); ++i, first = false) {
      std::string_view text = lines[i].text;
      const bool begins = text.starts_with('|');
      if (begins) text.remove_prefix(1);
      if (begins && !first) words.add_break();
      if (!begins) words.add_text(" ");
      markup::add_rst(base::trimmed(text), names_, &words);
    }
    blocks_.write(words.take(), number);
    return i;
  }

  // ---- ".. " ----

  size_t explicit_markup(const Lines& lines, size_t i) {
    const std::string_view line = lines[i].text;
    if (line.starts_with("__")) return i + 1;
    const std::string_view first = line.size() > 3 ? base::trimmed(line.substr(3)) : std::string_view();
    size_t end = i + 1;
    if (!(first.empty() && i + 1 < lines.size() && lines[i + 1].blank())) end = item_end(lines, i, 1);
    const Lines body = slice(lines, i + 1, end);
    if (first.starts_with('_') || first.starts_with("__")) return end;
    if (first.starts_with('[')) {
      const size_t close = first.find(']');
      if (close != std::string_view::npos && (close + 1 == first.size() || first[close + 1] == ' ')) {
        std::string_view label = first.substr(1, close - 1);
        if (label.size() > 1 && label[0] == '#') label.remove_prefix(1);
        Lines note = markup::dedented(body);
        if (close + 2 < first.size()) note.insert(note.begin(), Line{first.substr(close + 2), lines[i].number});
        blocks_.open_item("- ", false, true);
        settle(lines[i].number);
        lead_ = "[" + std::string(label) + "]";
        blocks(note, false);
        settle(lines[i].number);
        blocks_.close();
        return end;
      }
    }
    if (first.starts_with('|')) return end;
    const size_t size = directive_name(first);
    if (size == 0) return end;  // a comment
    Directive directive;
    directive.line = lines[i].number;
    std::string name(base::trimmed(first.substr(0, size - 2)));
    directive.name = base::lower(name.substr(name.rfind(':') == std::string::npos ? 0 : name.rfind(':') + 1));
    if (first.size() > size) directive.arguments.push_back({base::trimmed(first.substr(size)), lines[i].number});
    const Lines rest = markup::dedented(body);
    const bool text_first = !body.empty() && body[0].blank();
    size_t k = 0;
    if (!text_first) {
      for (; k < rest.size() && !rest[k].blank() && (field(rest[k].text) == 0); ++k) {
        directive.arguments.push_back(rest[k]);
      }
      for (; k < rest.size() && !rest[k].blank(); ++k) {
        if (const size_t value = field(rest[k].text)) {
          directive.options.emplace_back(rest[k].text.substr(1, rest[k].text.find(':', 1) - 1),
                                         rest[k].text.substr(value));
        } else if (!directive.options.empty()) {
          directive.options.back().second += " " + std::string(base::trimmed(rest[k].text));
        }
      }
    }
    directive.content = markup::dedented(slice(rest, k, rest.size()));
    run(directive);
    return end;
  }

  // The arguments and the content together: a note may begin on the first line.
  static Lines all_lines(const Directive& d) {
    Lines all = d.arguments;
    if (!all.empty() && !d.content.empty()) all.push_back({{}, d.content[0].number});
    all.insert(all.end(), d.content.begin(), d.content.end());
    return all;
  }

  void note(const std::string& name, const Lines& lines, uint32_t line) {
    settle(line);
    blocks_.open_quote();
    blocks_.strong(name, line);
    blocks(lines, false);
    blocks_.close();
  }

  void code(const Directive& d, std::string_view language) {
    settle(d.line);
    const std::string caption = d.get("caption");
    if (!caption.empty()) paragraph(caption, d.line);
    const Lines lines = d.content.empty() ? Lines() : d.content;
    if (!lines.empty()) blocks_.code(markup::joined(lines), language, lines[0].number);
  }

  void run(const Directive& d) {
    const std::string& name = d.name;
    const std::string argument = d.argument();
    if (one_of(name, {"code-block", "code", "sourcecode"})) return code(d, argument.empty() ? language_ : argument);
    if (one_of(name,
               {"parsed-literal", "doctest", "testcode", "testoutput", "testsetup", "ipython", "prompt", "console",
                "productionlist", "graphviz", "digraph", "graph", "uml", "mermaid", "plantuml", "runblock"})) {
      Directive whole = d;
      if (name == "parsed-literal" || name == "productionlist") whole.content = all_lines(d);
      return code(whole, one_of(name, {"doctest", "testcode", "testsetup", "ipython"}) ? "python" : "");
    }
    if (name == "math") {
      const Lines lines = all_lines(d);
      settle(d.line);
      return blocks_.code(markup::joined(lines), "math", d.line + 1);
    }
    if (name == "highlight" || name == "default-role" || name == "role") {
      if (name == "highlight") language_ = argument == "none" ? "" : argument;
      return;
    }
    if (one_of(name,
               {"note", "warning", "tip", "important", "caution", "danger", "hint", "attention", "error", "todo"})) {
      std::string title = name;
      title[0] = base::upper(title[0]);
      return note(title, all_lines(d), d.line);
    }
    if (name == "seealso") return note("See also", all_lines(d), d.line);
    if (one_of(name, {"admonition", "topic", "sidebar"})) return note(argument, d.content, d.line);
    if (one_of(name, {"versionadded", "versionchanged", "deprecated", "deprecated-removed", "versionremoved"})) {
      std::string_view rest = argument;
      const auto word = [&] {
        const size_t end = std::min(rest.find_first_of(" \n"), rest.size());
        const std::string found(rest.substr(0, end));
        rest = base::trimmed(rest.substr(end));
        return found;
      };
      std::string lead = name == "versionadded"     ? "Added in version "
                         : name == "versionchanged" ? "Changed in version "
                         : name == "versionremoved" ? "Removed in version "
                                                    : "Deprecated since version ";
      lead += word();
      if (name == "deprecated-removed") lead += ", removed in version " + word();
      settle(d.line);
      lead_ = lead + ":";
      if (!rest.empty()) paragraph(rest, d.line);
      blocks(d.content, false);
      return settle(d.line);
    }
    if (one_of(name, {"image", "figure"})) {
      const std::string alt = d.get("alt");
      settle(d.line);
      InlineText words;
      words.add_image(alt.empty() && d.content.empty() ? argument : alt, argument);
      blocks_.write(words.take(), d.line);
      return blocks(d.content, false);
    }
    if (one_of(name, {"table", "csv-table", "list-table", "flat-table"})) return table_directive(d);
    if (one_of(name, {"include", "literalinclude"})) {
      includes_.push(argument);
      const std::string caption = d.get("caption");
      if (!caption.empty()) paragraph(caption, d.line);
      return;
    }
    if (name.starts_with("auto") && name.size() > 6) {
      generated_.push(argument);
      return blocks(d.content, false);
    }
    if (name == "raw") {
      ++left_out_;
      return;
    }
    if (one_of(name, {"index", "contents", "sectnum", "meta", "sectionauthor", "codeauthor", "currentmodule",
                      "tabularcolumns", "unicode", "replace", "target-notes", "header", "footer",
                      "restructuredtext-test-directive", "ifconfig"})) {
      if (name == "ifconfig") blocks(d.content, false);
      return;
    }
    if (name == "moduleauthor") {
      d_->author += (d_->author.empty() ? "" : ", ") + title_line(argument);
      return;
    }
    if (name == "title") {
      d_->title = title_line(argument);
      return;
    }
    if (name == "module") {
      const std::string synopsis = d.get("synopsis");
      if (!synopsis.empty()) paragraph(synopsis, d.line);
      return blocks(d.content, false);
    }
    if (name == "toctree") {
      settle(d.line);
      bool first = true;
      if (const std::string caption = d.get("caption"); !caption.empty()) blocks_.strong(caption, d.line);
      for (const Line& line : d.content) {
        if (line.blank()) continue;
        blocks_.open_item("- ", true, first);
        first = false;
        const size_t open = line.text.rfind(" <");
        InlineText words;
        words.add_text(open != std::string_view::npos ? line.text.substr(0, open) : line.text);
        blocks_.write(words.take(), line.number);
        blocks_.close();
      }
      return;
    }
    if (one_of(name, {"rubric", "centered"})) {
      settle(d.line);
      return blocks_.strong(argument, d.line);
    }
    if (one_of(name, {"container", "class", "rst-class", "cssclass", "only", "hlist", "tabs", "grid", "div"})) {
      return blocks(d.content, false);
    }
    if (one_of(name,
               {"compound", "epigraph", "highlights", "pull-quote", "glossary", "impl-detail", "line-block", "tab"})) {
      return blocks(all_lines(d), false);
    }
    if (!d.arguments.empty() && is_description(name)) {
      settle(d.line);
      blocks_.open_item("- ", false, true);
      std::string all;
      for (const Line& line : d.arguments) {
        InlineText words;
        words.open_code();
        words.add_text(line.text);
        words.close_code();
        all += (all.empty() ? "" : "  \n") + words.take();
      }
      blocks_.write(all, d.line);
      blocks(d.content, false);
      blocks_.close();
      return;
    }
    // What nobody here knows: its words are text.
    blocks(all_lines(d), false);
  }

  static bool is_description(std::string_view name) {
    return one_of(name, {"function",
                         "class",
                         "method",
                         "attribute",
                         "data",
                         "exception",
                         "option",
                         "cmdoption",
                         "envvar",
                         "describe",
                         "object",
                         "macro",
                         "type",
                         "struct",
                         "union",
                         "member",
                         "var",
                         "enum",
                         "enumerator",
                         "staticmethod",
                         "classmethod",
                         "decorator",
                         "decoratormethod",
                         "property",
                         "opcode",
                         "pdbcommand",
                         "program",
                         "confval",
                         "setting",
                         "django-admin",
                         "templatetag",
                         "templatefilter",
                         "fieldlookup",
                         "audit-event",
                         "monitoring-event",
                         "2to3fixer",
                         "concept",
                         "alias",
                         "expr",
                         "rst:directive",
                         "directive",
                         "variable",
                         "command",
                         "module",
                         "constant",
                         "interface",
                         "c:function"});
  }

  void table_directive(const Directive& d) {
    settle(d.line);
    const std::string title = d.argument();
    if (!title.empty()) paragraph(title, d.line);
    size_t header_rows = static_cast<size_t>(std::max(0, std::atoi(d.get("header-rows").c_str())));
    if (d.name == "table") return blocks(d.content, false);
    if (!d.get("file").empty()) includes_.push(d.get("file"));
    if (!d.get("url").empty()) includes_.push(d.get("url"));
    std::vector<Row> rows;
    if (d.name == "csv-table") {
      const std::string delimiter = d.get("delim");
      const data::Dialect dialect{delimiter == "tab" ? '\t' : delimiter.empty() ? ',' : delimiter[0], '"', 0};
      const std::string header = d.get("header"), content = markup::joined(d.content);
      for (const std::string_view text : {std::string_view(header), std::string_view(content)}) {
        data::Records records(text, dialect);
        for (data::Record record; records.next(&record);) rows.push_back(record.fields);
      }
      for (Row& row : rows) {
        for (std::string& text : row) text = std::string(base::trimmed(text));
      }
      header_rows += !header.empty();
      return table(rows, header_rows, d.line);
    }
    // "* - a": each row an item, each cell an item within.
    for (size_t i = 0; i < d.content.size();) {
      const size_t marker = bullet(d.content[i].text);
      if (marker == 0) {
        ++i;
        continue;
      }
      const size_t end = item_end(d.content, i, marker);
      const Lines row = item_lines(d.content, i, end, marker);
      Row& cells = rows.emplace_back();
      for (size_t k = 0; k < row.size();) {
        const size_t inner = bullet(row[k].text);
        if (inner == 0) {
          ++k;
          continue;
        }
        const size_t cell_end = item_end(row, k, std::min<size_t>(inner, 2));
        const Lines lines = item_lines(row, k, cell_end, inner);
        cells.push_back(std::string(base::trimmed(markup::joined(lines))));
        k = cell_end;
      }
      i = end;
    }
    table(rows, header_rows, d.line);
  }

  Document* d_;
  std::string text_, title_, language_, lead_;
  markup::RstNames names_;
  markup::PlacedBlocks blocks_;
  std::vector<std::pair<char, bool>> styles_;  // of headings, outermost first
  Value includes_ = Value::array(), generated_ = Value::array();
  int deep_ = 0, left_out_ = 0;
  bool any_ = false;
};

}  // namespace

Status read_rst(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  Rst(&d).read(text);
  if (d.body.size() > kMaxBodyBytes) return over_body_limit();
  return sink(std::move(d));
}

}  // namespace tarn::document
