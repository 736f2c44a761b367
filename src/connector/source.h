// What a pull reads: a URL, the options as they were given, and a secret that is kept apart from both.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>

#include "json/value.h"

namespace tarn::connector {

// A password, a token or a key. It has no way into text but reveal(): it cannot be printed, formatted, compared, or
// encoded with the struct that holds it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  bool empty() const { return text_.empty(); }
  // For the call that needs it, and for no message, bookmark or log.
  const std::string& reveal() const { return text_; }
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  std::string text_;
};

struct Source {
  std::string url;  // or a path
  // Those that are given, by name: Descriptor::options says which there are.
  json::Value options = json::Value::object();
  Secret secret = {};
};

}  // namespace tarn::connector
