#include "document/document.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "document/front_matter/front_matter.h"
#include "document/markdown/block_scanner.h"
#include "document/read.h"
#include "text/analyzer.h"
#include "text/utf8.h"

namespace tarn::document {
namespace {

using base::Code;
using base::lower;
using base::Result;
using base::Status;
using json::Value;

constexpr size_t kMaxTerminalCode = 2048;  // a link's address within one

// Bytes of the escape sequence at `at`, 0 when there is none: colours and cursor (ESC [ … letter, or U+009B), titles
// and links (ESC ] … BEL), character sets (ESC ( B) and single ones (ESC 7).
// Source: ECMA-48, section 5.4 and 8.3; xterm's control sequences.
size_t terminal_code_size(std::string_view text, size_t at) {
  const auto is = [&](size_t i, char low, char high) { return i < text.size() && text[i] >= low && text[i] <= high; };
  const bool short_csi = text.substr(at).starts_with("\xC2\x9B");
  if (!short_csi && text[at] != '\x1B') return 0;
  if (short_csi || is(at + 1, '[', '[')) {
    size_t end = at + 2;
    while (is(end, '0', '?')) ++end;
    while (is(end, ' ', '/')) ++end;
    return is(end, '@', '~') ? end + 1 - at : 1 + short_csi;
  }
  if (is(at + 1, ']', ']') || is(at + 1, 'P', 'P') || is(at + 1, '^', '_')) {
    const size_t end = text.substr(0, at + kMaxTerminalCode).find_first_of("\a\x1B\n", at + 2);
    if (end == std::string_view::npos || text[end] == '\n') return 1;
    return end + 1 + (text[end] == '\x1B' && is(end + 1, '\\', '\\')) - at;
  }
  size_t end = at + 1;
  while (is(end, ' ', '/')) ++end;
  return is(end, '0', '~') ? end + 1 - at : 1;
}

struct Cleaned {
  uint64_t nuls = 0, terminal_codes = 0;
};

bool is_stray_control(char c) {
  return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\a';
}

// '\n' lines, also for '\r' alone; NUL is U+FFFD, as CommonMark says; what steers a terminal goes; other control
// characters are blanks. One pass.
Cleaned clean(std::string* text) {
  Cleaned cleaned;
  if (std::none_of(text->begin(), text->end(), is_stray_control) && text->find("\xC2\x9B") == std::string::npos) {
    return cleaned;
  }
  std::string out;
  out.reserve(text->size());
  for (size_t i = 0; i < text->size();) {
    const char c = (*text)[i];
    if (const size_t size = terminal_code_size(*text, i); size > 0) {
      ++cleaned.terminal_codes;
      i += size;
    } else if (c == '\b') {  // what stands before it was printed twice, as bold, or with a line below
      ++cleaned.terminal_codes;
      while (!out.empty() && base::is_continuation(out.back())) out.pop_back();
      if (!out.empty() && out.back() != '\n') out.pop_back();
      ++i;
    } else if (c == '\r') {
      if (i + 1 == text->size() || (*text)[i + 1] != '\n') out.push_back('\n');
      ++i;
    } else if (c == '\0') {
      out.append("\xEF\xBF\xBD");
      ++cleaned.nuls;
      ++i;
    } else {
      out.push_back(is_stray_control(c) ? ' ' : c);
      ++i;
    }
  }
  *text = std::move(out);
  return cleaned;
}

void drop_trailing_blank_lines(std::string* text) {
  const size_t last = text->find_last_not_of(" \t\n");
  if (last == std::string::npos) {
    text->clear();
    return;
  }
  const size_t newline = text->find('\n', last);
  if (newline != std::string::npos) text->resize(newline + 1);
}

// Where form feeds part a text into pages; none where they do not.
std::vector<Anchor> pages_of(std::string_view body) {
  std::vector<Anchor> pages;
  for (size_t at = body.find('\f'); at < body.size() && pages.size() < kMaxAnchors; at = body.find('\f', at + 1)) {
    if (body.find_first_not_of(" \t\n\f", at) == std::string_view::npos) break;
    if (pages.empty()) pages.push_back({0, std::string(kPage), "1"});
    pages.push_back({at, std::string(kPage), std::to_string(pages.size() + 1)});
  }
  return pages;
}

// A scalar as its text: tags and titles are often numbers.
std::string scalar_text(const Value& value) {
  if (value.is_string()) return value.as_string();
  return value.is_null() || value.is_array() || value.is_object() ? std::string() : json::write(value);
}

// A person, a list of persons, or a map with a name.
std::string person(const Value& value) {
  if (value.is_object()) return value["name"].as_string();
  if (!value.is_array()) return scalar_text(value);
  std::string all;
  for (const Value& one : value.items()) {
    const std::string name = person(one);
    if (!name.empty()) all += (all.empty() ? "" : ", ") + name;
  }
  return all;
}

std::vector<std::string> label_list(const Value& value) {
  std::vector<std::string> out;
  if (value.is_array()) {
    for (const Value& item : value.items()) {
      if (item.is_array() || item.is_object()) return {};  // kept in extra as it is
      std::string label = title_line(scalar_text(item));
      if (!label.empty()) out.push_back(std::move(label));
    }
    return out;
  }
  const std::string text = scalar_text(value);
  std::string_view rest = text;
  // A list that could not be read.
  if (rest.starts_with('[')) rest.remove_prefix(1);
  if (rest.ends_with(']')) rest.remove_suffix(1);
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string label = title_line(rest.substr(0, comma));
    if (!label.empty()) out.push_back(std::move(label));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

bool one_of(std::string_view key, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), key) != names.end();
}

// A field that has a place in Document goes there, once; every other is kept in extra.
void take_field(const std::string& key, const Value& value, Document* d) {
  const std::string name = lower(key);
  if (name == "title" && d->title.empty()) {
    d->title = title_line(value.is_array() ? person(value) : scalar_text(value));
    if (!d->title.empty()) return;
  } else if (one_of(name, {"author", "authors"}) && d->author.empty()) {
    d->author = person(value);
    if (!d->author.empty() && value.is_string()) return;
  } else if (one_of(name, {"lang", "language", "locale"}) && d->lang.empty() && value.is_string()) {
    d->lang = value.as_string();
    if (!d->lang.empty()) return;
  } else if (one_of(name, {"tags", "labels", "keywords", "categories"}) && d->labels.empty()) {
    d->labels = label_list(value);
    if (!d->labels.empty()) return;
  } else if (one_of(name, {"date", "created", "created_at", "published", "published_at", "pubdate"}) &&
             !d->created_at_us) {
    d->created_at_us = stated_time(scalar_text(value));
    if (d->created_at_us) return;
  } else if (one_of(name, {"updated", "updated_at", "lastmod", "modified", "last_modified"}) && !d->updated_at_us) {
    d->updated_at_us = stated_time(scalar_text(value));
    if (d->updated_at_us) return;
  }
  d->extra.set(key, value);
}

// The words of a value, a paragraph for each of its texts.
std::string all_texts(const Value& value) {
  std::string all;
  const auto add = [&](const Value& one) {
    std::string words = all_texts(one);
    words.erase(0, std::min(words.find_first_not_of(" \t\n#>"), words.size()));
    if (!words.empty()) all += (all.empty() ? "" : "\n\n") + words;
  };
  if (value.is_array()) {
    for (const Value& item : value.items()) add(item);
  } else if (value.is_object()) {
    for (const auto& [key, item] : value.members()) add(item);
  } else {
    all = scalar_text(value);
  }
  return all;
}

// What the front matter says of the text in words, as paragraphs before it: it is searched and quoted like the text.
// What the text says itself is not said twice.
std::string said_above(const Value& fields, std::string_view title, std::string_view body) {
  std::string paragraphs;
  const auto say = [&](std::string words) {
    while (!words.empty() && static_cast<unsigned char>(words.back()) <= ' ') words.pop_back();
    words.erase(0, std::min(words.find_first_not_of(" \t\n#>"), words.size()));
    if (words.empty() || words == title || body.find(words) != std::string_view::npos) return;
    if (paragraphs.find(words) == std::string::npos) paragraphs += words + "\n\n";
  };
  for (const auto& [key, value] : fields.members()) {
    const std::string name = lower(key);
    if (one_of(name, {"description", "summary", "subtitle", "abstract", "excerpt"})) {
      say(all_texts(value));
    } else if (one_of(name, {"aliases", "alias"})) {
      std::string names;
      for (const std::string& alias : label_list(value)) {
        if (alias[0] != '/') names += (names.empty() ? "" : ", ") + alias;  // an address that leads here is no name
      }
      say(names);
    }
  }
  return paragraphs;
}

}  // namespace

std::string heading_of(std::string_view body) {
  for (const Block& block : scan_blocks(body.substr(0, size_t{256} << 10))) {
    if (block.kind == BlockKind::heading && block.text_end > block.text_start) {
      const uint64_t size = std::min<uint64_t>(block.text_end - block.text_start, 4 * kMaxTitleBytes);
      std::string words = heading_words(body.substr(block.text_start, size));
      if (!words.empty()) return words;
    }
  }
  return {};
}

Status over_body_limit() {
  return {Code::exhausted, "its text is over the limit kMaxBodyBytes (" + std::to_string(kMaxBodyBytes) + ")"};
}

bool is_utf8(std::string_view text) {
  for (size_t at = text::find_non_ascii(text, 0); at < text.size();) {
    const base::Utf8Char c = base::utf8_at(text, at);
    if (!c.well_formed) return false;
    at = text::find_non_ascii(text, at + c.size);
  }
  return true;
}

std::string title_line(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool space = static_cast<unsigned char>(c) <= ' ';
    if (!space) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
    if (out.size() >= kMaxTitleBytes + 4) break;
  }
  out.resize(base::utf8_floor(out, kMaxTitleBytes));
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::optional<int64_t> stated_time(std::string_view text) {
  std::string t = title_line(text);
  if (t.size() < 10) return {};
  for (size_t at : {4, 7}) {
    if (t[at] == '/' || t[at] == '.') t[at] = '-';
  }
  if (t.size() > 10) {
    if (t[10] == ' ' || t[10] == 't') t[10] = 'T';
    const size_t zone_space = t.find(' ', 11);
    if (zone_space != std::string::npos) t.erase(zone_space, 1);
    if (t.ends_with("UTC") || t.ends_with("GMT")) t.replace(t.size() - 3, 3, "Z");
    size_t zone = t.find_first_of("+-Zz", 11);
    if (zone == std::string::npos) {
      zone = t.size();
      t += 'Z';
    }
    if (zone == 16) {
      t.insert(zone, ":00"), zone += 3;  // no seconds
    }
    if (t.size() == zone + 5) t.insert(zone + 3, ":");  // +0200
    if (t.size() == zone + 3) {
      t += ":00";  // +02
    }
  }
  auto time = base::parse_utc(t);
  if (!time.ok()) return {};
  return *time;
}

Result<std::string> decode_text(std::string_view bytes, std::string_view charset_hint, Value* extra) {
  if (looks_binary(bytes.substr(0, 8192))) {
    return Status(Code::unsupported, "it is no text: its first bytes hold control characters");
  }
  TARN_ASSIGN(text::Decoded decoded, text::decode(bytes, charset_hint));
  const auto [nuls, terminal_codes] = clean(&decoded.text);
  if (nuls * 100 > decoded.text.size() || decoded.replaced * 4 > decoded.text.size()) {
    return Status(Code::unsupported, "it is no text: " + std::to_string(nuls) + " NUL characters and " +
                                         std::to_string(decoded.replaced) + " unreadable ones");
  }
  extra->set("charset", decoded.charset);
  if (decoded.replaced + nuls > 0) extra->set("replaced_characters", decoded.replaced + nuls);
  if (terminal_codes > 0) extra->set("terminal_codes", terminal_codes);
  return std::move(decoded.text);
}

Status read_markdown(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  const FrontMatter front = split_front_matter(text);
  for (const auto& [key, value] : front.fields.members()) take_field(key, value, &d);
  if (!front.problem.empty()) d.extra.set("front_matter_problem", front.problem);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(front.body_at), '\n');
  d.body = std::move(text);
  d.body.erase(0, front.body_at);
  drop_trailing_blank_lines(&d.body);
  const std::string above = said_above(front.fields, d.title, d.body);
  if (!d.body.empty()) d.anchors.push_back({above.size(), std::string(kLine), std::to_string(line)});
  d.body.insert(0, above);
  if (d.title.empty()) d.title = heading_of(d.body);
  return sink(std::move(d));
}

Status read_text(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(d.body, decode_text(input.bytes, input.options.charset, &d.extra));
  drop_trailing_blank_lines(&d.body);
  d.anchors = pages_of(d.body);
  if (d.anchors.empty() && !d.body.empty()) d.anchors.push_back({0, std::string(kLine), "1"});
  return sink(std::move(d));
}

}  // namespace tarn::document
