#include "document/rtf/tokens.h"

#include <algorithm>

#include "base/ascii.h"

namespace tarn::document::rtf {
namespace {

constexpr size_t kMaxName = 40, kMaxDigits = 10;

}  // namespace

Token Tokens::next() {
  while (at_ < bytes_.size()) {
    const char c = bytes_[at_++];
    Token token;
    if (c == '\r' || c == '\n' || c == '\0') continue;  // of the file, not of the text
    if (c == '\\') return control();
    token.kind = c == '{' ? Token::open : c == '}' ? Token::close : Token::byte;
    token.value = static_cast<uint8_t>(c);
    return token;
  }
  return {};
}

Token Tokens::control() {
  Token token;
  if (at_ == bytes_.size()) return token;
  token.kind = Token::word;
  size_t end = at_;
  while (end < bytes_.size() && base::is_letter(bytes_[end]) && end - at_ < kMaxName) ++end;
  if (end == at_) {
    token.name = bytes_.substr(at_++, 1);
    const char c = token.name[0];
    if (c == '\\' || c == '{' || c == '}') {
      token.kind = Token::byte;
      token.value = static_cast<uint8_t>(c);
    } else if (c == '\'' && at_ + 2 <= bytes_.size()) {
      const int high = base::hex_value(bytes_[at_]), low = base::hex_value(bytes_[at_ + 1]);
      at_ += high < 0 || low < 0 ? 0 : 2;
      token.kind = Token::byte;
      token.escaped = true;
      token.value = high < 0 || low < 0 ? '?' : static_cast<uint8_t>(high * 16 + low);
    } else if (c == '\r' || c == '\n') {
      token.name = "par";
    }
    return token;
  }
  token.name = bytes_.substr(at_, end - at_);
  at_ = end;
  const bool minus = at_ + 1 < bytes_.size() && bytes_[at_] == '-' && base::is_digit(bytes_[at_ + 1]);
  at_ += minus;
  int64_t number = 0;
  for (size_t digits = 0; at_ < bytes_.size() && base::is_digit(bytes_[at_]) && digits < kMaxDigits; ++at_, ++digits) {
    number = number * 10 + (bytes_[at_] - '0');
    token.has_number = true;
  }
  token.number = static_cast<int32_t>(std::clamp<int64_t>(minus ? -number : number, INT32_MIN, INT32_MAX));
  if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
  // What comes is no text, whatever it looks like.
  if (token.name == "bin") at_ += std::min<size_t>(static_cast<size_t>(std::max(token.number, 0)), bytes_.size() - at_);
  return token;
}

}  // namespace tarn::document::rtf
