// AsciiDoc, as Asciidoctor reads it.
// Shape:   sections are headings; lists, tables, code, notes and quotes are what they are in Markdown. Attributes that
//          the file defines stand where it names them. Comments and passthroughs are left out; both branches of a
//          condition are kept; files that it includes are named in `extra.includes`.
// Source:  the AsciiDoc language documentation (Eclipse Foundation).
#include "document/markup/asciidoc.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/read.h"

namespace tarn::document::markup {
namespace {

bool is_condition(std::string_view text) {
  return text.starts_with("ifdef::") || text.starts_with("ifndef::") || text.starts_with("endif::") ||
         text.starts_with("ifeval::") || text.starts_with("include::");
}

bool deep_item(std::string_view text) {
  const auto marker = marker_of(text);
  return marker && marker->kind != "a";
}

}  // namespace

// "=====": a line of at least four of one character, or "--", "|===".
bool is_fence(std::string_view line) {
  if (line == "--" || line.starts_with("```")) return true;
  if (line.size() >= 4 && std::string_view("|,:!").find(line[0]) != std::string_view::npos) {
    return line.substr(1).find_first_not_of('=') == std::string_view::npos;
  }
  return line.size() >= 4 && std::string_view("-.=*_+/").find(line[0]) != std::string_view::npos &&
         line.find_first_not_of(line[0]) == std::string_view::npos;
}

size_t fence_end(const Lines& lines, size_t i) {
  const std::string_view fence = lines[i].text;
  const std::string_view close = fence.starts_with("```") ? "```" : fence;
  size_t end = i + 1;
  while (end < lines.size() && lines[end].text != close) ++end;
  return end;
}

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

bool is_comment(std::string_view line) { return line.starts_with("//") && !is_fence(line); }

std::string note_name(std::string_view style) {
  constexpr std::string_view kNotes[] = {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"};
  if (std::find(std::begin(kNotes), std::end(kNotes), style) == std::end(kNotes)) return {};
  std::string out = base::lower(style);
  out[0] = base::upper(out[0]);
  return out;
}

void AsciiDoc::read(std::string_view text) {
  const Lines lines = lines_of(text);
  learn(lines);
  const size_t i = header(lines);
  blocks(slice(lines, i, lines.size()), true);
  const auto last = lines.empty() ? 1 : lines.back().number;
  for (size_t n = 0; n < footnotes_.items().size(); ++n) {
    paragraph("[" + std::to_string(n + 1) + "] " + footnotes_.items()[n].as_string(), last);
  }
  blocks_.take(d_);
  if (!includes_.items().empty()) d_->extra.set("includes", std::move(includes_));
  if (left_out_ > 0) d_->extra.set("passthroughs_left_out", left_out_);
}

void AsciiDoc::paragraph(std::string_view text, uint32_t line) {
  InlineText words;
  add_asciidoc(text, names_, &words);
  blocks_.write(words.take(), line);
}

// A paragraph's lines; one that ends with " +" is broken there.
void AsciiDoc::paragraph(const Lines& lines) {
  InlineText words;
  std::string all;
  const auto flush = [&] {
    add_asciidoc(all, names_, &words);
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

void AsciiDoc::blocks(const Lines& lines, bool top) {
  if (++deep_ > kMaxNesting) {
    if (!lines.empty()) paragraph(lines);
  } else {
    for (size_t i = 0; i < lines.size() && !blocks_.full();) i = std::max(block(lines, i, top), i + 1);
  }
  --deep_;
}

void AsciiDoc::include(std::string_view line) {
  const std::string_view target = line.substr(9);
  includes_.push(with_attributes(target.substr(0, target.find('[')), names_));
}

// Lines that steer and say nothing: the line behind them, or `i`.
size_t AsciiDoc::steering(const Lines& lines, size_t i) {
  const std::string_view text = lines[i].text;
  if (is_comment(text)) return i + 1;
  if (text.starts_with("include::")) {
    include(text);
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
  if (const auto attribute = attribute_of(text)) {
    // From here on it has this value.
    if (!attribute->first.ends_with('!')) names_.attributes[attribute->first] = std::string(attribute->second);
    while (lines[i].text.ends_with(" \\") && i + 1 < lines.size()) ++i;
    return i + 1;
  }
  return i;
}

size_t AsciiDoc::block(const Lines& lines, size_t i, bool top) {
  if (lines[i].blank() || lines[i].text == "+") return i + 1;
  if (const size_t next = steering(lines, i); next > i) return next;
  BlockAttributes about;
  // "[source,c]", ".Title", "[[id]]" above a block.
  for (; i < lines.size(); ++i) {
    const std::string_view text = lines[i].text;
    if (text.starts_with("[[") && text.ends_with("]]")) continue;
    if (text.starts_with('[') && text.ends_with(']') && text.size() > 2 && text.find("](") == std::string_view::npos) {
      add_attributes(text.substr(1, text.size() - 2), &about);
    } else if (text.size() > 1 && text[0] == '.' && text[1] != '.' && text[1] != ' ' && !is_fence(text)) {
      about.title = std::string(text.substr(1));
    } else if (is_comment(text)) {
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
    heading(static_cast<int>(marks), base::trimmed(text.substr(marks)), lines[i].number);
    return i + 1;
  }
  if (top && i + 1 < lines.size() && !is_fence(text) && !marker_of(text)) {
    if (const int level = setext_level(text, lines[i + 1].text)) {
      heading(level, text, lines[i].number);
      return i + 2;
    }
  }
  if (is_fence(text)) return fenced_block(lines, i, about);
  if (text.starts_with("image::") || text.starts_with("video::") || text.starts_with("audio::")) {
    titled(about, lines[i].number);
    const size_t open = text.find('[');
    InlineText words;
    if (open != std::string_view::npos) {
      add_asciidoc("image:" + std::string(text.substr(7)), names_, &words);
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
    blocks_.code(joined(dedented(slice(lines, i, end))), "", lines[i].number);
    return end;
  }
  const std::string style = about.style();
  size_t end = i + 1;
  while (end < lines.size() && !lines[end].blank() && lines[end].text != "+" && !is_condition(lines[end].text) &&
         !is_fence(lines[end].text) &&
         !(lines[end].text.starts_with("[") && lines[end].text.ends_with("]") && lines[end].text.size() > 2 &&
           style.empty())) {
    ++end;
  }
  Lines body = slice(lines, i, end);
  if (style == "source" || style == "listing" || style == "literal") {
    titled(about, lines[i].number);
    blocks_.code(joined(body), language(about), lines[i].number);
    return end;
  }
  const size_t colon = std::min(text.find(": "), text.size());
  const std::string begun = note_name(text.substr(0, colon)), named = begun.empty() ? note_name(style) : begun;
  if (!named.empty()) {
    if (!begun.empty()) body[0].text.remove_prefix(colon + 2);
    note(named, about, body, lines[i].number, false);
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

void AsciiDoc::titled(const BlockAttributes& about, uint32_t line) {
  if (!about.title.empty()) blocks_.strong(with_attributes(about.title, names_), line);
}

void AsciiDoc::attribution(const BlockAttributes& about, uint32_t line) {
  if (about.places.size() < 2) return;
  std::string who = "— " + about.places[1];
  if (about.places.size() > 2) who += ", " + about.places[2];
  paragraph(who, line);
}

std::string AsciiDoc::language(const BlockAttributes& about) {
  if (about.style() == "source" && about.places.size() > 1) return about.places[1];
  const std::string named = about.get("language");
  if (!named.empty() || about.style() != "source") return named;
  const auto found = names_.attributes.find("source-language");
  return found == names_.attributes.end() ? std::string() : found->second;
}

void AsciiDoc::note(const std::string& name, const BlockAttributes& about, const Lines& lines, uint32_t line,
                    bool whole) {
  blocks_.open_quote();
  blocks_.strong(about.title.empty() ? name : name + ": " + about.title, line);
  if (whole) {
    blocks(lines, false);
  } else {
    paragraph(lines);
  }
  blocks_.close();
}

}  // namespace tarn::document::markup
