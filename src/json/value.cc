#include "json/value.h"

#include <cmath>

namespace tarn::json {

bool Value::as_bool(bool fallback) const {
  const bool* v = std::get_if<bool>(&data_);
  return v ? *v : fallback;
}

int64_t Value::as_int(int64_t fallback) const {
  if (const int64_t* v = std::get_if<int64_t>(&data_)) return *v;
  if (const double* v = std::get_if<double>(&data_); v && std::trunc(*v) == *v && std::abs(*v) < 0x1p62) {
    return static_cast<int64_t>(*v);
  }
  return fallback;
}

double Value::as_double(double fallback) const {
  if (const double* v = std::get_if<double>(&data_)) return *v;
  if (const int64_t* v = std::get_if<int64_t>(&data_)) return static_cast<double>(*v);
  return fallback;
}

const std::string& Value::as_string() const {
  static const std::string empty;
  const std::string* v = std::get_if<std::string>(&data_);
  return v ? *v : empty;
}

std::string Value::string_or(std::string_view fallback) const {
  return is_string() ? as_string() : std::string(fallback);
}

const Value::Array& Value::items() const {
  static const Array empty;
  const Array* v = std::get_if<Array>(&data_);
  return v ? *v : empty;
}

const Value::Object& Value::members() const {
  static const Object empty;
  const Object* v = std::get_if<Object>(&data_);
  return v ? *v : empty;
}

const Value* Value::find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

const Value& Value::operator[](std::string_view key) const {
  static const Value null;
  const Value* v = find(key);
  return v ? *v : null;
}

Value& Value::set(std::string key, Value value) {
  if (!is_object()) data_ = Object();
  for (Member& member : std::get<Object>(data_)) {
    if (member.first == key) {
      member.second = std::move(value);
      return *this;
    }
  }
  std::get<Object>(data_).emplace_back(std::move(key), std::move(value));
  return *this;
}

Value& Value::push(Value value) {
  if (!is_array()) data_ = Array();
  std::get<Array>(data_).push_back(std::move(value));
  return *this;
}

void Value::reserve(size_t count) {
  if (!is_array()) data_ = Array();
  std::get<Array>(data_).reserve(count);
}

}  // namespace tarn::json
