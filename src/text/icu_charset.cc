#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>

#include <memory>

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

std::string detect_charset(std::string_view bytes, int min_confidence) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
  if (U_FAILURE(error)) return {};
  ucsdet_setText(detector.get(), bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) || match == nullptr || ucsdet_getConfidence(match, &error) < min_confidence) return {};
  const char* name = ucsdet_getName(match, &error);
  return U_SUCCESS(error) && name != nullptr ? std::string(name) : std::string();
}

}  // namespace tarn::text::icu
