#include "http/credentials.h"

#include <utility>

namespace tarn::http {
namespace {

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    unsigned three = 0;
    for (size_t j = 0; j < 3; ++j) {
      three = three << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) out += i + j <= bytes.size() ? kDigits[three >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

}  // namespace

Credentials Credentials::basic(std::string_view user, const std::string& password) {
  Credentials made;
  const std::string encoded = base64(std::string(user) + ":" + password);
  made.line_ = "Authorization: Basic " + encoded;
  made.secrets_ = {encoded, password};
  return made;
}

Credentials Credentials::bearer(const std::string& token) { return header("Authorization", "Bearer " + token); }

Credentials Credentials::header(std::string name, const std::string& secret) {
  Credentials made;
  made.line_ = std::move(name) + ": " + secret;
  made.secrets_ = {secret};
  // Of "Bearer x" the x alone as well.
  if (const size_t space = secret.find(' '); space != std::string::npos) {
    made.secrets_.push_back(secret.substr(space + 1));
  }
  return made;
}

std::string Credentials::without_secrets(std::string text) const {
  constexpr std::string_view kInstead = "…";
  for (const std::string& secret : secrets_) {
    if (secret.empty()) continue;
    for (size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += kInstead.size()) {
      text.replace(at, secret.size(), kInstead);
    }
  }
  return text;
}

}  // namespace tarn::http
