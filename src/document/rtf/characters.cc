#include "document/rtf/characters.h"

#include <algorithm>

#include "base/utf8.h"
#include "document/compound/characters.h"
#include "document/office/symbol_font.h"

namespace tarn::document::rtf {
namespace {

constexpr size_t kManyBytes = 4096;
constexpr int kMaxFallback = 100;

}  // namespace

bool Characters::take_word(const Token& token) {
  if (token.name == "ansicpg" && token.number > 0) {
    document_page_ = token.number;
  } else if (token.name == "mac") {
    document_page_ = 10000;
  } else if (token.name == "pc") {
    document_page_ = 437;
  } else if (token.name == "pca") {
    document_page_ = 850;
  } else {
    return false;
  }
  return true;
}

void Characters::flush(std::string* out) {
  if (high_ != 0) base::append_utf8(base::kReplacement, out);
  high_ = 0;
  if (bytes_.empty()) return;
  *out += compound::from_code_page(bytes_, page_);
  bytes_.clear();
}

void Characters::add_byte(uint8_t byte, const Font* font, std::string* out) {
  if (font && font->is_symbol) {
    flush(out);
    if (const char32_t sign = office::sign_of_font(font->name, 0xF000u + byte)) base::append_utf8(sign, out);
    return;
  }
  const int page = font && font->code_page != 0 ? font->code_page : document_page_;
  if (page != page_ || high_ != 0 || bytes_.size() > kManyBytes) flush(out);
  page_ = page;
  bytes_ += static_cast<char>(byte);
}

void Characters::add_unicode(int32_t number, int fallback, std::string* out) {
  const char32_t c = static_cast<char32_t>(number < 0 ? number + 0x10000 : number);
  if (!bytes_.empty()) flush(out);
  if (c >= 0xD800 && c < 0xDC00) {
    high_ = c;
  } else if (c >= 0xDC00 && c < 0xE000 && high_ != 0) {
    base::append_utf8(0x10000 + ((high_ - 0xD800) << 10) + (c - 0xDC00), out);
    high_ = 0;
  } else {
    flush(out);
    if (const char32_t sign = office::sign_of_font({}, c)) base::append_utf8(sign, out);
  }
  skip_ = std::clamp(fallback, 0, kMaxFallback);
}

bool Characters::skips() {
  if (skip_ == 0) return false;
  --skip_;
  return true;
}

}  // namespace tarn::document::rtf
