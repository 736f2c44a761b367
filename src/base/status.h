// What an operation that can fail returns: a code of a closed set, a message, and what to do about it.
// Errors:  the message names what failed, then the file and the offset or line; `hint` is the remedy in one sentence.
// Threads: values; copy freely.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace tarn::base {

enum class Code {
  ok,
  invalid_argument,  // the caller's words are wrong
  not_found,
  already_exists,  // put-if-absent found something
  conflict,        // another writer won; may be retried on a new snapshot
  corruption,      // stored bytes are not what was written
  io,              // the operating system said no
  unavailable,     // may work later
  unsupported,     // understood, and refused by name
  exhausted,       // a named limit, memory or disk
  cancelled,
  permission_denied,
  internal,  // our own mistake
};

std::string_view code_name(Code code);
// 0 ok, 2 for invalid_argument (usage), 130 for cancelled, else 1.
int exit_code(Code code);
int http_status(Code code);

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  bool ok() const { return code_ == Code::ok; }
  explicit operator bool() const { return ok(); }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }

  // The same failure seen from one level up: "prefix: message".
  Status with_context(std::string_view prefix) const;
  Status with_hint(std::string hint) const { return {code_, message_, std::move(hint)}; }
  std::string to_string() const;  // "corruption: message (hint)"

 private:
  Code code_ = Code::ok;
  std::string message_;
  std::string hint_;
};

inline Status ok() { return {}; }

// A value or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT: implicit by design
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {  // NOLINT
    TARN_CHECK(!std::get<1>(state_).ok());
  }

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  Status status() const { return ok() ? Status() : std::get<1>(state_); }

  T& value() & {
    TARN_CHECK(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    TARN_CHECK(ok());
    return std::get<0>(state_);
  }
  T value() && {
    TARN_CHECK(ok());
    return std::get<0>(std::move(state_));
  }  // by value: a loop over *f() must not dangle
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Status> state_;
};

inline const Status& as_status(const Status& s) { return s; }
template <typename T>
Status as_status(const Result<T>& r) {
  return r.status();
}

}  // namespace tarn::base

#define TARN_CONCAT_INNER(a, b) a##b
#define TARN_CONCAT(a, b) TARN_CONCAT_INNER(a, b)

// Returns the failure of `expression` (a Status or Result) from the enclosing function.
#define TARN_TRY(expression)                                                                      \
  do {                                                                                            \
    if (auto&& tarn_try = (expression); !tarn_try.ok()) return ::tarn::base::as_status(tarn_try); \
  } while (false)

// TARN_ASSIGN(auto x, f()): x is f()'s value, or the enclosing function returns f()'s failure.
#define TARN_ASSIGN(declaration, expression) \
  TARN_ASSIGN_INNER(TARN_CONCAT(tarn_result_, __LINE__), declaration, expression)
#define TARN_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                              \
  if (!result.ok()) return result.status();                \
  declaration = std::move(result).value()
