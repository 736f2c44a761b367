// AsciiDoc, as Asciidoctor reads it.
// Shape:   sections are headings; lists, tables, code, notes and quotes are what they are in Markdown. Attributes that
//          the file defines stand where it names them. Comments and passthroughs are left out; both branches of a
//          condition are kept; files that it includes are named in `extra.includes`.
// Limits:  kMaxNesting of blocks in each other: what lies deeper is text.
// Source:  the AsciiDoc language documentation (Eclipse Foundation).
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "document/data/dialect.h"
#include "document/markup/asciidoc_inline.h"
#include "document/markup/markup.h"
#include "document/markup/placed_blocks.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;
using json::Value;
using markup::Line;
using markup::Lines;
using markup::Row;

// "=====": a line of at least four of one character, or "--", "|===".
bool is_fence(std::string_view line) {
  if (line == "--" || line.starts_with("```")) return true;
  if (line.size() >= 4 && std::string_view("|,:!").find(line[0]) != std::string_view::npos) {
    return line.substr(1).find_first_not_of('=') == std::string_view::npos;
  }
  return line.size() >= 4 && std::string_view("-.=*_+/").find(line[0]) != std::string_view::npos &&
         line.find_first_not_of(line[0]) == std::string_view::npos;
}

// A list's marker: its kind ('*', '-', '.', '1', ':' …) with how deep, and where the words begin.
struct Marker {
  std::string kind;
  size_t words = 0;
  size_t term = 0;  // of a definition: where it ends
};

std::optional<Marker> marker_of(std::string_view line) {
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const std::string_view text = line.substr(indent);
  if (text.empty()) return {};
  const auto after = [&](size_t size) { return indent + std::min(text.find_first_not_of(' ', size), text.size()); };
  if (text[0] == '*' || text[0] == '.' || text[0] == '-') {
    const size_t size = std::min(text.find_first_not_of(text[0]), text.size());
    if (size < text.size() && text[size] == ' ' && size <= (text[0] == '-' ? 1u : 6u)) {
      return Marker{std::string(text.substr(0, size)), after(size), 0};
    }
  }
  size_t digits = 0;
  while (digits < text.size() && base::is_digit(text[digits])) ++digits;
  if (digits > 0 && digits < 6 && text.substr(digits).starts_with(". ")) return Marker{"1", after(digits + 1), 0};
  if (text.size() > 2 && base::is_lower(text[0]) && text.substr(1).starts_with(". ")) return Marker{"a", after(2), 0};
  if (text[0] == '<') {
    const size_t close = text.find('>');
    if (close != std::string_view::npos && close > 1 && close < 5 && text.substr(close + 1).starts_with(' ') &&
        (text[1] == '.' || base::is_digit(text[1]))) {
      return Marker{"<", after(close + 1), 0};
    }
  }
  if (text.starts_with("//") || text.starts_with("include::") || text.starts_with("ifdef::") ||
      text.starts_with("ifndef::") || text.starts_with("endif::") || text.starts_with("image::")) {
    return {};
  }
  for (size_t at = text.find_first_of(":;", 1); at != std::string_view::npos; at = text.find_first_of(":;", at)) {
    const size_t size = std::min(text.find_first_not_of(text[at], at), text.size()) - at;
    const bool term = (text[at] == ':' && size >= 2 && size <= 4) || (text[at] == ';' && size == 2);
    if (term && (at + size == text.size() || text[at + size] == ' ') && text[at - 1] != ' ') {
      return Marker{std::string(text.substr(at, size)), after(at + size), indent + at};
    }
    at += size;
  }
  return {};
}

struct BlockAttributes {
  std::vector<std::string> places;  // in their order: style, language
  std::map<std::string, std::string> named;
  std::string title;
  bool has(std::string_view option) const {
    for (const std::string& place : places) {
      if (place.find("%" + std::string(option)) != std::string::npos) return true;
    }
    for (const char* key : {"options", "opts"}) {
      const auto found = named.find(key);
      if (found != named.end() && found->second.find(option) != std::string::npos) return true;
    }
    return false;
  }
  std::string get(const std::string& key) const { return named.contains(key) ? named.at(key) : std::string(); }
  std::string style() const {
    return places.empty() ? std::string() : places[0].substr(0, places[0].find_first_of("#.%"));
  }
};

void add_attributes(std::string_view text, BlockAttributes* out) {
  for (size_t at = 0; at <= text.size();) {
    size_t end = at;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != ','); ++end) quoted ^= text[end] == '"';
    const std::string_view one = base::trimmed(text.substr(at, end - at));
    at = end + 1;
    const size_t equals = one.find('=');
    if (equals == std::string_view::npos) {
      out->places.emplace_back(one);
      continue;
    }
    std::string_view value = base::trimmed(one.substr(equals + 1));
    if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    out->named[std::string(base::trimmed(one.substr(0, equals)))] = std::string(value);
  }
}

class AsciiDoc {
 public:
  explicit AsciiDoc(Document* d) : d_(d) { names_.footnotes = &footnotes_; }

  void read(std::string_view text) {
    const Lines lines = markup::lines_of(text);
    learn(lines);
    size_t i = header(lines);
    Lines rest(lines.begin() + static_cast<ptrdiff_t>(i), lines.end());
    blocks(rest, true);
    const auto last = lines.empty() ? 1 : lines.back().number;
    for (size_t n = 0; n < footnotes_.items().size(); ++n) {
      paragraph("[" + std::to_string(n + 1) + "] " + footnotes_.items()[n].as_string(), last);
    }
    blocks_.take(d_);
    if (!includes_.items().empty()) d_->extra.set("includes", std::move(includes_));
    if (left_out_ > 0) d_->extra.set("passthroughs_left_out", left_out_);
  }

 private:
  void learn(const Lines& lines) {
    std::string id;
    for (const Line& line : lines) {
      const std::string_view text = line.text;
      if (text.starts_with(':') && text.size() > 2 && text[1] != ' ' && text[1] != ':') {
        const size_t end = text.find(':', 1);
        if (end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == ' ')) {
          const std::string name = base::lower(text.substr(1, end - 1));
          std::string value(base::trimmed(text.substr(end + 1)));
          if (value.ends_with(" \\")) value.resize(value.size() - 2);
          if (!name.ends_with('!') && !name.starts_with('!')) names_.attributes.try_emplace(name, value);
        }
      } else if (text.starts_with("[[") && text.ends_with("]]")) {
        id = std::string(text.substr(2, text.find_first_of(",]", 2) - 2));
      } else if (text.starts_with("[#") && text.ends_with("]")) {
        id = std::string(text.substr(2, text.find_first_of(",.%]", 2) - 2));
      } else if (!text.empty()) {
        const size_t marks = std::min(text.find_first_not_of('='), text.size());
        if (!id.empty()) {
          names_.titles[id] = std::string(base::trimmed(text.substr(marks > 0 && marks < 7 ? marks
                                                                    : text[0] == '.'       ? 1
                                                                                           : 0)));
        }
        id.clear();
      }
    }
  }

  std::string title_words(std::string_view text) {
    InlineText words;
    markup::add_asciidoc(text, names_, &words);
    return words.take_heading();
  }

  // "= Title", who wrote it, when; attributes. The line behind.
  size_t header(const Lines& lines) {
    size_t i = 0;
    const auto skip = [&] {
      while (i < lines.size() && (lines[i].blank() || (lines[i].text.starts_with("//") && !is_fence(lines[i].text)) ||
                                  lines[i].text.starts_with(':'))) {
        ++i;
      }
    };
    skip();
    if (i >= lines.size()) return i;
    const std::string_view line = lines[i].text;
    const bool underlined = i + 1 < lines.size() && setext_level(line, lines[i + 1].text) == 1;
    if (!line.starts_with("= ") && !line.starts_with("# ") && !underlined) return i;
    const std::string title = title_words(underlined ? line : line.substr(2));
    d_->title = heading_words(title);
    blocks_.heading(1, title, lines[i].number);
    i += underlined ? 2 : 1;
    // Lines that follow without a blank one: authors, a revision, attributes.
    for (int said = 0; i < lines.size() && !lines[i].blank(); ++i) {
      const std::string_view text = lines[i].text;
      if (text.starts_with(':') || text.starts_with("//")) continue;
      if (said == 0 && text.find('<') == std::string_view::npos && !is_author(text)) break;
      if (said == 2) break;
      if (said++ == 0) {
        for (size_t at = 0; at < text.size();) {
          const size_t end = std::min(text.find(';', at), text.size());
          const std::string_view one = text.substr(at, end - at);
          const std::string name = title_line(one.substr(0, one.find('<')));
          if (!name.empty()) d_->author += (d_->author.empty() ? "" : ", ") + name;
          at = end + 1;
        }
      } else {
        d_->extra.set("revision", title_line(text));
        for (size_t at = 0; at < text.size() && !d_->updated_at_us;
             at = std::min(text.find_first_of(", ", at), text.size()) + 1) {
          d_->updated_at_us = stated_time(text.substr(at, std::min(text.find_first_of(", ", at), text.size()) - at));
        }
      }
    }
    if (d_->author.empty() && names_.attributes.contains("author")) d_->author = names_.attributes["author"];
    return i;
  }

  static bool is_author(std::string_view text) {
    const auto words = std::count(text.begin(), text.end(), ' ') + 1;
    return words >= 2 && words <= 4 && base::is_upper(text[0]) &&
           text.find_first_of(".,:[]()") == std::string_view::npos;
  }

  static int setext_level(std::string_view title, std::string_view rule) {
    if (rule.size() < 4 || title.size() < 2 || title.starts_with('.') || title.starts_with('[')) return 0;
    const size_t level = std::string_view("=-~^+").find(rule[0]);
    if (level == std::string_view::npos || rule.find_first_not_of(rule[0]) != std::string_view::npos) return 0;
    const auto width =
        static_cast<size_t>(std::count_if(title.begin(), title.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
    if (rule.size() + 2 < width || rule.size() > width + 2) return 0;
    return static_cast<int>(level) + 1;
  }

  void paragraph(std::string_view text, uint32_t line) {
    InlineText words;
    markup::add_asciidoc(text, names_, &words);
    blocks_.write(words.take(), line);
  }

  // A paragraph's lines; one that ends with " +" is broken there.
  void paragraph(const Lines& lines) {
    InlineText words;
    std::string all;
    const auto flush = [&] {
      markup::add_asciidoc(all, names_, &words);
      all.clear();
    };
    for (const Line& line : lines) {
      std::string_view text = line.text.substr(line.indent());
      if (text.starts_with("//") && !text.starts_with("///")) continue;
      if (!all.empty()) all += '\n';
      const bool breaks = text.ends_with(" +");
      if (breaks) text.remove_suffix(2);
      all += text;
      if (breaks && &line != &lines.back()) {
        flush();
        words.add_break();
      }
    }
    flush();
    blocks_.write(words.take(), lines[0].number);
  }

  void blocks(const Lines& lines, bool top) {
    if (++deep_ > kMaxNesting) {
      if (!lines.empty()) paragraph(lines);
    } else {
      for (size_t i = 0; i < lines.size() && !blocks_.full();) i = std::max(block(lines, i, top), i + 1);
    }
    --deep_;
  }

  static Lines slice(const Lines& lines, size_t from, size_t to) {
    return {lines.begin() + static_cast<ptrdiff_t>(from), lines.begin() + static_cast<ptrdiff_t>(to)};
  }

  static size_t fence_end(const Lines& lines, size_t i) {
    const std::string_view fence = lines[i].text;
    const std::string_view close = fence.starts_with("```") ? "```" : fence;
    size_t end = i + 1;
    while (end < lines.size() && lines[end].text != close) ++end;
    return end;
  }

  // Lines that steer and say nothing: the line behind them, or `i`.
  size_t steering(const Lines& lines, size_t i) {
    const std::string_view text = lines[i].text;
    if (text.starts_with("//") && !is_fence(text)) return i + 1;
    if (text.starts_with("include::")) {
      includes_.push(markup::with_attributes(
          text.substr(9, text.find('[') == std::string_view::npos ? text.size() : text.find('[') - 9), names_));
      return i + 1;
    }
    for (const std::string_view word : {"ifdef::", "ifndef::", "ifeval::"}) {
      if (!text.starts_with(word)) continue;
      const size_t open = text.find('[');
      if (open != std::string_view::npos && text.ends_with(']') && word != "ifeval::") {
        const std::string_view words = text.substr(open + 1, text.size() - open - 2);
        if (!words.empty() && !words.starts_with(':')) paragraph(words, lines[i].number);
      }
      return i + 1;
    }
    if (text.starts_with("endif::") || text == "'''" || text == "<<<" || text.starts_with("toc::")) return i + 1;
    if (text.starts_with(':') && text.size() > 2 && text[1] != ' ' && text[1] != ':') {
      const size_t end = text.find(':', 1);
      if (end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == ' ')) {
        // From here on it has this value.
        const std::string name = base::lower(text.substr(1, end - 1));
        if (!name.ends_with('!')) names_.attributes[name] = std::string(base::trimmed(text.substr(end + 1)));
        while (lines[i].text.ends_with(" \\") && i + 1 < lines.size()) ++i;
        return i + 1;
      }
    }
    return i;
  }

  size_t block(const Lines& lines, size_t i, bool top) {
    if (lines[i].blank() || lines[i].text == "+") return i + 1;
    if (const size_t next = steering(lines, i); next > i) return next;
    BlockAttributes about;
    // "[source,c]", ".Title", "[[id]]" above a block.
    for (; i < lines.size(); ++i) {
      const std::string_view text = lines[i].text;
      if (text.starts_with("[[") && text.ends_with("]]")) continue;
      if (text.starts_with('[') && text.ends_with(']') && text.size() > 2 &&
          text.find("](") == std::string_view::npos) {
        add_attributes(text.substr(1, text.size() - 2), &about);
      } else if (text.size() > 1 && text[0] == '.' && text[1] != '.' && text[1] != ' ' && !is_fence(text)) {
        about.title = std::string(text.substr(1));
      } else if (text.starts_with("//") && !is_fence(text)) {
        continue;
      } else {
        break;
      }
    }
    if (i >= lines.size() || lines[i].blank()) {
      if (!about.title.empty() && i > 0) blocks_.strong(about.title, lines[i - 1].number);
      return i;
    }
    if (lines[i].text == "+") return i + 1;
    if (const size_t next = steering(lines, i); next > i) return next;
    const std::string_view text = lines[i].text;
    const size_t marks = std::min(text.find_first_not_of(text[0] == '#' ? '#' : '='), text.size());
    const bool discrete = about.style() == "discrete" || about.style() == "float";
    if ((top || discrete) && marks > 0 && marks < 7 && marks < text.size() && text[marks] == ' ' &&
        (text[0] == '=' || text[0] == '#')) {
      const std::string title = title_words(base::trimmed(text.substr(marks)));
      if (d_->title.empty()) d_->title = heading_words(title);
      blocks_.heading(static_cast<int>(marks), title, lines[i].number);
      return i + 1;
    }
    if (top && i + 1 < lines.size() && !is_fence(text) && !marker_of(text)) {
      if (const int level = setext_level(text, lines[i + 1].text)) {
        const std::string title = title_words(text);
        if (d_->title.empty()) d_->title = heading_words(title);
        blocks_.heading(level, title, lines[i].number);
        return i + 2;
      }
    }
    if (is_fence(text)) return fenced_block(lines, i, about);
    if (text.starts_with("image::") || text.starts_with("video::") || text.starts_with("audio::")) {
      titled(about, lines[i].number);
      const size_t open = text.find('[');
      InlineText words;
      if (open != std::string_view::npos) {
        markup::add_asciidoc("image:" + std::string(text.substr(7)), names_, &words);
      }
      blocks_.write(words.take(), lines[i].number);
      return i + 1;
    }
    if (marker_of(text) && !(lines[i].indent() > 0 && !deep_item(text))) {
      titled(about, lines[i].number);
      return list(lines, i);
    }
    if (lines[i].indent() > 0 && about.style() != "normal") {  // a literal paragraph
      size_t end = i;
      while (end < lines.size() && !lines[end].blank() && lines[end].text != "+") ++end;
      titled(about, lines[i].number);
      blocks_.code(markup::joined(markup::dedented(slice(lines, i, end))), "", lines[i].number);
      return end;
    }
    size_t end = i + 1;
    while (end < lines.size() && !lines[end].blank() && lines[end].text != "+" && !is_condition(lines[end].text) &&
           !(end > i && is_fence(lines[end].text)) &&
           !(end > i && lines[end].text.starts_with("[") && lines[end].text.ends_with("]") &&
             lines[end].text.size() > 2 && about.style().empty())) {
      ++end;
    }
    Lines body = slice(lines, i, end);
    const std::string style = about.style();
    if (style == "source" || style == "listing" || style == "literal") {
      titled(about, lines[i].number);
      blocks_.code(markup::joined(body), language(about), lines[i].number);
      return end;
    }
    for (const std::string_view name : {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"}) {
      const bool inline_note = text.starts_with(name) && text.substr(name.size()).starts_with(": ");
      if (!inline_note && style != name) continue;
      if (inline_note) body[0].text.remove_prefix(name.size() + 2);
      note(note_name(name), about, body, lines[i].number, false);
      return end;
    }
    titled(about, lines[i].number);
    const bool quote = style == "quote" || style == "verse";
    if (quote) blocks_.open_quote();
    paragraph(body);
    if (quote) attribution(about, lines[i].number);
    if (quote) blocks_.close();
    return end;
  }

  static bool is_condition(std::string_view text) {
    return text.starts_with("ifdef::") || text.starts_with("ifndef::") || text.starts_with("endif::") ||
           text.starts_with("ifeval::") || text.starts_with("include::");
  }

  static bool deep_item(std::string_view text) {
    const auto marker = marker_of(text);
    return marker && marker->kind != "a";
  }

  static std::string note_name(std::string_view name) {
    std::string out = base::lower(name);
    out[0] = base::upper(out[0]);
    return out;
  }

  void titled(const BlockAttributes& about, uint32_t line) {
    if (!about.title.empty()) blocks_.strong(markup::with_attributes(about.title, names_), line);
  }

  void attribution(const BlockAttributes& about, uint32_t line) {
    if (about.places.size() < 2) return;
    std::string who = "— " + about.places[1];
    if (about.places.size() > 2) who += ", " + about.places[2];
    paragraph(who, line);
  }

  std::string language(const BlockAttributes& about) {
    if (about.style() == "source" && about.places.size() > 1) return about.places[1];
    const std::string named = about.get("language");
    if (!named.empty() || about.style() != "source") return named;
    const auto found = names_.attributes.find("source-language");
    return found == names_.attributes.end() ? std::string() : found->second;
  }

  void note(const std::string& name, const BlockAttributes& about, const Lines& lines, uint32_t line, bool whole) {
    blocks_.open_quote();
    blocks_.strong(about.title.empty() ? name : name + ": " + about.title, line);
    if (whole) {
      blocks(lines, false);
    } else {
      paragraph(lines);
    }
    blocks_.close();
  }

  size_t fenced_block(const Lines& lines, size_t i, const BlockAttributes& about) {
    const std::string_view fence = lines[i].text;
    const size_t end = fence_end(lines, i);
    const Lines body = slice(lines, i + 1, std::min(end, lines.size()));
    const uint32_t line = lines[i].number;
    const std::string style = about.style();
    const size_t behind = std::min(end + 1, lines.size());
    if (fence[0] == '/') return behind;
    if (fence.starts_with("|") || fence.starts_with(",") || fence.starts_with(":") || fence.starts_with("!")) {
      titled(about, line);
      table(body, about, fence[0], line);
      return behind;
    }
    if (fence[0] == '+') {
      if (style == "stem" || style == "latexmath" || style == "asciimath") {
        blocks_.code(markup::joined(body), "math", line + 1);
      } else {
        ++left_out_;
      }
      return behind;
    }
    const bool code = fence.starts_with("```") || (fence[0] == '-' && fence != "--") || fence[0] == '.' ||
                      style == "source" || style == "listing" || style == "literal";
    if (code && style != "verse") {
      titled(about, line);
      std::string named = fence.starts_with("```")
                              ? std::string(fence.substr(
                                    3, fence.find(',') == std::string_view::npos ? fence.size() : fence.find(',') - 3))
                              : language(about);
      Lines shown;
      for (const Line& l : body) {
        if (l.text.starts_with("include::") && l.text.ends_with(']')) {
          includes_.push(markup::with_attributes(l.text.substr(9, l.text.find('[') - 9), names_));
        }
        shown.push_back(l);
      }
      blocks_.code(markup::joined(shown), named, line + 1);
      return behind;
    }
    for (const std::string_view name : {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"}) {
      if (style == name) {
        note(note_name(name), about, body, line, true);
        return behind;
      }
    }
    titled(about, line);
    const bool quote = fence[0] == '_' || fence[0] == '*' || style == "quote" || style == "verse" || style == "sidebar";
    if (quote) blocks_.open_quote();
    if (style == "verse") {
      InlineText words;
      for (const Line& l : body) {
        markup::add_asciidoc(l.text, names_, &words);
        words.add_break();
      }
      blocks_.write(words.take(), line + 1);
    } else {
      blocks(body, false);
    }
    if (quote) attribution(about, line);
    if (quote) blocks_.close();
    return behind;
  }

  // ---- lists ----

  // The items of a list and of those within it, in one go: `kinds` are those that are open, outermost first.
  size_t list(const Lines& lines, size_t i) {
    std::vector<std::string> kinds;
    const auto close_to = [&](size_t depth) {
      while (kinds.size() > depth) {
        blocks_.close();
        kinds.pop_back();
      }
    };
    std::map<size_t, int> numbers;  // of ordered lists, by depth
    bool first = true;
    while (i < lines.size()) {
      const auto marker = marker_of(lines[i].text);
      if (!marker) break;
      const auto open = std::find(kinds.begin(), kinds.end(), marker->kind);
      const size_t depth = static_cast<size_t>(open - kinds.begin());
      const bool again = open != kinds.end();
      close_to(depth);
      if (kinds.size() >= static_cast<size_t>(kMaxNesting)) return i;
      if (!again) numbers.erase(depth);
      const bool ordered = marker->kind[0] == '.' || marker->kind == "1" || marker->kind == "a" || marker->kind == "<";
      const bool term = marker->term > 0;
      blocks_.open_item(ordered ? std::to_string(++numbers[depth]) + ". " : "- ", !term && again, first || !again);
      first = false;
      kinds.push_back(marker->kind);
      const size_t start = i++;
      if (term) {
        const std::string_view name =
            lines[start].text.substr(lines[start].indent(), marker->term - lines[start].indent());
        paragraph(name, lines[start].number);
        // Terms that share what is said of them.
        while (marker->words >= lines[start].text.size() && i < lines.size()) {
          const auto next = marker_of(lines[i].text);
          if (!next || next->kind != marker->kind) break;
          paragraph(lines[i].text.substr(lines[i].indent(), next->term - lines[i].indent()), lines[i].number);
          if (next->words < lines[i].text.size()) {
            Lines rest{Line{lines[i].text.substr(next->words), lines[i].number}};
            ++i;
            i = item_text(lines, i, rest);
            rest.clear();
            break;
          }
          ++i;
        }
      }
      Lines text;
      if (marker->words < lines[start].text.size()) {
        text.push_back({lines[start].text.substr(marker->words), lines[start].number});
      }
      if (text.empty() && term) {
        size_t k = i;
        while (k < lines.size() && lines[k].blank()) ++k;
        if (k < lines.size() && !marker_of(lines[k].text) && (k == i || lines[k].indent() > 0)) i = k;
      }
      i = item_text(lines, i, text);
      // What is joined by a line "+", or stands further in behind a blank line.
      while (i < lines.size()) {
        if (lines[i].text == "+") {
          ++i;
          i = std::max(attached(lines, i), i);
          continue;
        }
        size_t next = i;
        while (next < lines.size() && lines[next].blank()) ++next;
        if (next < lines.size() && next > i && lines[next].indent() > 0 && !marker_of(lines[next].text)) {
          size_t end = next;
          while (end < lines.size() && !lines[end].blank() && lines[end].text != "+") ++end;
          const Lines body = markup::dedented(slice(lines, next, end));
          // Of a definition it is text, as writers of manuals mean it.
          blocks_.code(markup::joined(body), "", lines[next].number);
          i = end;
          continue;
        }
        // A comment line, or blank lines before another item.
        if (next < lines.size() && lines[next].text.starts_with("//") && !is_fence(lines[next].text) && next > i) break;
        if (next < lines.size() && marker_of(lines[next].text) && !is_fence(lines[next].text)) {
          i = next;
        }
        break;
      }
      if (i < lines.size() && (lines[i].blank() || !marker_of(lines[i].text))) break;
    }
    close_to(0);
    return i;
  }

  // The paragraph of an item: `text` has what stands behind its marker.
  size_t item_text(const Lines& lines, size_t i, Lines text) {
    while (i < lines.size() && !lines[i].blank() && lines[i].text != "+" && !is_fence(lines[i].text) &&
           !marker_of(lines[i].text) &&
           !(lines[i].text.starts_with('[') && lines[i].text.ends_with(']') && lines[i].text.size() > 2)) {
      if (const size_t next = steering(lines, i); next > i) {
        i = next;
        continue;
      }
      text.push_back(lines[i++]);
    }
    if (!text.empty()) paragraph(text);
    return i;
  }

  // One block behind a "+".
  size_t attached(const Lines& lines, size_t i) {
    while (i < lines.size() && lines[i].blank()) ++i;
    if (i >= lines.size()) return i;
    if (lines[i].text == "--") {
      const size_t end = fence_end(lines, i);
      blocks(slice(lines, i + 1, std::min(end, lines.size())), false);
      return std::min(end + 1, lines.size());
    }
    if (++deep_ > kMaxNesting) {
      --deep_;
      return i + 1;
    }
    const size_t end = std::max(block(lines, i, false), i + 1);
    --deep_;
    return end;
  }

  // ---- tables ----

  std::string cell(std::string_view text) {
    InlineText words;
    bool first = true;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find("\n\n", at), text.size());
      std::string_view part = base::trimmed(text.substr(at, end - at));
      if (const auto marker = marker_of(part); marker && marker->term == 0) part.remove_prefix(marker->words);
      if (!first) words.add_separator();
      first = false;
      markup::add_asciidoc(part, names_, &words);
      at = end + 2;
    }
    return words.take_cell();
  }

  static size_t columns_of(const std::string& cols) {
    if (cols.empty()) return 0;
    size_t count = 0;
    for (size_t at = 0; at <= cols.size();) {
      const size_t end = std::min(cols.find_first_of(",;", at), cols.size());
      const std::string_view one = base::trimmed(std::string_view(cols).substr(at, end - at));
      const size_t star = one.find('*');
      const int repeat = star == std::string_view::npos ? 1 : std::atoi(std::string(one.substr(0, star)).c_str());
      count += static_cast<size_t>(std::clamp(repeat, 1, 100));
      at = end + 1;
    }
    return std::min<size_t>(count, 200);
  }

  // What stands before a '|': "2+", ".3+^", "3*", "a", "h". Where it begins.
  static size_t spec_start(std::string_view text) {
    size_t at = text.size();
    if (at > 0 && std::string_view("aehlmsdv").find(text[at - 1]) != std::string_view::npos) --at;
    while (at > 0 &&
           (base::is_digit(text[at - 1]) || std::string_view("+*.<>^").find(text[at - 1]) != std::string_view::npos)) {
      --at;
    }
    return at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n' ? at : text.size();
  }

  void table(const Lines& lines, const BlockAttributes& about, char fence, uint32_t line) {
    const std::string format = about.get("format"), separator = about.get("separator");
    std::vector<Row> rows;
    size_t columns = columns_of(about.get("cols"));
    size_t header = about.has("header") ? 1 : 0;
    const bool implied = !about.has("noheader") && lines.size() > 1 && !lines[0].blank() && lines[1].blank();
    if (format == "csv" || format == "dsv" || format == "tsv" || fence == ',' || fence == ':') {
      const char delimiter = !separator.empty()                ? separator[0]
                             : format == "tsv"                 ? '\t'
                             : format == "dsv" || fence == ':' ? ':'
                                                               : ',';
      const std::string text = markup::joined(lines);
      data::Records records(text, {delimiter, '"', 0});
      for (data::Record record; records.next(&record);) {
        Row& row = rows.emplace_back();
        for (const std::string& field : record.fields) row.push_back(cell(field));
      }
    } else {
      const char mark = !separator.empty() ? separator[0] : fence == '!' ? '!' : '|';
      std::vector<std::pair<std::string, size_t>> cells;  // with how many columns they span
      size_t repeat = 1, span = 1;
      std::string text;
      bool any = false;
      size_t first_line_cells = 0;
      const auto flush = [&] {
        if (any) {
          for (size_t n = 0; n < std::clamp<size_t>(repeat, 1, 100); ++n) cells.emplace_back(cell(text), span);
        }
        text.clear();
      };
      for (const Line& l : lines) {
        for (size_t at = 0; at < l.text.size(); ++at) {
          if (l.text[at] == '\\' && at + 1 < l.text.size() && l.text[at + 1] == mark) {
            text += mark;
            ++at;
            continue;
          }
          if (l.text[at] != mark) {
            text += l.text[at];
            continue;
          }
          const size_t start = spec_start(text);
          const std::string spec = text.substr(start);
          text.resize(start);
          flush();
          any = true;
          repeat = spec.find('*') != std::string::npos ? static_cast<size_t>(std::max(1, std::atoi(spec.c_str()))) : 1;
          span = spec.find('+') != std::string::npos ? static_cast<size_t>(std::clamp(std::atoi(spec.c_str()), 1, 100))
                                                     : 1;
        }
        text += '\n';
        // The first row with cells on it says how many there are.
        if (columns == 0 && any && first_line_cells == 0) {
          std::string rest = std::exchange(text, {});
          for (const auto& [unused, wide] : cells) first_line_cells += wide;
          first_line_cells += span * repeat;
          text = std::move(rest);
        }
      }
      flush();
      if (columns == 0) columns = std::max<size_t>(first_line_cells, 1);
      size_t filled = columns;
      for (auto& [words, wide] : cells) {
        if (filled >= columns) {
          rows.emplace_back();
          filled = 0;
        }
        rows.back().push_back(std::move(words));
        for (size_t n = 1; n < wide && filled + n < columns; ++n) rows.back().emplace_back();
        filled += wide;
      }
    }
    if (implied && header == 0) header = 1;
    if (rows.empty()) return;
    if (header == 0) rows.insert(rows.begin(), Row(rows[0].size()));
    blocks_.table(rows, 1, line);
  }

  Document* d_;
  markup::AsciiDocNames names_;
  markup::PlacedBlocks blocks_;
  Value includes_ = Value::array(), footnotes_ = Value::array();
  int deep_ = 0, left_out_ = 0;
};

}  // namespace

Status read_asciidoc(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  AsciiDoc(&d).read(text);
  if (d.body.size() > kMaxBodyBytes) return over_body_limit();
  return sink(std::move(d));
}

}  // namespace tarn::document
