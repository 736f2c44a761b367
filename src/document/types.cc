#include <algorithm>
#include <iterator>
#include <string>

#include "base/ascii.h"
#include "document/code/code.h"
#include "document/document.h"
#include "document/mail/mail.h"
#include "document/read.h"
#include "document/reader.h"

namespace tarn::document {
namespace {

using base::is_digit;
using base::is_letter;
using base::lower;

// Two letters behind a last dot that are no language.
constexpr std::string_view kNoLanguages[] = {"bz", "cc", "cs", "db", "go", "gz", "hh", "hs", "js",
                                             "kt", "lz", "ml", "nb", "pl", "pm", "ps", "py", "rb",
                                             "rs", "sh", "so", "ts", "vb", "xz", "br"};

std::string_view type_of_extension(std::string_view base) {
  const size_t dot = base.find_last_of('.');
  if (dot == std::string_view::npos) return {};
  const std::string extension = lower(base.substr(dot + 1));
  const Reader* reader = reader_of_extension(extension);
  return reader ? reader->mime() : std::string_view();
}

// "data.bin.gz": what is compressed alone in it is of a type that is not read, by its name.
bool holds_nothing_read(std::string_view base) {
  const std::string name = lower(base);
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (!name.ends_with(packed)) continue;
    const std::string inner = name.substr(0, name.size() - packed.size());
    return !inner.ends_with(".tar") && detect_type(inner, {}).empty();
  }
  return false;
}

constexpr size_t kFewControls = 3;  // of any text: a form's tab, the Ctrl-Z of an old editor

// The source of a manual page.
bool looks_like_roff(std::string_view head) {
  return head.starts_with(".TH ") || head.starts_with(".Dd ") || head.starts_with(".\\\"") || head.starts_with("'\\\"");
}

constexpr size_t kMaxExtension = 8;

// Whether what stands behind a last dot says nothing of the type: a part of a date or version ("2026.05.12", "v1.2",
// "app.log.1"), words ("Dr. Who on ice", "Prof. Müller", "J.Smith-Andersen"), nothing.
bool is_no_extension(std::string_view extension) {
  if (extension.empty() || extension.size() > kMaxExtension || extension.find(' ') != std::string_view::npos) {
    return true;
  }
  if (std::any_of(extension.begin(), extension.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return true;
  }
  if (extension.size() > 1 && (extension[0] == 'v' || extension[0] == 'V')) extension.remove_prefix(1);
  return is_digit(extension[0]) && std::count_if(extension.begin(), extension.end(), is_letter) <= 3 &&
         !extension.ends_with("z") && lower(extension) != "7z" && lower(extension) != "3gp" &&
         lower(extension) != "3ds";
}

// "en", "de-AT", "utf8": what a web server's files carry behind their type.
bool is_language(std::string_view extension) {
  const std::string name = lower(extension);
  if (name == "utf8" || name == "utf-8") return true;
  if (name.size() != 2 && !(name.size() == 5 && (name[2] == '-' || name[2] == '_'))) return false;
  return is_letter(name[0]) && is_letter(name[1]) &&
         std::find(std::begin(kNoLanguages), std::end(kNoLanguages), name) == std::end(kNoLanguages);
}

bool is_well_known(std::string_view stem) {
  constexpr std::string_view kNames[] = {"readme",  "changelog", "changes",     "license", "licence",
                                         "copying", "install",   "authors",     "news",    "todo",
                                         "history", "notice",    "contributing"};
  return std::find(std::begin(kNames), std::end(kNames), lower(stem)) != std::end(kNames);
}

// A message of a Maildir: "1714543800.M1P2.host:2,S". What stands behind its dots is the name of a machine.
bool is_maildir_name(std::string_view base) {
  constexpr size_t kTimeDigits = 9;
  const size_t digits = std::min(base.find_first_not_of("0123456789"), base.size());
  return digits >= kTimeDigits && digits < base.size() && base[digits] == '.';
}

// "README.linux", "INSTALL-notes.unix": what every project has, whatever stands behind the dot. A program is none
// ("install.sh").
bool is_project_text(std::string_view base, std::string_view extension) {
  if (std::find(std::begin(kNoLanguages), std::end(kNoLanguages), lower(extension)) != std::end(kNoLanguages)) {
    return false;
  }
  const std::string name = lower(base);
  for (const std::string_view word : {"readme", "install", "changelog", "news", "license", "copying", "authors"}) {
    if (name.starts_with(word) && name.size() > word.size() && !is_letter(name[word.size()])) return true;
  }
  return false;
}

// Types that are text in their first bytes and not to be read as it.
bool looks_like_page_description(std::string_view head) { return head.starts_with("%!PS"); }

}  // namespace

bool looks_binary(std::string_view head) {
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return false;  // UTF-16
  size_t controls = 0;
  for (char c : head) {
    const auto byte = static_cast<unsigned char>(c);
    controls +=
        byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\b' && c != '\x1b' && c != '\a';
  }
  if (controls == 0) return false;
  // UTF-16 without a mark: every other byte of plain text is zero, and no other control is there.
  const size_t zeros = static_cast<size_t>(std::count(head.begin(), head.end(), '\0'));
  if (zeros == controls && zeros * 10 > head.size() * 4 && zeros * 10 < head.size() * 6) return false;
  return zeros * 100 > head.size() || (controls > kFewControls && controls * 32 > head.size());
}

std::string detect_type(std::string_view name, std::string_view head) {
  for (const Reader& reader : readers()) {
    if (reader.is && reader.is(head)) return std::string(reader.mime());
  }
  std::string_view base = name.substr(name.find_last_of('/') + 1);
  base = base.substr(0, base.find('?'));  // a saved page's query
  bool parted = false;                    // something that is no type stood behind it
  for (;;) {
    const size_t dot = base.find_last_of('.');
    if (dot == std::string_view::npos) break;
    const std::string_view extension = base.substr(dot + 1);
    if (const std::string_view mime = type_of_extension(base); !mime.empty()) {
      // A film may be called ".ts" too.
      const bool must_be_text = parted || mime == kCode;
      return (must_be_text && looks_binary(head)) || holds_nothing_read(base) ? std::string() : std::string(mime);
    }
    if (is_maildir_name(base) && looks_like_mail(head)) break;
    const bool read = dot > 0 && (is_no_extension(extension) || is_project_text(base, extension) ||
                                  (is_language(extension) && (is_well_known(base.substr(0, dot)) ||
                                                              !type_of_extension(base.substr(0, dot)).empty())));
    if (!read) return {};
    base = base.substr(0, dot);
    parted = true;
  }
  for (const Reader& reader : readers()) {
    if (reader.may_be && reader.may_be(head)) return std::string(reader.mime());
  }
  return looks_binary(head) || (parted && (looks_like_roff(head) || looks_like_page_description(head)))
             ? std::string()
             : std::string(kPlain);
}

}  // namespace tarn::document
