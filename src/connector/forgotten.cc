#include "connector/forgotten.h"

#include <algorithm>

namespace tarn::connector {
namespace {

bool is_named(const ForgottenItem& item, const std::string& text) {
  if (text.empty()) return false;
  if (item.ids.contains(text) || item.uris.contains(text)) return true;
  // A folder's bookmark has paths below the folder.
  return std::any_of(item.uris.begin(), item.uris.end(),
                     [&](const std::string& uri) { return uri.ends_with("/" + text); });
}

bool is_named(const ForgottenItem& item, const std::string& key, const json::Value& member) {
  return is_named(item, key) || (member.is_string() && is_named(item, member.as_string()));
}

bool names_it(const ForgottenItem& item, const json::Value& value) {
  if (value.is_string()) return is_named(item, value.as_string());
  return std::any_of(value.items().begin(), value.items().end(),
                     [&](const json::Value& v) { return v.is_string() && is_named(item, v.as_string()); }) ||
         std::any_of(value.members().begin(), value.members().end(),
                     [&](const auto& member) { return is_named(item, member.first, member.second); });
}

}  // namespace

bool take_out(const ForgottenItem& item, json::Value* bookmark) {
  bool changed = false;
  if (bookmark->is_array()) {
    json::Value kept = json::Value::array();
    for (json::Value value : bookmark->items()) {
      if (names_it(item, value)) {
        changed = true;
        continue;
      }
      changed = take_out(item, &value) || changed;
      kept.push(std::move(value));
    }
    if (changed) *bookmark = std::move(kept);
  } else if (bookmark->is_object()) {
    json::Value kept = json::Value::object();
    for (auto [key, member] : bookmark->members()) {
      if (is_named(item, key, member)) {
        changed = true;
        continue;
      }
      changed = take_out(item, &member) || changed;
      kept.set(key, std::move(member));
    }
    if (changed) *bookmark = std::move(kept);
  }
  return changed;
}

}  // namespace tarn::connector
