#include "document/pdf/pdfium.h"

#include <dlfcn.h>

#include <cstring>

#include "base/utf8.h"
#include "document/pdf/box_font.h"

namespace tarn::document::pdf {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr char kLibrary[] = "libpdfium.so";

Status failure(std::string_view why) {
  return {Code::unavailable, "PDFium, which reads PDF, could not be opened: " + std::string(why),
          "libpdfium.so belongs into lib/ beside bin/: unpack the whole archive of Tarn"};
}

// A box for each character of Chinese, Japanese and Korean whose font is not in the file (box_font.h). All else PDFium
// has itself.
FpdfFonts* boxes() {
  static const std::string font = box_font();
  static FpdfFonts fonts{
      .version = 1,
      .release = [](FpdfFonts*) {},
      .list = [](FpdfFonts*, void*) {},
      .map = [](FpdfFonts*, int, int, int charset, int, const char*, int*) -> void* {
        constexpr int kShiftJis = 128, kHangul = 129, kChinese = 134, kBig5 = 136;
        const bool boxed = charset == kShiftJis || charset == kHangul || charset == kChinese || charset == kBig5;
        return boxed ? &fonts : nullptr;
      },
      .get = [](FpdfFonts*, const char*) -> void* { return nullptr; },
      .data = [](FpdfFonts*, void*, unsigned table, unsigned char* to, unsigned long size) -> unsigned long {
        if (table != 0) return 0;  // the whole only
        if (to && size >= font.size()) std::memcpy(to, font.data(), font.size());
        return font.size();
      },
      .face = [](FpdfFonts*, void*, char*, unsigned long) -> unsigned long { return 0; },
      .charset = [](FpdfFonts*, void*) { return 0; },
      .close = [](FpdfFonts*, void*) {}};
  return &fonts;
}

Result<const Pdfium*> open_library() {
  // By name: found where the program's own libraries lie. Never closed.
  void* module = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return failure(dlerror());
  static Pdfium functions;
  const char* missing = nullptr;
#define TARN_PDFIUM_LOAD(name, result, parameters)                               \
  functions.name = reinterpret_cast<result(*) parameters>(dlsym(module, #name)); \
  if (functions.name == nullptr) missing = #name;
  TARN_PDFIUM(TARN_PDFIUM_LOAD)
#undef TARN_PDFIUM_LOAD
  if (missing) return failure(std::string(kLibrary) + " has no function " + missing);
  // No fonts of the system: what is read must not depend on the machine, and looking for them takes long.
  static const char* no_fonts[] = {nullptr};
  const FpdfConfig config{2, no_fonts, nullptr, 0, nullptr, 0};
  functions.FPDF_InitLibraryWithConfig(&config);
  functions.FPDF_SetSystemFontInfo(boxes());
  return &functions;
}

}  // namespace

Result<const Pdfium*> pdfium() {
  static const Result<const Pdfium*> opened = open_library();
  return opened;
}

std::recursive_mutex& lock() {
  static std::recursive_mutex mutex;
  return mutex;
}

std::string from_utf16(const std::u16string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (c == 0) break;
    const bool high = c >= 0xD800 && c < 0xDC00;
    if (high && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - char32_t{0xDC00});
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    if (c == '\r') c = '\n';
    if (c == 0xFEFF || (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0)) continue;
    base::append_utf8(c, &out);
  }
  return out;
}

}  // namespace tarn::document::pdf
