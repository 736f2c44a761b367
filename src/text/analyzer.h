// Text → terms. One analyzer serves documents and queries, so that they meet.
// Shape:   NFKC case folding, words by UAX #29, apostrophes and accents handled as the language asks, then a Snowball
//          stem. "standard" has no stemmer, "english" stems and has no stop list (BM25's idf does that work).
// Units:   start and end are byte offsets into the input (UTF-8); position counts words from 0.
// Errors:  bytes that are not UTF-8 never fail: they separate words.
// Threads: an Analyzer is immutable; analyze() may be called from any thread.
// Source:  Unicode 15 (UAX #15, #29); snowballstem.org.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tarn::text {

// How a term stands for its word.
enum class Form : uint8_t {
  word,      // the word itself: the first term at its position
  spelling,  // the same in another spelling: email for e-mail, 4.5.6 for v4.5.6
  part,      // a part of it: dump of pg_dump
  // what it begins with: 192.168 of 192.168.0.1. It is found by that; a query does not look for its own openings
  opening,
};

struct Token {
  std::string_view term;  // valid during the callback only
  uint32_t position = 0;
  uint32_t start = 0, end = 0;
  Form form = Form::word;
};

inline constexpr size_t kMaxTermBytes = 128;  // longer words are cut there, on a character's edge

class Analyzer {
 public:
  virtual ~Analyzer() = default;
  virtual void analyze(std::string_view text, const std::function<void(const Token&)>& sink) const = 0;
  // What decides its terms, for an index definition's hash: "english/1 icu-72.1 snowball-2.2".
  virtual std::string identity() const = 0;
};

// "standard", "english" (default), or another Snowball language's name; invalid_argument lists the names.
base::Result<std::shared_ptr<const Analyzer>> make_analyzer(std::string_view name);

// Sentence boundaries (UAX #29) as byte offsets: each sentence is [b[i], b[i+1]), the last ends at text.size(). Not for
// code blocks.
std::vector<size_t> sentence_boundaries(std::string_view text);

// Any bytes → UTF-8. `charset` is a hint ("", "utf-8", "windows-1252", "utf-16le", …); a byte-order mark wins over it;
// without either UTF-8 is tried, then detection. `name` says what was used; `replaced` counts U+FFFD put in for bytes
// that could not be read.
struct Decoded {
  std::string text;
  std::string charset;
  uint64_t replaced = 0;
};
base::Result<Decoded> decode(std::string_view bytes, std::string_view charset_hint = {});
// Whether a hint names a charset that decode() reads; of one that does not, decode() takes no notice.
bool is_charset(std::string_view label);

}  // namespace tarn::text
