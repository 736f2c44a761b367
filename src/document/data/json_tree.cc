#include "document/data/json_tree.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace tarn::document::data {
namespace {

using Kind = JsonNode::Kind;

class Parser {
 public:
  Parser(std::string_view text, uint64_t line, JsonTree* out) : text_(text), line_(line), out_(out) {}

  void run() {
    for (;;) {
      pass();
      if (at_ >= text_.size() || stopped()) break;
      if (!value({}, 0)) break;
      pass();
      if (at_ < text_.size() && text_[at_] == ',') fault("a value is followed by a comma");
    }
  }

 private:
  bool stopped() const { return !out_->fault.empty() || out_->cut_line > 0; }
  bool fault(std::string what) {
    if (out_->fault.empty()) out_->fault = std::move(what), out_->fault_line = line_;
    return false;
  }
  size_t add(Kind kind, std::string_view key, std::string_view text) {
    out_->nodes.push_back({kind, static_cast<uint32_t>(line_), 0, key, text});
    out_->nodes.back().next = static_cast<uint32_t>(out_->nodes.size());
    if (out_->nodes.size() >= kMaxTreeNodes) out_->cut_line = line_;
    return out_->nodes.size() - 1;
  }

  // Blanks and comments.
  void pass() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
      } else if (c == '/' && at_ + 1 < text_.size() && (text_[at_ + 1] == '/' || text_[at_ + 1] == '*')) {
        const bool block = text_[at_ + 1] == '*';
        const size_t end = std::min(text_.find(block ? "*/" : "\n", at_ + 2), text_.size());
        const std::string_view words = base::trimmed(text_.substr(at_ + 2, end - at_ - 2));
        if (!words.empty() && !stopped()) add(Kind::comment, {}, words);
        line_ += static_cast<uint64_t>(
            std::count(text_.begin() + static_cast<ptrdiff_t>(at_), text_.begin() + static_cast<ptrdiff_t>(end), '\n'));
        at_ = block ? std::min(end + 1, text_.size() - 1) : end - 1;
      } else if (c != ' ' && c != '\t' && c != '\r' && c != '\f') {
        return;
      }
    }
  }

  // Between the quotes at `at_`, which moves behind them.
  bool string(std::string_view* out) {
    const size_t start = ++at_;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') return fault("a string is not closed");
    }
    if (at_ >= text_.size()) return fault("a string is not closed");
    *out = text_.substr(start, at_++ - start);
    return true;
  }

  bool value(std::string_view key, int depth) {
    if (at_ >= text_.size()) return fault("a value is missing at the end");
    const char c = text_[at_];
    if (c == '{' || c == '[') {
      if (depth >= kMaxTreeDepth) return fault("it is nested deeper than kMaxTreeDepth");
      const size_t node = add(c == '{' ? Kind::object : Kind::array, key, {});
      const bool whole = members(c == '{', depth);
      out_->nodes[node].next = static_cast<uint32_t>(out_->nodes.size());
      return whole;
    }
    if (c == '"') {
      std::string_view text;
      if (!string(&text)) return false;
      add(Kind::string, key, text);
      return !stopped();
    }
    size_t end = at_;
    while (end < text_.size() && (base::is_alnum(text_[end]) || text_[end] == '-' || text_[end] == '+' ||
                                  text_[end] == '.' || text_[end] == '_' || text_[end] == '$')) {
      ++end;
    }
    const std::string_view word = text_.substr(at_, end - at_);
    const bool number = !word.empty() && (base::is_digit(word[0]) || (word[0] == '-' && word.size() > 1));
    if (!number && word != "true" && word != "false" && word != "null" && word != "NaN" && word != "Infinity") {
      return fault(word.empty() ? "there is no value" : "'" + std::string(word.substr(0, 40)) + "' is no value");
    }
    at_ = end;
    add(Kind::scalar, key, word);
    return !stopped();
  }

  bool members(bool object, int depth) {
    const char close = object ? '}' : ']';
    ++at_;
    for (;;) {
      pass();
      if (stopped()) return false;
      if (at_ >= text_.size()) return fault(object ? "an object is not closed" : "an array is not closed");
      if (text_[at_] == close) {
        ++at_;
        return true;
      }
      std::string_view key;
      if (object) {
        if (text_[at_] != '"') return fault("a member has no name in quotes");
        if (!string(&key)) return false;
        pass();
        if (at_ >= text_.size() || text_[at_] != ':') return fault("a name is not followed by ':'");
        ++at_;
        pass();
      }
      if (!value(key, depth + 1)) return false;
      pass();
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
      } else if (at_ < text_.size() && text_[at_] != close) {
        return fault("a comma is missing");
      }
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  uint64_t line_;
  JsonTree* out_;
};

// The code unit of "\uXXXX" at `at`; -1 where there is none.
int code_unit(std::string_view text, size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int value = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const int digit = base::hex_value(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

JsonTree parse_json(std::string_view text, uint64_t line) {
  JsonTree tree;
  Parser(text, line, &tree).run();
  return tree;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    if (const int unit = code_unit(text, i); unit >= 0) {
      char32_t c = static_cast<char32_t>(unit);
      i += 5;
      if (unit >= 0xD800 && unit < 0xDC00) {
        const int low = code_unit(text, i + 1);
        if (low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00);
          i += 6;
        }
      }
      base::append_utf8(c == 0 || (c >= 0xD800 && c < 0xE000) ? base::kReplacement : c, &out);
      continue;
    }
    const char c = text[++i];
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        if (i + 2 >= text.size() || text.substr(i + 1, 2) != "\\n") out += '\n';
        break;
      case 'b':
      case 'f':
        out += ' ';
        break;
      case '"':
      case '\\':
      case '/':
        out += c;
        break;
      default:
        (out += '\\') += c;
    }
  }
  return out;
}

}  // namespace tarn::document::data
