// The YAML that front matter is written in. Types follow YAML 1.2's core schema: null, booleans true and false,
// integers, floats; all else is text, and so is a number that would be written otherwise: 3.10 is a version. Tags are
// passed over.
#include <charconv>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "document/document.h"
#include "document/front_matter/front_matter.h"
#include "document/front_matter/scalar_escapes.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

struct Line {
  size_t number = 0;
  size_t indent = 0;
  std::string_view text;  // behind the indentation, trailing spaces gone
  std::string_view raw;
  bool blank() const { return text.empty() || text[0] == '#'; }
};

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

int depth_of(const Value& value) {
  int depth = 0;
  if (value.is_array()) {
    for (const Value& item : value.items()) depth = std::max(depth, 1 + depth_of(item));
  } else if (value.is_object()) {
    for (const auto& [key, item] : value.members()) depth = std::max(depth, 1 + depth_of(item));
  }
  return depth;
}

// A number, if that is how it is written.
Value number(Value value, std::string_view text) { return json::write(value) == text ? std::move(value) : Value(text); }

Value plain_scalar(std::string_view s) {
  if (s.empty() || s == "~" || s == "null" || s == "Null" || s == "NULL") return {};
  if (s == "true" || s == "True" || s == "TRUE") return true;
  if (s == "false" || s == "False" || s == "FALSE") return false;
  std::string_view digits = s;
  if (digits[0] == '+') digits.remove_prefix(1);
  int64_t integer = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  // A leading zero is a code or a date's part more often than a number: it is kept as written.
  const std::string_view unsigned_part = digits.substr(!digits.empty() && digits[0] == '-' ? 1 : 0);
  if (unsigned_part.size() > 1 && unsigned_part[0] == '0' && unsigned_part[1] != '.') return s;
  if (error == std::errc() && end == digits.data() + digits.size()) return number(integer, s);
  if (!unsigned_part.empty() && (unsigned_part[0] == '.' || base::is_digit(unsigned_part[0]))) {
    double real = 0;
    auto [stop, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), real);
    if (bad == std::errc() && stop == digits.data() + digits.size() && std::isfinite(real)) return number(real, s);
  }
  return s;
}

class Reader {
 public:
  Reader(std::string_view text, size_t first_line) {
    size_t number = first_line;
    for (size_t at = 0; at < text.size(); ++number) {
      const size_t end = std::min(text.find('\n', at), text.size());
      std::string_view raw = text.substr(at, end - at);
      while (!raw.empty() && (raw.back() == '\r' || raw.back() == ' ')) raw.remove_suffix(1);
      const size_t indent = std::min(raw.find_first_not_of(" \t"), raw.size());
      lines_.push_back({number, indent, raw.substr(indent), raw});
      at = end + 1;
    }
  }

  Result<Value> read() {
    TARN_ASSIGN(Value value, node(0, 0));
    skip_blank();
    if (at_ < lines_.size()) return problem("is indented unlike what stands above it");
    return value.is_null() ? Value::object() : value;
  }

 private:
  Status problem(std::string_view what) const {
    const size_t number = at_ < lines_.size() ? lines_[at_].number : lines_.empty() ? 1 : lines_.back().number;
    return {Code::invalid_argument, "line " + std::to_string(number) + " " + std::string(what)};
  }
  void skip_blank() {
    while (at_ < lines_.size() && lines_[at_].blank()) ++at_;
  }

  // What stands at `indent` or deeper.
  Result<Value> node(size_t indent, int depth) {
    if (depth > kMaxNesting) return problem("nests deeper than kMaxNesting");
    skip_blank();
    if (at_ >= lines_.size() || lines_[at_].indent < indent) return Value();
    return is_item(lines_[at_].text) ? list(lines_[at_].indent, depth) : map(lines_[at_].indent, depth);
  }

  static bool is_item(std::string_view text) { return text == "-" || text.starts_with("- "); }

  Result<Value> list(size_t indent, int depth) {
    Value out = Value::array();
    for (skip_blank(); at_ < lines_.size() && lines_[at_].indent == indent && is_item(lines_[at_].text); skip_blank()) {
      Line& line = lines_[at_];
      std::string_view rest = line.text.substr(1);
      const size_t spaces = std::min(rest.find_first_not_of(' '), rest.size());
      rest.remove_prefix(spaces);
      if (rest.empty() || rest[0] == '#') {
        ++at_;
        TARN_ASSIGN(Value item, node(indent + 1, depth + 1));
        out.push(std::move(item));
      } else if (is_item(rest) || key_end(rest) != std::string_view::npos) {
        // "- key: value": a map whose indentation is behind the dash.
        line.indent += 1 + spaces;
        line.text = rest;
        TARN_ASSIGN(Value item, node(line.indent, depth + 1));
        out.push(std::move(item));
      } else {
        TARN_ASSIGN(Value item, scalar(rest, indent + 1, depth + 1));
        out.push(std::move(item));
      }
    }
    return out;
  }

  // Where a key's ':' stands, npos when the text is no "key: …".
  static size_t key_end(std::string_view text) {
    if (text.empty() || std::string_view("[{|>&*!%@`#").find(text[0]) != std::string_view::npos) {
      return std::string_view::npos;
    }
    size_t at = 0;
    if (text[0] == '"' || text[0] == '\'') {
      at = text.find(text[0], 1);
      if (at == std::string_view::npos) return at;
      ++at;
      return at < text.size() && text[at] == ':' && (at + 1 == text.size() || text[at + 1] == ' ')
                 ? at
                 : std::string_view::npos;
    }
    for (; at < text.size(); ++at) {
      if (text[at] == ':' && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t')) return at;
      if (text[at] == '#' && at > 0 && text[at - 1] == ' ') break;
    }
    return std::string_view::npos;
  }

  Result<Value> map(size_t indent, int depth) {
    Value out = Value::object();
    for (skip_blank(); at_ < lines_.size() && lines_[at_].indent == indent; skip_blank()) {
      const std::string_view text = lines_[at_].text;
      const size_t colon = key_end(text);
      if (colon == std::string_view::npos) return problem("is no 'key: value'");
      std::string_view key = trim(text.substr(0, colon));
      if (key.size() >= 2 && (key[0] == '"' || key[0] == '\'')) key = key.substr(1, key.size() - 2);
      if (out.contains(key)) return problem("has a key for the second time: '" + std::string(key) + "'");
      const std::string_view rest = trim(text.substr(colon + 1));
      if (rest.empty() || rest[0] == '#') {
        ++at_;
        skip_blank();
        // A list may stand at its key's own indentation.
        const bool list_here = at_ < lines_.size() && lines_[at_].indent == indent && is_item(lines_[at_].text);
        TARN_ASSIGN(Value value, list_here ? list(indent, depth + 1) : node(indent + 1, depth + 1));
        out.set(std::string(key), std::move(value));
      } else {
        TARN_ASSIGN(Value value, scalar(rest, indent + 1, depth + 1));
        out.set(std::string(key), std::move(value));
      }
    }
    if (at_ < lines_.size() && lines_[at_].indent > indent) return problem("is indented unlike what stands above it");
    return out;
  }

  // A value that begins on the line at hand, and the lines that continue it (deeper than the key).
  Result<Value> scalar(std::string_view text, size_t indent, int depth) {
    switch (text[0]) {
      case '|':
      case '>':
        return block_text(text, indent);
      case '[':
      case '{':
        return flow(text, indent, depth);
      case '"':
      case '\'':
        return quoted(text, indent);
      case '&':
      case '!': {
        // A name for the value, or its type; what is meant is its text.
        const size_t end = std::min(text.find_first_of(" \t"), text.size());
        const std::string_view rest = trim(text.substr(end));
        const bool has_name = text.size() > 1 && text[1] != ' ';
        if (!has_name || (text[0] == '!' && end < 2)) break;
        if (depth > kMaxNesting) return problem("nests deeper than kMaxNesting");
        if (!rest.empty() && rest[0] != '#') {
          TARN_ASSIGN(Value value, scalar(rest, indent, depth + 1));
          if (text[0] == '&') keep(text.substr(1, end - 1), value);
          if (text.starts_with("!!str") && !value.is_string()) return Value(without_comment(rest));
          return value;
        }
        if (text[0] == '!' && !text.starts_with("!!")) break;  // "!important"
        ++at_;
        TARN_ASSIGN(Value value, node(indent, depth));
        if (text[0] == '&') keep(text.substr(1, end - 1), value);
        return value;
      }
      case '*': {
        const bool goes_on = at_ + 1 < lines_.size() && !lines_[at_ + 1].blank() && lines_[at_ + 1].indent >= indent;
        const Value* value = goes_on ? nullptr : named(without_comment(text), depth);
        if (!value) break;
        ++at_;
        return *value;
      }
      default:
        break;
    }
    std::string value(without_comment(text));
    ++at_;
    bool one_line = true;
    for (; at_ < lines_.size() && !lines_[at_].blank() && lines_[at_].indent >= indent; ++at_) {
      if (key_end(lines_[at_].text) != std::string_view::npos) {
        return problem("is indented unlike what stands above it");
      }
      value.append(" ").append(without_comment(lines_[at_].text));
      one_line = false;
    }
    return one_line ? plain_scalar(value) : Value(std::move(value));
  }

  // "&name value".
  void keep(std::string_view name, const Value& value) {
    anchors_.insert_or_assign(std::string(name), Anchor{value, json::write(value).size(), depth_of(value)});
  }

  // What "*name" stands for; null where that is nothing, or too much: names within names grow without end.
  const Value* named(std::string_view text, int depth) {
    if (!text.starts_with('*')) return nullptr;
    const auto found = anchors_.find(text.substr(1));
    if (found == anchors_.end()) return nullptr;
    const Anchor& anchor = found->second;
    if (depth + anchor.depth > kMaxNesting || repeated_bytes_ + anchor.bytes > kMaxFrontMatterBytes) return nullptr;
    repeated_bytes_ += anchor.bytes;
    return &anchor.value;
  }

  static std::string_view without_comment(std::string_view text) {
    const size_t comment = text.find(" #");
    return trim(comment == std::string_view::npos ? text : text.substr(0, comment));
  }

  // Joins the value's lines until `complete` says that it is whole.
  template <typename Complete>
  Result<std::string> gather(std::string_view text, size_t indent, bool comments, Complete complete) {
    // A comment may stand behind each line of a list, but not within a quoted value.
    const auto without = [&](std::string_view line) { return comments ? without_comment(line) : trim(line); };
    std::string all(text.find(" #") != std::string_view::npos && !complete(text) ? without(text) : text);
    const size_t first = at_;
    ++at_;
    while (!complete(all)) {
      if (at_ >= lines_.size() ||
          (!lines_[at_].text.empty() && lines_[at_].indent < indent &&
           !std::string_view("]}").starts_with(lines_[at_].text[0]) && lines_[at_].text[0] != '}')) {
        at_ = first;
        return problem("begins a value that does not end");
      }
      all.append(" ").append(without(lines_[at_].text));
      ++at_;
    }
    return all;
  }

  Result<Value> quoted(std::string_view text, size_t indent) {
    const char quote = text[0];
    TARN_ASSIGN(std::string all, gather(text, indent, false,
                                        [&](std::string_view s) { return quoted_end(s) != std::string_view::npos; }));
    const size_t end = quoted_end(all);
    const std::string_view rest = trim(std::string_view(all).substr(end));
    --at_;
    if (!rest.empty() && rest[0] != '#') return problem("has text behind a quoted value");
    std::string value;
    if (!unescape(std::string_view(all).substr(1, end - 2), quote, &value)) return problem("has an unknown escape");
    ++at_;
    return Value(std::move(value));
  }

  Result<Value> flow(std::string_view text, size_t indent, int depth) {
    TARN_ASSIGN(std::string all,
                gather(text, indent, true, [](std::string_view s) { return flow_end(s) != std::string_view::npos; }));
    --at_;
    const std::string_view rest = trim(std::string_view(all).substr(flow_end(all)));
    if (!rest.empty() && rest[0] != '#') return problem("has text behind a list");
    size_t at = 0;
    TARN_ASSIGN(Value value, flow_value(all, &at, depth));
    ++at_;
    return value;
  }

  // Behind the closing quote of a text that begins with one; npos when it is not there.
  static size_t quoted_end(std::string_view s) {
    for (size_t i = 1; i < s.size(); ++i) {
      if (s[i] == '\\' && s[0] == '"') {
        ++i;
      } else if (s[i] == s[0]) {
        if (s[0] == '\'' && i + 1 < s.size() && s[i + 1] == '\'') {
          ++i;
        } else {
          return i + 1;
        }
      }
    }
    return std::string_view::npos;
  }

  static size_t flow_end(std::string_view s) {
    int open = 0;
    for (size_t i = 0; i < s.size(); ++i) {
      if ((s[i] == '"' || s[i] == '\'') && i > 0 &&
          std::string_view(" [{,:").find(s[i - 1]) != std::string_view::npos) {
        const size_t end = quoted_end(s.substr(i));
        if (end == std::string_view::npos) return end;
        i += end - 1;
      } else if (s[i] == '[' || s[i] == '{') {
        ++open;
      } else if ((s[i] == ']' || s[i] == '}') && --open == 0) {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }

  static void skip_spaces(std::string_view s, size_t* at) {
    while (*at < s.size() && (s[*at] == ' ' || s[*at] == '\t')) ++*at;
  }

  Result<Value> flow_value(std::string_view s, size_t* at, int depth) {
    if (depth > kMaxNesting) return problem("nests deeper than kMaxNesting");
    skip_spaces(s, at);
    if (*at >= s.size()) return problem("ends within a list");
    if (s[*at] == '[' || s[*at] == '{') return flow_group(s, at, depth);
    if (s[*at] == '"' || s[*at] == '\'') {
      const size_t end = quoted_end(s.substr(*at));
      if (end == std::string_view::npos) return problem("begins a value that does not end");
      std::string value;
      if (!unescape(s.substr(*at + 1, end - 2), s[*at], &value)) return problem("has an unknown escape");
      *at += end;
      return Value(std::move(value));
    }
    const size_t start = *at;
    while (
        *at < s.size() && std::string_view(",]}").find(s[*at]) == std::string_view::npos &&
        !(s[*at] == ':' && *at + 1 < s.size() && std::string_view(" ,]}").find(s[*at + 1]) != std::string_view::npos)) {
      ++*at;
    }
    const std::string_view text = trim(s.substr(start, *at - start));
    const Value* value = named(text, depth);
    return value ? *value : plain_scalar(text);
  }

  Result<Value> flow_group(std::string_view s, size_t* at, int depth) {
    const bool list = s[(*at)++] == '[';
    Value out = list ? Value::array() : Value::object();
    for (;;) {
      skip_spaces(s, at);
      if (*at >= s.size()) return problem("ends within a list");
      if (s[*at] == (list ? ']' : '}')) break;
      TARN_ASSIGN(Value item, flow_value(s, at, depth + 1));
      skip_spaces(s, at);
      if (list) {
        out.push(std::move(item));
      } else {
        if (!item.is_string() || *at >= s.size() || s[*at] != ':') {
          return problem("has a map within braces without 'key: value'");
        }
        ++*at;
        TARN_ASSIGN(Value value, flow_value(s, at, depth + 1));
        if (out.contains(item.as_string())) return problem("has a key for the second time: '" + item.as_string() + "'");
        out.set(item.as_string(), std::move(value));
        skip_spaces(s, at);
      }
      if (*at < s.size() && s[*at] == ',') {
        ++*at;
      } else if (*at >= s.size() || s[*at] != (list ? ']' : '}')) {
        return problem("has a list without commas");
      }
    }
    ++*at;
    return out;
  }

  // "|" keeps line breaks, ">" folds them; "-" drops the last one, "+" keeps all.
  Result<Value> block_text(std::string_view header, size_t indent) {
    const bool folded = header[0] == '>';
    const std::string_view style = without_comment(header.substr(1));
    if (style.size() > 1 || (!style.empty() && style != "-" && style != "+")) {
      return problem("has an unknown text style");
    }
    ++at_;
    std::string out;
    size_t own = 0;
    size_t breaks = 0;
    for (; at_ < lines_.size(); ++at_) {
      const Line& line = lines_[at_];
      if (line.raw.empty() || line.indent == line.raw.size()) {
        ++breaks;
        continue;
      }
      if (own == 0) {
        if (line.indent < indent) break;
        own = line.indent;
      }
      if (line.indent < own) break;
      if (!out.empty()) {
        if (folded && breaks == 0) {
          out += ' ';
        } else {
          out.append(folded ? breaks : breaks + 1, '\n');
        }
      }
      breaks = 0;
      out.append(line.raw.substr(own));
    }
    if (style != "-" && !out.empty()) out += '\n';
    if (style == "+") out.append(breaks, '\n');
    return Value(std::move(out));
  }

  struct Anchor {
    Value value;
    size_t bytes = 0;  // as JSON
    int depth = 0;
  };
  std::vector<Line> lines_;
  size_t at_ = 0;
  std::map<std::string, Anchor, std::less<>> anchors_;
  size_t repeated_bytes_ = 0;
};

}  // namespace

base::Result<json::Value> parse_yaml_subset(std::string_view text, size_t first_line) {
  return Reader(text, first_line).read();
}

}  // namespace tarn::document
