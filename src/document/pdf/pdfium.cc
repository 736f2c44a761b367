#include "document/pdf/pdfium.h"

#include <dlfcn.h>

#include "base/utf8.h"

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
