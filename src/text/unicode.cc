#include "text/unicode.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <limits>
#include <vector>

#include "base/ascii.h"
#include "base/check.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

uint32_t category(char32_t c) { return U_GET_GC_MASK(static_cast<UChar32>(c)); }

const UNormalizer2* nfd() {
  static const UNormalizer2* normalizer = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* made = unorm2_getNFDInstance(&error);
    TARN_CHECK(U_SUCCESS(error));  // ICU's data is part of the installation
    return made;
  }();
  return normalizer;
}

// A run without ASCII, so that no canonical reordering or decomposition crosses its edges.
void append_run(std::string_view run, std::string* out) {
  std::vector<UChar> units;
  for (size_t at = 0; at < run.size();) {
    const Utf8Char c = utf8_at(run, at);
    if (U_IS_BMP(c.value)) {
      units.push_back(static_cast<UChar>(c.value));
    } else {
      units.push_back(U16_LEAD(c.value));
      units.push_back(U16_TRAIL(c.value));
    }
    at += c.size;
  }
  std::vector<UChar> plain(units.size() * 4);  // no character's NFD is longer in UTF-16 units
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size = unorm2_normalize(nfd(), units.data(), static_cast<int32_t>(units.size()), plain.data(),
                                        static_cast<int32_t>(plain.size()), &error);
  TARN_CHECK(U_SUCCESS(error));
  for (int32_t at = 0; at < size;) {
    UChar32 c;
    U16_NEXT(plain.data(), at, size, c);
    if (!is_nonspacing_mark(static_cast<char32_t>(c))) append_utf8(static_cast<char32_t>(u_tolower(c)), out);
  }
}

constexpr size_t kMaxRunBytes = size_t{1} << 20;  // longer runs of one script are cut, at a character that begins anew

// Where the run that begins at `from` ends: at ASCII, or past kMaxRunBytes at a character that NFD leaves apart from
// those before it.
size_t run_end(std::string_view text, size_t from) {
  size_t end = from;
  while (end < text.size() && (text[end] & '\x80') != 0) {
    const Utf8Char c = utf8_at(text, end);
    const bool limit = end - from > kMaxRunBytes;
    if (limit && unorm2_hasBoundaryBefore(nfd(), static_cast<UChar32>(c.value))) break;
    end += c.size;
    // Combining marks without end: the order of those on the two sides of the cut stays as it is.
    if (end - from > 2 * kMaxRunBytes) break;
  }
  return end;
}

}  // namespace

std::string composed(std::string_view text) {
  if (find_non_ascii(text, 0) == text.size()) return std::string(text);
  std::vector<UChar> units;
  for (size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    if (!c.well_formed) return std::string(text);
    UChar pair[2];
    size_t n = 0;
    U16_APPEND_UNSAFE(pair, n, c.value);
    units.insert(units.end(), pair, pair + n);
    at += c.size;
  }
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* nfc = unorm2_getNFCInstance(&error);
  TARN_CHECK(U_SUCCESS(error));
  std::vector<UChar> made(units.size() * 3);  // no text's NFC is longer in UTF-16 units
  const int32_t size = unorm2_normalize(nfc, units.data(), static_cast<int32_t>(units.size()), made.data(),
                                        static_cast<int32_t>(made.size()), &error);
  TARN_CHECK(U_SUCCESS(error));
  std::string out;
  for (int32_t at = 0; at < size;) {
    UChar32 c;
    U16_NEXT(made.data(), at, size, c);
    append_utf8(static_cast<char32_t>(c), &out);
  }
  return out;
}

bool is_white_space(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0; }
bool is_punctuation(char32_t c) { return (category(c) & U_GC_P_MASK) != 0; }
bool is_control_or_format(char32_t c) { return (category(c) & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) != 0; }
bool is_nonspacing_mark(char32_t c) { return (category(c) & U_GC_MN_MASK) != 0; }

bool is_emoji(char32_t c) {
  if (c < 0x2300) return false;
  const auto has = [c](UProperty property) { return u_hasBinaryProperty(static_cast<UChar32>(c), property) != 0; };
  return has(UCHAR_EMOJI_PRESENTATION) || has(UCHAR_REGIONAL_INDICATOR) ||
         ((c >= 0x2600 || c < 0x2400) && has(UCHAR_EXTENDED_PICTOGRAPHIC));
}

void append_lower_without_marks(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    if ((text[at] & '\x80') == 0) {
      out->push_back(base::lower(text[at++]));
      continue;
    }
    const size_t end = run_end(text, at);
    append_run(text.substr(at, end - at), out);
    at = end;
  }
}

}  // namespace tarn::text
