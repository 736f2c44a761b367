#include "base/status.h"

#include <cstdio>
#include <cstdlib>

namespace tarn::base {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "tarn: internal check failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

std::string_view code_name(Code code) {
  switch (code) {
    case Code::ok:
      return "ok";
    case Code::invalid_argument:
      return "invalid_argument";
    case Code::not_found:
      return "not_found";
    case Code::already_exists:
      return "already_exists";
    case Code::conflict:
      return "conflict";
    case Code::corruption:
      return "corruption";
    case Code::io:
      return "io";
    case Code::unavailable:
      return "unavailable";
    case Code::unsupported:
      return "unsupported";
    case Code::exhausted:
      return "exhausted";
    case Code::cancelled:
      return "cancelled";
    case Code::permission_denied:
      return "permission_denied";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

int exit_code(Code code) {
  if (code == Code::ok) return 0;
  if (code == Code::invalid_argument) return 2;
  if (code == Code::cancelled) return 130;
  return 1;
}

int http_status(Code code) {
  switch (code) {
    case Code::ok:
      return 200;
    case Code::invalid_argument:
      return 400;
    case Code::not_found:
      return 404;
    case Code::already_exists:
    case Code::conflict:
      return 409;
    case Code::unavailable:
      return 503;
    case Code::unsupported:
      return 501;
    case Code::exhausted:
      return 507;
    case Code::cancelled:
      return 499;
    case Code::permission_denied:
      return 403;
    case Code::corruption:
    case Code::io:
    case Code::internal:
      return 500;
  }
  return 500;
}

Status Status::with_context(std::string_view prefix) const {
  if (ok()) return *this;
  return {code_, std::string(prefix) + ": " + message_, hint_};
}

std::string Status::to_string() const {
  if (ok()) return "ok";
  std::string text = std::string(code_name(code_)) + ": " + message_;
  if (!hint_.empty()) text += " (" + hint_ + ")";
  return text;
}

}  // namespace tarn::base
