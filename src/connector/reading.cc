#include "connector/reading.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "connector/secret.h"
#include "document/reader.h"
#include "text/analyzer.h"
#include "text/unicode.h"

namespace tarn::connector {
namespace {

constexpr std::string_view kHtml = "text/html";
constexpr std::string_view kPdf = "application/pdf";
constexpr size_t kMaxPasswordBytes = 1000;

base::Result<std::string> read_password(const std::string& path) {
  const auto refused = [&](const std::string& why) {
    return base::Status(base::Code::invalid_argument, "--password-file '" + path + "' " + why,
                        "name a file by its whole path, with the password on its first line");
  };
  if (path.front() != '/') return refused("is no whole path");
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0) {
    if (const std::string open = open_to_others(about.st_mode); !open.empty()) {
      return base::Status(base::Code::permission_denied, "--password-file '" + path + "' " + open, "chmod 600 it");
    }
  }
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) return refused("cannot be read, or is empty");
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty() || line.size() > kMaxPasswordBytes) return refused("begins with no password");
  return line;
}

base::Result<std::string> type_named(std::string_view name, const std::string& rule) {
  std::string names;
  for (const document::Reader& reader : document::readers()) {
    if (name == reader.name || &reader == document::reader_of(name)) return std::string(reader.mime());
    names += (names.empty() ? "" : &reader == &document::readers().back() ? " or " : ", ") + std::string(reader.name);
  }
  return base::Status(base::Code::invalid_argument, "'" + rule + "' names no type that is read",
                      "write TYPE:PATTERN with " + names + ": --as 'markdown:*.qmd'");
}

// A label that nobody knows would be passed over in silence.
base::Status check_charset(const std::string& charset) {
  if (charset.empty() || text::is_charset(charset)) return {};
  return {base::Code::invalid_argument, "--charset '" + charset + "' is no character set that is read",
          "write a name that the web knows: utf-8, utf-16, windows-1250 to windows-1258, iso-8859-1 to iso-8859-16, "
          "koi8-r, koi8-u, "
          "gb18030, big5, shift_jis, euc-jp, euc-kr, macintosh"};
}

}  // namespace

json::Value to_json(const Reading& reading) {
  if (reading.empty()) return {};
  json::Value value = json::Value::object();
  if (!reading.as.empty()) {
    json::Value as = json::Value::array();
    for (const std::string& rule : reading.as) as.push(rule);
    value.set("as", std::move(as));
  }
  if (!reading.charset.empty()) value.set("charset", reading.charset);
  if (reading.whole_page) value.set("whole_page", true);
  if (!reading.password_file.empty()) value.set("password_file", reading.password_file);
  return value;
}

Reading parse_reading(const json::Value& value) {
  Reading reading;
  for (const json::Value& rule : value["as"].items()) {
    if (rule.is_string()) reading.as.push_back(rule.as_string());
  }
  reading.charset = value["charset"].string_or("");
  reading.whole_page = value["whole_page"] == json::Value(true);
  if (!Reader::make(reading).ok()) return {};
  reading.password_file = value["password_file"].string_or("");  // whether it is there is asked by who reads it
  return reading;
}

base::Result<Reader> Reader::make(const Reading& reading) {
  TARN_TRY(check_charset(reading.charset));
  Reader reader;
  reader.reading_ = reading;
  if (!reading.password_file.empty()) {
    TARN_ASSIGN(reader.password_, read_password(reading.password_file));
  }
  for (const std::string& rule : reading.as) {
    const size_t colon = rule.find(':');
    TARN_ASSIGN(std::string mime, type_named(std::string_view(rule).substr(0, colon), rule));
    const std::string pattern = colon == std::string::npos ? std::string() : rule.substr(colon + 1);
    if (pattern.empty() || pattern.starts_with('!')) {
      return base::Status(base::Code::invalid_argument, "'" + rule + "' names no pattern",
                          "write TYPE:PATTERN: --as 'markdown:*.qmd'");
    }
    auto parsed = folder::Pattern::parse(pattern);
    if (!parsed.ok()) return parsed.status().with_context("--as");
    reader.as_.emplace_back(std::move(mime), std::move(*parsed));
  }
  return reader;
}

std::optional<std::string> Reader::type_of(std::string_view path) const {
  if (as_.empty()) return std::nullopt;
  const std::string name = text::composed(path);
  for (size_t i = as_.size(); i-- > 0;) {
    if (as_[i].second.matches(name, false)) return as_[i].first;
  }
  return std::nullopt;
}

document::ExtractOptions Reader::options(std::string_view mime) const {
  return {.whole_page = reading_.whole_page && mime == kHtml,
          .charset = reading_.charset,
          .password = mime == kPdf ? password_ : std::string()};
}

std::string Reader::way(std::string_view mime, std::string_view found) const {
  std::string way;
  if (mime != found) way += ";as=" + std::string(mime);
  const document::ExtractOptions told = options(mime);
  if (!told.charset.empty()) way += ";charset=" + told.charset;
  if (told.whole_page) way += ";whole-page";
  if (!told.password.empty()) way += ";password";
  return way;
}

}  // namespace tarn::connector
