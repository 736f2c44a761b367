#include "text/charset.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "text/charset_tables.h"
#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

uint8_t byte_at(std::string_view bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }
bool within(uint8_t byte, uint8_t low, uint8_t high) { return byte >= low && byte <= high; }

// The characters of a charset's sequences that begin with a byte above 0x7F.
class Table {
 public:
  // Of two bytes, `prefix` before each, or of one. A byte without a character is U+FFFD.
  Table(const char* icu_name, bool pairs, std::string_view prefix, std::span<const CharsetFix> fixes,
        bool private_use) {
    std::vector<std::string> sequences;
    for (unsigned lead = 0x80; lead < 0x100; ++lead) {
      for (unsigned trail = 0; trail < (pairs ? 0x100u : 1u); ++trail) {
        sequences.emplace_back(prefix);
        sequences.back().push_back(static_cast<char>(lead));
        if (pairs) sequences.back().push_back(static_cast<char>(trail));
      }
    }
    characters_ = icu::characters(icu_name, sequences);
    for (char32_t& c : characters_) {
      if (!private_use && c >= 0xE000 && c < 0xF900) c = kReplacement;
    }
    for (const CharsetFix& fix : fixes) {
      characters_[pairs ? fix.code - 0x8000u : fix.code - 0x80u] = fix.character;
    }
  }

  char32_t at(uint8_t byte) const { return characters_[byte - 0x80u]; }
  char32_t at(uint8_t lead, uint8_t trail) const { return characters_[(lead - 0x80u) * 0x100u + trail]; }

 private:
  std::vector<char32_t> characters_;
};

class Output {
 public:
  explicit Output(Decoded* decoded) : decoded_(decoded) {}
  void put(char32_t c) { append_utf8(c, &decoded_->text); }
  void ascii(std::string_view bytes) { decoded_->text.append(bytes); }
  void replace() {
    put(kReplacement);
    ++decoded_->replaced;
  }
  void put_or_replace(char32_t c) { c == kReplacement ? replace() : put(c); }

 private:
  Decoded* decoded_;
};

// Made at first use; a table takes a few milliseconds.
const Table& gb18030_table() {
  static const Table table("gb18030", true, "", kGb18030, true);
  return table;
}
const Table& big5_table() {
  static const Table table("Big5-HKSCS", true, "", kBig5, false);
  return table;
}
const Table& euc_kr_table() {
  static const Table table("windows-949", true, "", {}, false);
  return table;
}
const Table& shift_jis_table() {
  static const Table table("ibm-943_P15A-2003", true, "", {}, true);
  return table;
}
const Table& jis_x_0208_table() {
  static const Table table("EUC-JP", true, "", {}, false);
  return table;
}
const Table& jis_x_0212_table() {
  static const Table table("EUC-JP", true, "\x8F", {}, false);
  return table;
}

constexpr char32_t kHalfWidthKatakana = 0xFF61;  // for 0xA1 and on

// What a sequence gives: how many bytes it took, and one character, or kReplacement for none.
struct Sequence {
  size_t size = 1;
  char32_t character = kReplacement;
};

// A pair that is no character: its second byte is read again if it is ASCII, so that no markup is lost.
Sequence pair(const Table& table, uint8_t lead, uint8_t trail, bool valid_trail) {
  const char32_t c = valid_trail ? table.at(lead, trail) : kReplacement;
  return {c == kReplacement && trail < 0x80 ? size_t{1} : size_t{2}, c};
}

// The four-byte sequences of GB 18030 in the Basic Multilingual Plane.
char32_t gb18030_bmp(uint32_t pointer) {
  static const std::vector<char32_t> characters = [] {
    std::vector<std::string> sequences;
    for (uint32_t p = 0; p < 39420; ++p) {
      sequences.push_back({static_cast<char>(0x81 + p / 12600), static_cast<char>(0x30 + p / 1260 % 10),
                           static_cast<char>(0x81 + p / 10 % 126), static_cast<char>(0x30 + p % 10)});
    }
    return icu::characters("gb18030", sequences);
  }();
  return pointer < characters.size() ? characters[pointer] : kReplacement;
}

// Each decoder: the sequence at `at`, where a byte above 0x7F stands.
Sequence gb18030(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (lead == 0x80) return {1, 0x20AC};
  if (lead == 0xFF || at + 1 >= bytes.size()) return {};
  const uint8_t second = byte_at(bytes, at + 1);
  if (!within(second, '0', '9')) {
    return pair(gb18030_table(), lead, second, second >= 0x40 && second != 0x7F && second != 0xFF);
  }
  if (at + 3 >= bytes.size()) return {};
  const uint8_t third = byte_at(bytes, at + 2), fourth = byte_at(bytes, at + 3);
  if (!within(third, 0x81, 0xFE) || !within(fourth, '0', '9')) return {};
  const uint32_t pointer = (((lead - 0x81u) * 10 + second - '0') * 126 + third - 0x81u) * 10 + fourth - '0';
  if (pointer >= 189000 && pointer - 189000 < 0x100000) return {4, 0x10000 + pointer - 189000};
  const char32_t c = gb18030_bmp(pointer);
  return {c == kReplacement ? size_t{1} : size_t{4}, c};
}

Sequence big5(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (!within(lead, 0x81, 0xFE) || at + 1 >= bytes.size()) return {};
  const uint8_t trail = byte_at(bytes, at + 1);
  return pair(big5_table(), lead, trail, within(trail, 0x40, 0x7E) || within(trail, 0xA1, 0xFE));
}

Sequence euc_kr(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (!within(lead, 0x81, 0xFE) || at + 1 >= bytes.size()) return {};
  const uint8_t trail = byte_at(bytes, at + 1);
  return pair(euc_kr_table(), lead, trail, within(trail, 0x41, 0xFE));
}

Sequence shift_jis(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (lead == 0x80) return {1, 0x80};
  if (within(lead, 0xA1, 0xDF)) return {1, kHalfWidthKatakana + lead - 0xA1};
  if (!within(lead, 0x81, 0xFC) || lead == 0xA0 || at + 1 >= bytes.size()) return {};
  const uint8_t trail = byte_at(bytes, at + 1);
  return pair(shift_jis_table(), lead, trail, within(trail, 0x40, 0xFC) && trail != 0x7F);
}

Sequence euc_jp(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (at + 1 >= bytes.size()) return {};
  const uint8_t trail = byte_at(bytes, at + 1);
  const bool valid = within(trail, 0xA1, 0xFE);
  if (lead == 0x8E && within(trail, 0xA1, 0xDF)) return {2, kHalfWidthKatakana + trail - 0xA1};
  if (lead == 0x8F && valid) {
    if (at + 2 >= bytes.size()) return {2, kReplacement};
    const uint8_t third = byte_at(bytes, at + 2);
    Sequence three = pair(jis_x_0212_table(), trail, third, within(third, 0xA1, 0xFE));
    ++three.size;
    return three;
  }
  if (!within(lead, 0xA1, 0xFE)) return {trail < 0x80 || lead != 0x8E ? size_t{1} : size_t{2}, kReplacement};
  return pair(jis_x_0208_table(), lead, trail, valid);
}

void decode_pairs(std::string_view bytes, Sequence (*decoder)(std::string_view, size_t), Decoded* decoded) {
  Output out(decoded);
  for (size_t at = 0; at < bytes.size();) {
    const size_t high = find_non_ascii(bytes, at);
    out.ascii(bytes.substr(at, high - at));
    if (high == bytes.size()) return;
    const Sequence next = decoder(bytes, high);
    // The four pairs of Big5 that are two characters: Ê and ê with a macron or a caron.
    const std::string_view two = bytes.substr(high, 2);
    if (decoder == big5 && (two == "\x88\x62" || two == "\x88\x64" || two == "\x88\xA3" || two == "\x88\xA5")) {
      out.put(byte_at(two, 1) < 0x80 ? 0xCA : 0xEA);
      out.put(byte_at(two, 1) == 0x62 || byte_at(two, 1) == 0xA3 ? 0x304 : 0x30C);
      at = high + 2;
      continue;
    }
    out.put_or_replace(next.character);
    at = high + next.size;
  }
}

// Escapes choose a set; a line begins in ASCII, so that a lost escape costs a line at most (RFC 1468).
void decode_iso_2022_jp(std::string_view bytes, Decoded* decoded) {
  enum class Set { ascii, roman, katakana, kanji, kanji_0212 } set = Set::ascii;
  constexpr std::pair<std::string_view, Set> kEscapes[] = {
      {"(B", Set::ascii}, {"(J", Set::roman},  {"(I", Set::katakana},   {"$@", Set::kanji},
      {"$B", Set::kanji}, {"$(B", Set::kanji}, {"$(D", Set::kanji_0212}};
  Output out(decoded);
  for (size_t at = 0; at < bytes.size();) {
    const uint8_t byte = byte_at(bytes, at);
    if (byte == 0x1B) {
      const std::string_view rest = bytes.substr(at + 1);
      const auto* found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                       [&](const auto& escape) { return rest.starts_with(escape.first); });
      if (found != std::end(kEscapes)) {
        set = found->second;
        at += 1 + found->first.size();
        continue;
      }
    }
    if (byte == '\n' || byte == '\r') set = Set::ascii;
    const bool graphic = within(byte, 0x21, 0x7E);
    if (byte >= 0x80) {
      out.replace();
      ++at;
    } else if (!graphic || set == Set::ascii) {
      out.put(byte);
      ++at;
    } else if (set == Set::roman) {
      out.put(byte == '\\' ? 0xA5 : byte == '~' ? 0x203E : byte);
      ++at;
    } else if (set == Set::katakana) {
      out.put_or_replace(byte <= 0x5F ? kHalfWidthKatakana + byte - 0x21 : kReplacement);
      ++at;
    } else if (at + 1 < bytes.size() && within(byte_at(bytes, at + 1), 0x21, 0x7E)) {
      const Table& table = set == Set::kanji ? jis_x_0208_table() : jis_x_0212_table();
      out.put_or_replace(table.at(byte | 0x80, byte_at(bytes, at + 1) | 0x80));
      at += 2;
    } else {
      out.replace();
      ++at;
    }
  }
}

struct SingleByte {
  std::string_view name;
  const char* icu_name;
  std::span<const CharsetFix> fixes;
};
constexpr SingleByte kSingleBytes[] = {{"windows-874", "windows-874", kWindows874},
                                       {"windows-1253", "windows-1253", kWindows1253},
                                       {"windows-1255", "windows-1255", kWindows1255},
                                       {"koi8-u", "koi8-u", kKoi8U},
                                       {"iso-8859-16", "iso-8859-1", kLatin10}};

void decode_bytes(std::string_view bytes, const Table& table, Decoded* decoded) {
  Output out(decoded);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    out.put_or_replace(byte < 0x80 ? byte : table.at(byte));
  }
}

}  // namespace

bool decode_charset(std::string_view bytes, const std::string& charset, Decoded* out) {
  *out = {{}, charset, 0};
  out->text.reserve(bytes.size() + bytes.size() / 4);
  constexpr std::pair<std::string_view, Sequence (*)(std::string_view, size_t)> kPairs[] = {
      {"gb18030", gb18030}, {"big5", big5}, {"euc-kr", euc_kr}, {"shift_jis", shift_jis}, {"euc-jp", euc_jp}};
  for (const auto& [name, decoder] : kPairs) {
    if (charset == name) {
      decode_pairs(bytes, decoder, out);
      return true;
    }
  }
  if (charset == "iso-2022-jp") {
    decode_iso_2022_jp(bytes, out);
    return true;
  }
  for (const SingleByte& single : kSingleBytes) {
    if (charset == single.name) {
      decode_bytes(bytes, Table(single.icu_name, false, "", single.fixes, false), out);
      return true;
    }
  }
  if (charset == "x-user-defined") {
    for (const char c : bytes) {
      const auto byte = static_cast<uint8_t>(c);
      append_utf8(byte < 0x80 ? byte : 0xF700u + byte, &out->text);
    }
    return true;
  }
  return icu::to_utf8(bytes, charset, &out->text, &out->replaced);
}

std::string iso_2022_by_escapes(std::string_view bytes) {
  if (find_non_ascii(bytes, 0) < bytes.size()) return {};
  if (bytes.find("\x1B$)C") != std::string_view::npos) return "iso-2022-kr";
  if (bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos) {
    return "iso-2022-jp";
  }
  return {};
}

}  // namespace tarn::text
