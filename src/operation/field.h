// A struct described once: its fields by member pointer, with what people and programs need to know of each.
// Shape:   template <> struct operation::Describe<SearchRequest> {
//            static auto fields() {
//              return std::tuple{field("query", &SearchRequest::query, "words to look for").required().positional(),
//              …};
//            }};
//          A field's default is what a default-constructed struct holds. Types: bool, integers (of 63 bits at most in
//          JSON), double, std::string, json::Value, std::vector and std::optional of those, std::pair<T, T> (a list of
//          two), and described structs.
// Errors:  decode() as check() in operation/shape.h; what check() let through is read without failing.
// Threads: the descriptions are made at first use and immutable.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "operation/shape.h"

namespace tarn::operation {

template <typename T>
struct Describe;

template <typename Owner, typename T>
struct Field {
  T Owner::* member;
  FieldShape info;

  Field required() && {
    info.required = true;
    return std::move(*this);
  }
  Field positional() && {
    info.positional = true;
    return std::move(*this);
  }
  Field commas() && {
    info.commas = true;
    return std::move(*this);
  }
  Field words() && {
    info.words = true;
    return std::move(*this);
  }
  Field omit_empty() && {
    info.omit_empty = true;
    return std::move(*this);
  }
  Field hidden() && {
    info.hidden = true;
    return std::move(*this);
  }
  Field letter(char c) && {
    info.letter = c;
    return std::move(*this);
  }
  Field metavar(std::string word) && {
    info.metavar = std::move(word);
    return std::move(*this);
  }
  Field in_sql(std::string word) && {
    info.in_sql = std::move(word);
    return std::move(*this);
  }
  Field one_of(std::initializer_list<const char*> words) && {
    info.values.assign(words.begin(), words.end());
    return std::move(*this);
  }
  Field between(double least, double most) && {
    info.minimum = least;
    info.maximum = most;
    return std::move(*this);
  }
  Field at_least(double least) && {
    info.minimum = least;
    return std::move(*this);
  }
  Field max_bytes(size_t count) && {
    info.max_bytes = count;
    return std::move(*this);
  }
  Field max_items(size_t count) && {
    info.max_items = count;
    return std::move(*this);
  }
};

template <typename Owner, typename T>
Field<Owner, T> field(const char* name, T Owner::* member, const char* doc) {
  Field<Owner, T> made{member, {}};
  made.info.name = name;
  made.info.doc = doc;
  return made;
}

// Fields that only others know, such as the options of connectors: those that are given lie in a JSON object of the
// struct. A request alone has them.
template <typename Owner>
struct MoreFields {
  json::Value Owner::* member;
  std::vector<FieldShape> infos;
};

template <typename Owner>
MoreFields<Owner> more_fields(json::Value Owner::* member, std::vector<FieldShape> infos) {
  return {member, std::move(infos)};
}

template <typename T>
concept Described = requires { Describe<T>::fields(); };

// How one type is shaped, read and written. read() is called on checked values; a null leaves the value as it is.
template <typename T>
struct Codec;

template <typename T>
const auto& fields_of() {
  static const auto fields = Describe<T>::fields();
  return fields;
}

template <>
struct Codec<bool> {
  static Shape shape() { return Shape::of(Kind::boolean); }
  static void read(const json::Value& from, bool& to) { to = from.as_bool(to); }
  static json::Value write(bool from) { return from; }
};
template <std::integral T>
struct Codec<T> {
  static Shape shape() { return Shape::of(Kind::integer); }
  static void read(const json::Value& from, T& to) { to = static_cast<T>(from.as_int(static_cast<int64_t>(to))); }
  static json::Value write(T from) { return static_cast<int64_t>(from); }
};
template <typename Tag, typename Int>
struct Codec<base::StrongInt<Tag, Int>> {
  static Shape shape() { return Codec<Int>::shape(); }
  static void read(const json::Value& from, base::StrongInt<Tag, Int>& to) { Codec<Int>::read(from, to.value); }
  static json::Value write(base::StrongInt<Tag, Int> from) { return Codec<Int>::write(from.value); }
};
template <>
struct Codec<double> {
  static Shape shape() { return Shape::of(Kind::number); }
  static void read(const json::Value& from, double& to) { to = from.as_double(to); }
  static json::Value write(double from) { return from; }
};
template <>
struct Codec<std::string> {
  static Shape shape() { return Shape::of(Kind::text); }
  static void read(const json::Value& from, std::string& to) {
    if (from.is_string()) to = from.as_string();
  }
  static json::Value write(const std::string& from) { return from; }
};
template <>
struct Codec<json::Value> {
  static Shape shape() {
    Shape made = Shape::of(Kind::any);
    made.nullable = true;
    return made;
  }
  static void read(const json::Value& from, json::Value& to) { to = from; }
  static json::Value write(const json::Value& from) { return from; }
};

template <typename T>
struct Codec<std::optional<T>> {
  static Shape shape() {
    Shape made = Codec<T>::shape();
    made.nullable = true;
    return made;
  }
  static void read(const json::Value& from, std::optional<T>& to) {
    if (from.is_null()) {
      to.reset();
      return;
    }
    T value{};
    Codec<T>::read(from, value);
    to = std::move(value);
  }
  static json::Value write(const std::optional<T>& from) { return from ? Codec<T>::write(*from) : json::Value(); }
};

template <typename List, typename T>
json::Value write_items(const List& from) {
  json::Value::Array items;
  items.reserve(from.size());
  for (const T& item : from) items.push_back(Codec<T>::write(item));
  return items;
}

template <typename T>
Shape list_of_shape(size_t exact_items) {
  Shape made = Shape::of(Kind::list);
  made.item = std::make_shared<const Shape>(Codec<T>::shape());
  made.exact_items = exact_items;
  return made;
}

template <typename T>
struct Codec<std::vector<T>> {
  static Shape shape() { return list_of_shape<T>(0); }
  static void read(const json::Value& from, std::vector<T>& to) {
    if (!from.is_array()) return;
    to.clear();
    for (const json::Value& item : from.items()) {
      T value{};
      Codec<T>::read(item, value);
      to.push_back(std::move(value));
    }
  }
  static json::Value write(const std::vector<T>& from) { return write_items<std::vector<T>, T>(from); }
};

template <typename T>
struct Codec<std::pair<T, T>> {
  static Shape shape() { return list_of_shape<T>(2); }
  static void read(const json::Value& from, std::pair<T, T>& to) {
    if (from.items().size() != 2) return;
    Codec<T>::read(from.items()[0], to.first);
    Codec<T>::read(from.items()[1], to.second);
  }
  static json::Value write(const std::pair<T, T>& from) {
    return json::Value::array({Codec<T>::write(from.first), Codec<T>::write(from.second)});
  }
};

template <Described T>
struct Codec<T> {
  static Shape shape() {
    Shape made = Shape::of(Kind::record);
    const T defaults{};
    std::apply([&](const auto&... each) { (add_shape(each, defaults, made), ...); }, fields_of<T>());
    return made;
  }
  static void read(const json::Value& from, T& to) {
    std::apply([&](const auto&... each) { (read_field(each, from, to), ...); }, fields_of<T>());
  }
  static json::Value write(const T& from) {
    json::Value made = json::Value::object();
    std::apply([&](const auto&... each) { (write_field(each, from, made), ...); }, fields_of<T>());
    return made;
  }

 private:
  template <typename Owner, typename Member>
  static void add_shape(const Field<Owner, Member>& field, const T& defaults, Shape& made) {
    FieldShape info = field.info;
    info.shape = Codec<Member>::shape();
    info.fallback = Codec<Member>::write(defaults.*field.member);
    made.fields.push_back(std::move(info));
  }
  template <typename Owner, typename Member>
  static void read_field(const Field<Owner, Member>& field, const json::Value& from, T& to) {
    if (const json::Value* found = from.find(field.info.name)) Codec<Member>::read(*found, to.*field.member);
  }
  template <typename Owner, typename Member>
  static void write_field(const Field<Owner, Member>& field, const T& from, json::Value& made) {
    json::Value value = Codec<Member>::write(from.*field.member);
    // Of any JSON an empty list is a value; as a list of something it has nothing to say.
    const bool list = !std::is_same_v<Member, json::Value> && value.is_array();
    const bool empty = value.is_null() || (list && value.items().empty());
    if (field.info.omit_empty && empty) return;
    made.set(field.info.name, std::move(value));
  }

  template <typename Owner>
  static void add_shape(const MoreFields<Owner>& more, const T&, Shape& made) {
    made.fields.insert(made.fields.end(), more.infos.begin(), more.infos.end());
  }
  template <typename Owner>
  static void read_field(const MoreFields<Owner>& more, const json::Value& from, T& to) {
    for (const FieldShape& info : more.infos) {
      if (const json::Value* found = from.find(info.name); found && !found->is_null()) {
        (to.*more.member).set(info.name, *found);
      }
    }
  }
  template <typename Owner>
  static void write_field(const MoreFields<Owner>& more, const T& from, json::Value& made) {
    for (const auto& [name, value] : (from.*more.member).members()) made.set(name, value);
  }
};

template <Described T>
const Shape& shape_of() {
  static const Shape shape = Codec<T>::shape();
  return shape;
}

// A request or reply from JSON. Null members of a request are absent ones.
template <Described T>
base::Result<T> decode(const json::Value& value, Side side = Side::request) {
  TARN_TRY(check(shape_of<T>(), value, side));
  T made{};
  Codec<T>::read(value, made);
  return made;
}

template <Described T>
json::Value encode(const T& value) {
  return Codec<T>::write(value);
}

}  // namespace tarn::operation
