#include "connector/named.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

// Without exceptions, and none of it in a library of its own.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/ascii.h"
#include "connector/uri.h"
#include "operation/nearest.h"

namespace tarn::connector {

using base::Code;
using base::Status;

namespace {

constexpr std::string_view kReserved[] = {"serve", "models", "tables", "schedules"};
constexpr size_t kMaxNameBytes = 64;

bool is_variable(std::string_view word) {
  return !base::is_digit(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) { return base::is_alnum(c) || c == '_'; });
}

class Reading {
 public:
  Reading(const std::string& file, const std::vector<Descriptor>& among) : file_(file), among_(among) {}

  base::Result<std::vector<NamedSource>> top(const toml::table& all) {
    std::vector<NamedSource> sources;
    for (const auto& [key, value] : all) {
      const std::string_view name = key.str();
      if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved)) {
        return Status(Code::unsupported, at(key) + "[" + shown(name) + "] is reserved for a later version of Tarn",
                      "take it out; [sources.NAME] is what is read");
      }
      if (name != "sources") return unknown(at(key), name, {"sources"}, "[sources.NAME] is what is read");
      const toml::table* const named = value.as_table();
      if (named == nullptr) return wrong(at(key) + "'sources' is not a table", "write [sources.NAME]");
      for (const auto& [source_name, source] : *named) {
        TARN_ASSIGN(NamedSource read, one(source_name, source));
        sources.push_back(std::move(read));
      }
    }
    std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return sources;
  }

  static Status wrong(std::string message, std::string hint = {}) {
    return {Code::invalid_argument, std::move(message), std::move(hint)};
  }

 private:
  std::string at(const toml::source_region& region) const { return fmt::format("{}:{}: ", file_, region.begin.line); }
  std::string at(const toml::key& key) const { return at(key.source()); }
  static std::string shown(std::string_view name) { return display_name(name.substr(0, 80)); }

  static Status unknown(const std::string& where, std::string_view name, const std::vector<std::string>& known,
                        const std::string& otherwise) {
    std::string hint = operation::did_you_mean(name, known);
    return wrong(where + "there is no '" + shown(name) + "' here", hint.empty() ? otherwise : std::move(hint));
  }

  base::Result<NamedSource> one(const toml::key& key, const toml::node& node) {
    NamedSource source;
    source.name = key.str();
    source.line = static_cast<int>(key.source().begin.line);
    if (!is_source_name(source.name)) {
      return wrong(at(key) + "'" + shown(source.name) + "' is no name of a source",
                   "letters, digits, '-' and '_', at most 64, and no '-' at the start");
    }
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
      return wrong(at(key) + "the source '" + source.name + "' is not a table", "write [sources." + source.name + "]");
    }
    TARN_TRY(text_of(*table, "url", &source.url));
    TARN_TRY(text_of(*table, "into", &source.into));
    const std::string of = at(key) + "the source '" + source.name + "' ";
    if (source.url.empty()) return wrong(of + "has no url", "url = \"/a/folder\", or a URL");
    if (source.into.empty()) return wrong(of + "has an empty 'into'", "into = \"main.docs\"");
    TARN_TRY(check_url(source, of));
    // Its scheme alone, since the error names what it is given.
    const std::string scheme(scheme_of(source.url));
    const auto connector = find(among_, scheme.empty() ? source.url : scheme + ":");
    if (!connector.ok()) return connector.status().with_context(fmt::format("{}:{}", file_, source.line));
    if ((*connector)->paths && source.url[scheme.empty() ? 0 : scheme.size() + 1] != '/') {
      return wrong(of + "has a path that depends on where tarn is started", "write it from the root: /home/…");
    }
    for (const auto& [name, value] : *table) TARN_TRY(take(name, value, **connector, &source));
    if (source.secret.kind != SecretPlace::Kind::none && !(*connector)->takes_secret) {
      return wrong(of + "has a secret, and a source of the kind '" + (*connector)->name + "' takes none");
    }
    return source;
  }

  Status text_of(const toml::table& table, std::string_view name, std::string* out) const {
    const toml::node* const node = table.get(name);
    if (node == nullptr) return {};
    const auto* const text = node->as_string();
    if (text == nullptr) return wrong(at(node->source()) + "'" + std::string(name) + "' is not a text");
    *out = text->get();
    return {};
  }

  static Status check_url(const NamedSource& source, const std::string& of) {
    const size_t slashes = source.url.find("//");
    if (scheme_of(source.url).empty() || slashes == std::string::npos) return {};
    const std::string_view authority = std::string_view(source.url).substr(slashes + 2);
    if (authority.substr(0, authority.find_first_of("/?#")).find('@') == std::string_view::npos) return {};
    return wrong(of + "has a user or a password in its url",
                 "secret_env, secret_file or secret_tool says where the secret is kept");
  }

  Status take(const toml::key& key, const toml::node& value, const Descriptor& connector, NamedSource* source) {
    const std::string name(key.str());
    if (name == "url" || name == "into") return {};
    if (name.starts_with("secret_")) return take_secret(key, value, source);
    if (name == "secret" || name == "password" || name == "token") {
      return wrong(at(key) + "a secret does not stand in this file",
                   "secret_env, secret_file or secret_tool says where it is kept");
    }
    if (!connector.options.find(name)) {
      std::vector<std::string> known = {"url", "into", "secret_env", "secret_file", "secret_tool"};
      std::string list;
      for (const operation::FieldShape& field : connector.options.fields) {
        if (field.hidden || is_once(connector, field.name)) continue;
        known.push_back(field.name);
        list += (list.empty() ? "" : ", ") + field.name;
      }
      return unknown(at(key), name, known, "a source of the kind '" + connector.name + "' takes: " + list);
    }
    if (is_once(connector, name)) {
      return wrong(at(key) + "'" + name + "' is said of one pull, by whoever has looked",
                   "take it out; give it to tarn pull " + source->name);
    }
    const auto made = json_of(value);
    if (!made) return wrong(at(key) + "'" + name + "' has a value that no option takes");
    const Status fits = check_options(connector, json::Value::object({{name, *made}}));
    const std::vector<std::string>& values = connector.options.find(name)->values;
    if (!fits.ok() && !values.empty()) {  // the words of the check would show what stands there
      return wrong(fmt::format("{}'{}' must be one of: {}", at(key), name, fmt::join(values, ", ")));
    }
    if (!fits.ok()) return fits.with_context(fmt::format("{}:{}", file_, key.source().begin.line));
    source->options.set(name, *made);
    return {};
  }

  Status take_secret(const toml::key& key, const toml::node& value, NamedSource* source) {
    using Kind = SecretPlace::Kind;
    const std::string name(key.str());
    const Kind kind = name == "secret_env"    ? Kind::environment
                      : name == "secret_file" ? Kind::file
                      : name == "secret_tool" ? Kind::keyring
                                              : Kind::none;
    if (kind == Kind::none) return unknown(at(key), name, {"secret_env", "secret_file", "secret_tool"}, "");
    if (source->secret.kind != Kind::none) {
      return wrong(at(key) + "the source '" + source->name + "' has its secret in two places", "leave one");
    }
    source->secret.kind = kind;
    if (kind != Kind::keyring) {
      if (!value.is_string() || value.as_string()->get().empty()) {
        return wrong(at(key) + "'" + name + "' is no text",
                     kind == Kind::file ? "the path of a file" : "the name of a variable of the environment");
      }
      source->secret.where = value.as_string()->get();
      if (kind == Kind::file && !source->secret.where.starts_with('/')) {
        return wrong(at(key) + "'secret_file' depends on where tarn is started", "write it from the root: /home/…");
      }
      // A message names the variable later: a secret that was written here must not come so far.
      if (kind == Kind::environment && !is_variable(source->secret.where)) {
        return wrong(at(key) + "'secret_env' is no name of a variable",
                     "letters, digits and '_'; the secret itself does not stand in this file");
      }
      return {};
    }
    const toml::table* const attributes = value.as_table();
    for (const auto& [attribute, text] : attributes != nullptr ? *attributes : toml::table()) {
      if (!text.is_string()) return wrong(at(attribute) + "an attribute of 'secret_tool' is no text");
      source->secret.attributes.emplace_back(attribute.str(), text.as_string()->get());
    }
    if (!source->secret.attributes.empty()) return {};
    return wrong(at(key) + "'secret_tool' names no attributes", "secret_tool = { service = \"wiki\", user = \"me\" }");
  }

  static std::optional<json::Value> json_of(const toml::node& node) {
    if (const auto* const text = node.as_string()) return json::Value(text->get());
    if (const auto* const whole = node.as_integer()) return json::Value(whole->get());
    if (const auto* const flag = node.as_boolean()) return json::Value(flag->get());
    if (const auto* const number = node.as_floating_point(); number != nullptr && std::isfinite(number->get())) {
      return json::Value(number->get());
    }
    const toml::array* const list = node.as_array();
    if (list == nullptr) return {};
    json::Value items = json::Value::array();
    for (const toml::node& item : *list) {
      const auto made = json_of(item);
      if (!made) return {};
      items.push(*made);
    }
    return items;
  }

  const std::string& file_;
  const std::vector<Descriptor>& among_;
};

}  // namespace

bool is_source_name(std::string_view word) {
  return !word.empty() && word.size() <= kMaxNameBytes && word.front() != '-' &&
         std::all_of(word.begin(), word.end(), [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; });
}

base::Result<std::vector<NamedSource>> read_named_sources(std::string_view text, const std::string& file,
                                                          const std::vector<Descriptor>& among) {
  if (text.size() > kMaxConfigBytes) {
    return Status(Code::exhausted, fmt::format("{} is over the limit of {} bytes", file, kMaxConfigBytes));
  }
  const toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    // The parser's words may show what it read.
    return Reading::wrong(
        fmt::format("{}:{}:{}: no TOML", file, error.source().begin.line, error.source().begin.column),
        "a text stands in quotes, a list in brackets, and each name once");
  }
  return Reading(file, among).top(parsed.table());
}

}  // namespace tarn::connector
