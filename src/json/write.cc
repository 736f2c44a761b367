#include <charconv>
#include <cmath>

#include "json/value.h"

namespace tarn::json {
namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none (Unicode 15, table 3-7).
size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0; };
  const auto tail = [&](size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(at + 1, 0x80, 0xbf) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
    return tail(at + 1, low, high) && tail(at + 2, 0x80, 0xbf) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
    return tail(at + 1, low, high) && tail(at + 2, 0x80, 0xbf) && tail(at + 3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

void append_quoted(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
      out->push_back(text[i++]);
      continue;
    }
    if (c >= 0x80) {
      const size_t length = utf8_length(text, i);
      out->append(length ? text.substr(i, length) : std::string_view("\xef\xbf\xbd"));
      i += length ? length : 1;
      continue;
    }
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->append("\\u00");
        out->push_back(kHex[c >> 4]);
        out->push_back(kHex[c & 15]);
    }
    ++i;
  }
  out->push_back('"');
}

void append_double(double v, std::string* out) {
  if (!std::isfinite(v)) {
    out->append("null");
    return;
  }
  // Strict readers of decimals take no exponent; without one, no number of a usual size is longer than this.
  const double size = std::abs(v);
  const bool plain = size == 0 || (size >= 1e-15 && size < 1e17);
  char buffer[48];
  const auto end = plain ? std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::fixed).ptr
                         : std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  out->append(text);
  if (text.find_first_of(".en") == std::string_view::npos) out->append(".0");  // stays a double when read again
}

// indent < 0: compact.
void append(const Value& value, int indent, int level, std::string* out) {
  const auto line = [&](int depth) {
    if (indent < 0) return;
    out->push_back('\n');
    out->append(static_cast<size_t>(indent * depth), ' ');
  };
  if (value.is_null()) {
    out->append("null");
  } else if (value.is_bool()) {
    out->append(value.as_bool() ? "true" : "false");
  } else if (value.is_int()) {
    out->append(std::to_string(value.as_int()));
  } else if (value.is_number()) {
    append_double(value.as_double(), out);
  } else if (value.is_string()) {
    append_quoted(value.as_string(), out);
  } else if (value.is_array()) {
    out->push_back('[');
    bool first = true;
    for (const Value& item : value.items()) {
      if (!first) out->push_back(',');
      first = false;
      line(level + 1);
      append(item, indent, level + 1, out);
    }
    if (!first) line(level);
    out->push_back(']');
  } else {
    out->push_back('{');
    bool first = true;
    for (const auto& [key, item] : value.members()) {
      if (!first) out->push_back(',');
      first = false;
      line(level + 1);
      append_quoted(key, out);
      out->append(indent < 0 ? ":" : ": ");
      append(item, indent, level + 1, out);
    }
    if (!first) line(level);
    out->push_back('}');
  }
}

}  // namespace

std::string write(const Value& value) {
  std::string out;
  append(value, -1, 0, &out);
  return out;
}

std::string write_pretty(const Value& value, int indent) {
  std::string out;
  append(value, indent, 0, &out);
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(text, &out);
  return out;
}

}  // namespace tarn::json
