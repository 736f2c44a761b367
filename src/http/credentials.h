// What shows a server who asks. It cannot be printed, compared or encoded; a client sends it to its origin alone.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::http {

class Credentials {
 public:
  Credentials() = default;
  static Credentials basic(std::string_view user, const std::string& password);
  static Credentials bearer(const std::string& token);
  static Credentials header(std::string name, const std::string& secret);

  // A line with an end in it is none.
  bool is_sound() const { return line_.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos; }
  // "Authorization: …"; "" where there are none. For the question alone.
  const std::string& reveal_line() const { return line_; }
  // The text without any secret of these.
  std::string without_secrets(std::string text) const;
  friend std::ostream& operator<<(std::ostream&, const Credentials&) = delete;

 private:
  std::string line_;
  std::vector<std::string> secrets_;
};

}  // namespace tarn::http
