#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>

#include <memory>
#include <vector>

#include "base/check.h"
#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text::icu {
namespace {

struct CloseConverter {
  void operator()(UConverter* c) const { ucnv_close(c); }
};
struct CloseDetector {
  void operator()(UCharsetDetector* d) const { ucsdet_close(d); }
};

// Writes U+FFFD for what cannot be read and counts it.
void replace_and_count(const void* context, UConverterToUnicodeArgs* args, const char* units, int32_t length,
                       UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;  // a reset or a close
  ++*const_cast<uint64_t*>(static_cast<const uint64_t*>(context));
  *error = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
}

}  // namespace

bool to_utf8(std::string_view bytes, const std::string& charset, std::string* out, uint64_t* replaced) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(charset.c_str(), &error));
  if (U_FAILURE(error)) return false;
  *replaced = 0;
  out->clear();
  out->reserve(bytes.size() + bytes.size() / 8);
  ucnv_setToUCallBack(converter.get(), replace_and_count, replaced, nullptr, nullptr, &error);
  if (U_FAILURE(error)) return false;

  constexpr size_t kUnits = 4096;
  UChar units[kUnits];
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  char32_t high = 0;  // a surrogate whose partner comes with the next piece
  do {
    UChar* to = units;
    error = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &to, units + kUnits, &from, end, nullptr, true, &error);
    if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR) return false;
    for (const UChar* u = units; u < to; ++u) {
      if (U16_IS_LEAD(*u)) {
        high = *u;
      } else if (U16_IS_TRAIL(*u) && high != 0) {
        append_utf8(static_cast<char32_t>(U16_GET_SUPPLEMENTARY(high, *u)), out);
        high = 0;
      } else {
        append_utf8(U16_IS_TRAIL(*u) ? kReplacement : static_cast<char32_t>(*u), out);
      }
    }
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return true;
}

std::vector<std::string> detect_charsets(std::string_view bytes, int min_confidence) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
  if (U_FAILURE(error)) return {};
  ucsdet_setText(detector.get(), bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  int32_t count = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &count, &error);
  std::vector<std::string> names;
  for (int32_t i = 0; U_SUCCESS(error) && i < count; ++i) {
    if (ucsdet_getConfidence(matches[i], &error) < min_confidence) break;
    if (const char* name = ucsdet_getName(matches[i], &error)) names.emplace_back(name);
  }
  return names;
}

std::vector<char32_t> characters(const char* charset, const std::vector<std::string>& sequences) {
  std::vector<char32_t> found(sequences.size(), kReplacement);
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(charset, &error));
  if (U_FAILURE(error)) return found;
  for (size_t i = 0; i < sequences.size(); ++i) {
    UChar units[8];
    error = U_ZERO_ERROR;
    ucnv_reset(converter.get());
    const int32_t size = ucnv_toUChars(converter.get(), units, 8, sequences[i].data(),
                                       static_cast<int32_t>(sequences[i].size()), &error);
    if (U_FAILURE(error)) continue;
    // A converter's own substitute (U+001A) is no character, nor is what takes two.
    if (size == 1 && units[0] != 0x1A && !U16_IS_SURROGATE(units[0])) found[i] = units[0];
    if (size == 2 && U16_IS_LEAD(units[0])) found[i] = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(units[0], units[1]));
  }
  return found;
}

}  // namespace tarn::text::icu
