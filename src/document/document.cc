#include "document/document.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "document/block_scanner.h"
#include "document/front_matter.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

std::string stem(std::string_view name) {
  std::string_view base = name.substr(name.find_last_of('/') + 1);
  const size_t dot = base.find_last_of('.');
  return std::string(dot == std::string_view::npos || dot == 0 ? base : base.substr(0, dot));
}

// '\n' lines; NUL is U+FFFD, as CommonMark says. One pass.
uint64_t clean(std::string* text) {
  uint64_t nuls = 0;
  if (text->find_first_of(std::string_view("\r\0", 2)) == std::string::npos) return nuls;
  std::string out;
  out.reserve(text->size());
  for (size_t i = 0; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c == '\r' && i + 1 < text->size() && (*text)[i + 1] == '\n') continue;
    if (c == '\0') {
      out.append("\xEF\xBF\xBD");
      ++nuls;
    } else {
      out.push_back(c);
    }
  }
  *text = std::move(out);
  return nuls;
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

std::string first_heading(std::string_view body) {
  for (const Block& block : scan_blocks(body.substr(0, size_t{256} << 10))) {
    if (block.kind == BlockKind::heading && block.text_end > block.text_start) {
      return plain_text(
          body.substr(block.text_start, std::min<uint64_t>(block.text_end - block.text_start, 4 * kMaxTitleBytes)));
    }
  }
  return {};
}

// A person, a list of persons, or a map with a name.
std::string person(const Value& value) {
  if (value.is_object()) return value["name"].as_string();
  if (!value.is_array()) return value.as_string();
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
      if (!item.is_string() || item.as_string().empty()) return {};  // kept in extra as it is
      out.push_back(item.as_string());
    }
    return out;
  }
  std::string_view rest = value.as_string();
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string label = title_line(rest.substr(0, comma));
    if (!label.empty()) out.push_back(std::move(label));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

bool one_of(std::string_view key, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), key) != names.end();
}

// A field that has a place in Document goes there, once; every other is kept in extra.
void take_field(const std::string& key, const Value& value, Document* d) {
  const std::string name = lower(key);
  if (name == "title" && d->title.empty() && value.is_string()) {
    d->title = title_line(value.as_string());
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
    d->created_at_us = stated_time(value.as_string());
    if (d->created_at_us) return;
  } else if (one_of(name, {"updated", "updated_at", "lastmod", "modified", "last_modified"}) && !d->updated_at_us) {
    d->updated_at_us = stated_time(value.as_string());
    if (d->updated_at_us) return;
  }
  d->extra.set(key, value);
}

}  // namespace

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
  if (out.size() > kMaxTitleBytes) {
    size_t end = kMaxTitleBytes;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
    out.resize(end);
  }
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
    if (zone == 16) t.insert(zone, ":00"), zone += 3;   // no seconds
    if (t.size() == zone + 5) t.insert(zone + 3, ":");  // +0200
    if (t.size() == zone + 3) t += ":00";               // +02
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
  const uint64_t nuls = clean(&decoded.text);
  if (nuls * 100 > decoded.text.size() || decoded.replaced * 4 > decoded.text.size()) {
    return Status(Code::unsupported, "it is no text: " + std::to_string(nuls) + " NUL characters and " +
                                         std::to_string(decoded.replaced) + " unreadable ones");
  }
  extra->set("charset", decoded.charset);
  if (decoded.replaced + nuls > 0) extra->set("replaced_characters", decoded.replaced + nuls);
  return std::move(decoded.text);
}

Document read_markdown(std::string text, Value extra) {
  Document d;
  d.mime = kMarkdown;
  d.extra = std::move(extra);
  const FrontMatter front = split_front_matter(text);
  for (const auto& [key, value] : front.fields.members()) take_field(key, value, &d);
  if (!front.problem.empty()) d.extra.set("front_matter_problem", front.problem);
  d.body = std::move(text);
  d.body.erase(0, front.body_at);
  drop_trailing_blank_lines(&d.body);
  return d;
}

Result<Document> extract(std::string_view bytes, std::string_view mime, std::string_view name,
                         const ExtractOptions& options) {
  if (bytes.size() > kMaxDocumentBytes) {
    return Status(Code::exhausted, "it has " + std::to_string(bytes.size()) +
                                       " bytes, over the limit kMaxDocumentBytes (" +
                                       std::to_string(kMaxDocumentBytes) + ")");
  }
  Document d;
  if (mime == kHtml) {
    TARN_ASSIGN(d, read_html(bytes, name, options));
  } else if (mime == kMarkdown || mime == kPlain) {
    Value extra = Value::object();
    TARN_ASSIGN(std::string text, decode_text(bytes, options.charset, &extra));
    if (mime == kMarkdown) {
      d = read_markdown(std::move(text), std::move(extra));
    } else {
      d.extra = std::move(extra);
      d.body = std::move(text);
      drop_trailing_blank_lines(&d.body);
    }
  } else {
    return Status(Code::unsupported, "the type '" + std::string(mime) + "' is not read",
                  "Markdown, HTML and plain text are");
  }
  d.mime = mime;
  if (d.title.empty() && mime != kPlain) d.title = title_line(first_heading(d.body));
  if (d.title.empty()) d.title = title_line(stem(name));
  return d;
}

}  // namespace tarn::document
