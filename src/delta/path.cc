#include "delta/path.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/percent.h"

namespace tarn::delta {
namespace {

using base::is_digit;
using base::is_letter;

// RFC 2396: a letter, then letters, digits, '+', '-', '.', then ':'.
bool has_scheme(std::string_view path) {
  if (path.empty() || !is_letter(path[0])) return false;
  for (char c : path) {
    if (c == ':') return true;
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

}  // namespace

base::Result<std::string> decode_path(std::string_view encoded) {
  if (const size_t bad = base::bad_percent(encoded); bad != std::string_view::npos) {
    return base::Status(base::Code::corruption, fmt::format("path '{}' has a bad escape at byte {}", encoded, bad));
  }
  return base::percent_decoded(encoded);
}

std::string encode_path(std::string_view path) { return base::percent_encoded(path, "-._~/=+,@!$&'()*;"); }

bool is_local_path(std::string_view encoded) {
  if (has_scheme(encoded)) return false;
  std::string decoded;
  std::string_view path = encoded;
  if (encoded.find('%') != std::string_view::npos) {
    auto result = decode_path(encoded);
    if (!result.ok()) return false;
    path = decoded = std::move(*result);
  }
  if (path.empty() || path[0] == '/' || path.find('\0') != std::string::npos) return false;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == ".." || part == "." || part.empty()) return false;
    begin = end + 1;
  }
  return true;
}

base::Status foreign_path(std::string_view path) {
  return {
      base::Code::permission_denied, fmt::format("the log names '{}', which is not a file below the table", path),
      local_file_of(path).empty()
          ? "Tarn reads no URLs and no paths with '..' out of a log: let its engine write the files into the table's "
            "own directory"
          : "Tarn reads a table's files only inside the table's own directory; tarn link PATH --as TABLE "
            "--allow-outside reads others on this machine too"};
}

std::string local_file_of(std::string_view encoded) {
  if (encoded.starts_with("file:///")) {
    encoded.remove_prefix(7);
  } else if (encoded.starts_with("file:/") && !encoded.starts_with("file://")) {
    encoded.remove_prefix(5);
  }
  const auto path = decode_path(encoded);
  if (!path.ok() || !path->starts_with('/') || path->starts_with("//") || path->find('\0') != std::string::npos) {
    return "";
  }
  for (size_t begin = 1; begin <= path->size();) {
    const size_t end = std::min(path->find('/', begin), path->size());
    if (std::string_view(*path).substr(begin, end - begin) == "..") return "";
    begin = end + 1;
  }
  return *path;
}

std::string hadoop_sum_path(std::string_view path) {
  const size_t name = path.rfind('/') + 1;
  return fmt::format("{}.{}.crc", path.substr(0, name), path.substr(name));
}

}  // namespace tarn::delta
