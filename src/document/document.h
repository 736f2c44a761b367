// Bytes → Document: a Markdown body with what the source says of itself.
// Shape:   `body` is CommonMark with GFM tables, UTF-8, '\n' lines, no trailing blank lines. Headings, lists, tables, code (with its
//          language), links and image texts of the source survive; scripts, styles and navigation do not (doc/design/html-text.md);
//          `extra.left_out` says how much of a page's text went: {"bytes": n, "why": {"navigation": n, …}}.
//          Markdown input keeps its bytes (after decoding and front matter), so that a quote is what the author wrote.
// Errors:  unsupported (a type that is not read), invalid_argument (not readable as its type, or a page without text: with the reason),
//          exhausted (a limit).
// Limits:  kMaxDocumentBytes of input; deeper nesting than kMaxNesting is flattened, never followed.
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace tarn::document {

inline constexpr uint64_t kMaxDocumentBytes = uint64_t{64} << 20;
inline constexpr int kMaxNesting = 100;

struct Document {
  std::string title;  // front matter, <title>, first heading or the file's name, in that order
  std::string body;   // Markdown
  std::string mime;   // of the source: "text/html", "text/markdown", "text/plain"
  std::string lang;   // as the source states it, or ""
  std::string author;
  std::optional<int64_t> created_at_us, updated_at_us;  // as the source states them
  std::vector<std::string> labels;
  json::Value extra;  // object: every other field of the source (front matter keys, meta tags, charset, links …)
};

// The version of extraction: part of a bookmark; a change re-extracts everything.
inline constexpr int kExtractorVersion = 3;

// Media type by the file's name and its first bytes; "" when it is not one that extract() reads.
std::string detect_type(std::string_view name, std::string_view head);

// How a source wants its documents read.
struct ExtractOptions {
  bool whole_page = false;  // of a web page all text, its navigation too
  std::string charset;      // what the bytes are written in, by the source's word; "": as the bytes and the page say
};

// `name` is the file's name (for the title of last resort), never opened.
base::Result<Document> extract(std::string_view bytes, std::string_view mime, std::string_view name,
                               const ExtractOptions& options = {});

// The same in a worker (worker/pool.h): the request and the reply of the job "document.extract".
std::string encode_extract_request(std::string_view bytes, std::string_view mime, std::string_view name,
                                   const ExtractOptions& options = {});
base::Result<Document> decode_extract_reply(std::string_view reply);
void register_jobs();

// A span of a body that is indexed and cited.
struct Passage {
  std::vector<std::string> heading;  // path of headings above it, outermost first, plain text
  uint64_t start = 0, end = 0;       // byte offsets into body; spans do not overlap, ascend, and lie on character edges
  // The line of the body that a passage is read under when it begins within a table or fenced code: the row of column names, the
  // opening fence. It lies within one earlier passage; empty where there is none. It is searched and shown, never quoted.
  uint64_t context_start = 0, context_end = 0;
};
// Whether a passage's context is the opening fence of code; it is a table's column names otherwise.
bool opens_code(std::string_view context);

// Passages restart at each heading (so that an edit changes its own section only); a section longer than `most_bytes` is cut between
// blocks, then sentences, then words. A heading's own line belongs to the passage below it. Blank bodies have none.
// A passage and its context are together no longer than `most_bytes`, which is kLeastPassageBytes at least.
inline constexpr size_t kPassageBytes = 1100;  // aim; near 256 WordPiece tokens of English prose
inline constexpr int kPassageVersion = 2;
inline constexpr size_t kLeastPassageBytes = 100;
std::vector<Passage> split_passages(std::string_view body, size_t most_bytes = kPassageBytes);

// Markdown → plain text for encoders and titles: marks, link targets and HTML go, words stay.
std::string plain_text(std::string_view markdown);

}  // namespace tarn::document
