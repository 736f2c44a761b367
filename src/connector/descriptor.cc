#include "connector/descriptor.h"

#include <algorithm>

#include "base/hash.h"
#include "connector/uri.h"
#include "operation/nearest.h"

namespace tarn::connector {
namespace {

// An option's word on the command line.
std::string option_word(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

base::Status unknown_option(const Descriptor& connector, const std::string& name) {
  std::vector<std::string> known;
  std::string list;
  for (const operation::FieldShape& field : connector.options.fields) {
    if (field.hidden) continue;
    known.push_back(field.name);
    list += (list.empty() ? "" : ", ") + option_word(field.name);
  }
  std::string hint = operation::did_you_mean(name, known);
  if (hint.empty()) hint = list.empty() ? "it takes no options" : "it takes: " + list;
  return {base::Code::invalid_argument,
          "a source of the kind '" + connector.name + "' takes no " + option_word(name.substr(0, 80)), std::move(hint)};
}

}  // namespace

std::string source_id(std::string_view canonical_url) { return base::hash128(canonical_url).hex(); }

base::Result<std::string> Descriptor::locate(const std::string& url) const {
  TARN_ASSIGN(std::string source, canonical(url));
  if (check_there) {
    TARN_TRY(check_there(source));
  }
  return source;
}

base::Result<const Descriptor*> find(const std::vector<Descriptor>& among, const std::string& url) {
  const std::string_view scheme = scheme_of(url);
  for (const Descriptor& connector : among) {
    if (std::find(connector.schemes.begin(), connector.schemes.end(), scheme) != connector.schemes.end()) {
      return &connector;
    }
  }
  std::string there_are;
  for (const Descriptor& connector : among) there_are += (there_are.empty() ? "" : "; ") + connector.written;
  return base::Status(base::Code::unsupported, "no connector for '" + std::string(scheme) + ":' (" + url + ")",
                      "there are: " + there_are + "; a path with a colon is written ./path");
}

base::Status check_options(const Descriptor& connector, const json::Value& options) {
  for (const auto& [name, value] : options.members()) {
    if (!connector.options.find(name)) return unknown_option(connector, name);
  }
  return operation::check(connector.options, options, operation::Side::request);
}

bool is_once(const Descriptor& connector, const std::string& option) {
  return std::find(connector.once.begin(), connector.once.end(), option) != connector.once.end();
}

json::Value kept_options(const Descriptor& connector, const json::Value& options) {
  json::Value kept;
  for (const operation::FieldShape& field : connector.options.fields) {
    if (std::find(connector.kept.begin(), connector.kept.end(), field.name) == connector.kept.end()) continue;
    const json::Value& value = options[field.name];
    if (!value.is_null() && value != field.fallback) kept.set(field.name, value);
  }
  return kept;
}

json::Value with_kept(const Descriptor& connector, const json::Value& kept, const json::Value& given) {
  json::Value all = given;
  const json::Value known = kept_options(connector, kept);
  for (const auto& [name, value] : known.members()) {
    if (given[name].is_null() && check_options(connector, json::Value::object({{name, value}})).ok()) {
      all.set(name, value);
    }
  }
  return all;
}

std::string describe_options(const json::Value& options) {
  std::string words;
  const auto add = [&](const std::string& name, const json::Value& value) {
    if (value.is_null() || value == json::Value(false)) return;
    words += (words.empty() ? "" : " ") + option_word(name);
    if (!value.is_bool()) words += " " + (value.is_string() ? value.as_string() : json::write(value));
  };
  for (const auto& [name, value] : options.members()) {
    if (!value.is_array()) add(name, value);
    for (const json::Value& item : value.items()) add(name, item);
  }
  return words;
}

std::vector<operation::FieldShape> every_option() {
  std::vector<operation::FieldShape> all;
  for (const Descriptor& connector : connectors()) {
    for (const operation::FieldShape& field : connector.options.fields) {
      const auto same = [&](const operation::FieldShape& known) { return known.name == field.name; };
      if (std::any_of(all.begin(), all.end(), same)) continue;
      all.push_back(field);
      all.back().required = false;  // of one kind of source is not of every pull
    }
  }
  return all;
}

}  // namespace tarn::connector
