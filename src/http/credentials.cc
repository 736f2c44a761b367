#include "http/credentials.h"

#include <utility>

#include "base/base64.h"

namespace tarn::http {

Credentials Credentials::basic(std::string_view user, const std::string& password) {
  Credentials made;
  const std::string encoded = base::to_base64(std::string(user) + ":" + password);
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
