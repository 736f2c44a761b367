#include "document/mail/header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/percent.h"
#include "document/office/package.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document::mail {
namespace {

using base::lower;
using base::trimmed;

std::string utf8(std::string_view bytes, std::string_view charset) {
  auto decoded = text::decode(bytes, charset);
  return decoded.ok() ? std::move(decoded->text) : std::string(bytes);
}

constexpr size_t kMaxWordBytes = 10'000;  // of an encoded word; RFC 2047 has 75
constexpr size_t kMaxParameters = 100;

// One encoded word at the start of the text: its charset and bytes; its length, or nothing.
size_t encoded_word(std::string_view text, std::string* charset, std::string* bytes) {
  if (!text.starts_with("=?")) return 0;
  text = text.substr(0, kMaxWordBytes);
  const size_t second = text.find('?', 2);
  if (second == std::string_view::npos || second + 2 >= text.size() || text[second + 2] != '?') return 0;
  const size_t end = text.find("?=", second + 3);
  if (end == std::string_view::npos) return 0;
  const std::string_view inner = text.substr(second + 3, end - second - 3);
  const char how = base::lower(text[second + 1]);
  if (how != 'b' && how != 'q') return 0;
  *charset = lower(text.substr(2, second - 2));
  charset->resize(std::min(charset->find('*'), charset->size()));  // a language, RFC 2231
  *bytes = how == 'b' ? from_base64(inner) : from_quoted_printable(inner, true);
  return end + 2;
}

std::string unquoted(std::string_view value) {
  value = trimmed(value);
  if (!value.starts_with('"')) return std::string(value);
  std::string out;
  for (size_t i = 1; i < value.size() && value[i] != '"'; ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

// Up to a ';' that is not within quotes.
std::string_view next_piece(std::string_view* rest) {
  bool quoted = false;
  size_t at = 0;
  for (; at < rest->size() && (quoted || (*rest)[at] != ';'); ++at) {
    if ((*rest)[at] == '\\' && quoted) {
      ++at;
    } else if ((*rest)[at] == '"') {
      quoted = !quoted;
    }
  }
  at = std::min(at, rest->size());
  const std::string_view piece = rest->substr(0, at);
  rest->remove_prefix(std::min(at + 1, rest->size()));
  return piece;
}

}  // namespace

std::string_view Header::get(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::string Header::all(std::string_view name) const {
  std::string out;
  for (const Field& f : fields) {
    if (f.name != name || f.value.empty() || out.size() + f.value.size() > kMaxFieldBytes) continue;
    out += (out.empty() ? "" : ", ") + f.value;
  }
  return out;
}

namespace {

// Of a line "Name: value"; 0 for what is none. A blank before the colon, as it was written before 2001, is not of it.
size_t name_size(std::string_view line) {
  const size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = trimmed(line.substr(0, colon));
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return colon < line.size() && line[0] != ' ' && line[0] != '\t' && plain ? name.size() : 0;
}

}  // namespace

Header parse_header(std::string_view message, std::string_view* rest) {
  Header header;
  bool kept = false;  // whether the field that a line may go on is
  while (!message.empty()) {
    const size_t end = std::min(message.find('\n'), message.size());
    std::string_view line = message.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t next = std::min(end + 1, message.size());
    if (line.empty()) {
      message.remove_prefix(next);
      break;
    }
    if ((line[0] == ' ' || line[0] == '\t') && !header.fields.empty()) {
      std::string& value = header.fields.back().value;
      if (kept && value.size() < kMaxFieldBytes) {
        value += ' ';
        value += trimmed(line.substr(0, kMaxFieldBytes - value.size()));
      }
    } else {
      const size_t size = name_size(line);
      if (size == 0) break;
      kept = header.fields.size() < kMaxFields;
      const std::string_view value = line.substr(line.find(':') + 1).substr(0, kMaxFieldBytes);
      if (kept) header.fields.push_back({lower(line.substr(0, size)), std::string(trimmed(value))});
    }
    message.remove_prefix(next);
  }
  *rest = message;
  return header;
}

std::string decoded_words(std::string_view value) {
  std::string out, charset, gathered, gathered_charset, plain;
  const auto flush_words = [&] {
    if (!gathered.empty()) out += utf8(gathered, gathered_charset);
    gathered.clear();
  };
  const auto flush_plain = [&] {
    if (!plain.empty()) out += is_utf8(plain) ? plain : utf8(plain, "");
    plain.clear();
  };
  std::string blanks;  // behind an encoded word, where another may follow
  bool after_word = false;
  for (size_t at = 0; at < value.size();) {
    std::string bytes;
    const size_t size = encoded_word(value.substr(at), &charset, &bytes);
    if (size > 0) {
      flush_plain();
      // Words of one charset may share a character between them.
      if (charset != gathered_charset) flush_words();
      gathered_charset = charset;
      gathered += bytes;
      blanks.clear();
      after_word = true;
      at += size;
    } else if (after_word && (value[at] == ' ' || value[at] == '\t')) {
      blanks += ' ';
      ++at;
    } else {
      flush_words();
      plain += std::exchange(blanks, {});
      after_word = false;
      plain += value[at++];
    }
  }
  flush_words();
  flush_plain();
  return office::clean(out);
}

std::string Typed::get(std::string_view name) const {
  for (const auto& [key, text] : parameters) {
    if (key == name) return text;
  }
  return {};
}

Typed parse_typed(std::string_view value) {
  Typed typed;
  typed.value = lower(trimmed(next_piece(&value)));
  std::map<std::string, std::map<int, std::pair<std::string, bool>>> pieces;  // by name and number: text, encoded
  while (!value.empty()) {
    const std::string_view piece = next_piece(&value);
    const size_t equals = piece.find('=');
    if (equals == std::string_view::npos || pieces.size() > kMaxParameters) continue;
    std::string name = lower(trimmed(piece.substr(0, equals)));
    const std::string text = unquoted(piece.substr(equals + 1));
    const bool encoded = name.ends_with('*');
    if (encoded) name.pop_back();
    int number = 0;
    if (const size_t star = name.find('*'); star != std::string::npos) {
      std::from_chars(name.data() + star + 1, name.data() + name.size(), number);
      name.resize(star);
    } else if (!encoded) {
      number = -1;
    }
    pieces[name].try_emplace(number, text, encoded);
  }
  for (const auto& [name, all] : pieces) {
    const bool in_pieces = all.rbegin()->first >= 0;
    if (!in_pieces) {
      typed.parameters.emplace_back(name, decoded_words(all.begin()->second.first));
      continue;
    }
    std::string bytes, charset;
    for (const auto& [number, piece] : all) {
      if (number < 0) continue;
      std::string text = piece.first;
      if (number == 0 && piece.second) {  // charset'language'text
        const size_t first = text.find('\''), second = first == std::string::npos ? first : text.find('\'', first + 1);
        if (second != std::string::npos) {
          charset = lower(text.substr(0, first));
          text.erase(0, second + 1);
        }
      }
      bytes += piece.second ? base::percent_decoded(text) : text;
    }
    typed.parameters.emplace_back(name, office::clean(utf8(bytes, charset)));
  }
  return typed;
}

std::optional<int64_t> parse_date(std::string_view value) {
  static constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  int day = -1, month = -1, year = -1, hour = -1, minute = 0, second = 0, zone = 0;
  std::string word;
  const auto number = [](std::string_view text, int* n) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *n);
    return error == std::errc() && end == text.data() + text.size();
  };
  int depth = 0;
  const auto take = [&](const std::string& w) {
    int n = 0;
    if (w.empty()) return;
    if (w.find(':') != std::string::npos && hour < 0) {
      const size_t first = w.find(':'), next = w.find(':', first + 1);
      if (!number(std::string_view(w).substr(0, first), &hour)) hour = -1;
      number(std::string_view(w).substr(first + 1, next == std::string::npos ? next : next - first - 1), &minute);
      if (next != std::string::npos) number(std::string_view(w).substr(next + 1, 2), &second);
    } else if ((w[0] == '+' || w[0] == '-') && w.size() == 5 && number(std::string_view(w).substr(1), &n)) {
      zone = (n / 100 * 60 + n % 100) * (w[0] == '-' ? -1 : 1);
    } else if (number(w, &n)) {
      if (day < 0 && n >= 1 && n <= 31 && w.size() <= 2) {
        day = n;
      } else if (year < 0) {
        year = w.size() == 2 ? n + (n < 50 ? 2000 : 1900) : w.size() == 3 ? n + 1900 : n;
      }
    } else if (w.size() >= 3 && month < 0) {
      const size_t found = kMonths.find(lower(w.substr(0, 3)));
      if (found != std::string_view::npos && found % 3 == 0) month = static_cast<int>(found / 3) + 1;
    } else if (hour >= 0) {  // zones by name, as America had them
      static constexpr std::pair<std::string_view, int> kZones[] = {{"est", -300}, {"edt", -240}, {"cst", -360},
                                                                    {"cdt", -300}, {"mst", -420}, {"mdt", -360},
                                                                    {"pst", -480}, {"pdt", -420}};
      for (const auto& [name, minutes] : kZones) {
        if (lower(w) == name) zone = minutes;
      }
    }
  };
  for (const char c : value) {
    depth += c == '(';
    const bool part = depth == 0 && c != ' ' && c != ',' && c != '\t' && !(c == '-' && !word.empty());
    if (part) {
      word += c;
    } else {
      take(std::exchange(word, {}));
    }
    if (c == ')' && depth > 0) --depth;
  }
  take(word);
  if (day < 0 || month < 0 || year < 1970 || year > 9999 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60 || zone < -1'440 || zone > 1'440) {
    return std::nullopt;
  }
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, std::max(hour, 0), minute,
                std::min(second, 59));
  const auto time = base::parse_utc(text);
  if (!time.ok()) return std::nullopt;
  return *time - int64_t{zone} * 60 * 1'000'000;
}

std::vector<std::string> message_ids(std::string_view value) {
  constexpr size_t kMaxIds = 1'000, kMaxIdBytes = 1'000;
  std::vector<std::string> ids;
  for (size_t at = value.find('<'); at != std::string_view::npos && ids.size() < kMaxIds;
       at = value.find('<', at + 1)) {
    const size_t size = value.substr(at, kMaxIdBytes).find('>');
    if (size == std::string_view::npos) continue;
    std::string id = office::clean(trimmed(value.substr(at + 1, size - 1)));
    if (!id.empty()) ids.push_back(std::move(id));
  }
  if (ids.empty() && !trimmed(value).empty() && value.find(' ') == std::string_view::npos &&
      value.size() < kMaxIdBytes) {
    ids.push_back(office::clean(trimmed(value)));
  }
  return ids;
}

std::string from_base64(std::string_view text) {
  static constexpr auto kValues = [] {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < kLetters.size(); ++i) {
      values[static_cast<unsigned char>(kLetters[i])] = static_cast<int8_t>(i);
    }
    values['-'] = 62;
    values['_'] = 63;
    return values;
  }();
  std::string out;
  out.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  int count = 0;
  const auto end_group = [&] {
    if (count == 2) out += static_cast<char>(bits >> 4);
    if (count == 3) out += {static_cast<char>(bits >> 10), static_cast<char>(bits >> 2)};
    count = 0;
    bits = 0;
  };
  for (const char c : text) {
    if (c == '=') {  // an end, also of the first of two that were joined
      end_group();
      continue;
    }
    const int value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (++count < 4) continue;
    out += {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
    count = 0;
    bits = 0;
  }
  end_group();
  return out;
}

std::string from_quoted_printable(std::string_view text, bool in_header) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_' && in_header) {
      out += ' ';
    } else if (c != '=') {
      out += c;
    } else if (i + 2 < text.size() && base::hex_value(text[i + 1]) >= 0 && base::hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(base::hex_value(text[i + 1]) * 16 + base::hex_value(text[i + 2]));
      i += 2;
    } else {
      // A line that goes on: blanks behind the sign may have been added on the way.
      size_t end = i + 1;
      while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
      if (end >= text.size() || text[end] == '\n') {
        i = end;
      } else {
        out += c;
      }
    }
  }
  return out;
}

}  // namespace tarn::document::mail
