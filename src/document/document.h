// Bytes → Document: a Markdown body with what the source says of itself.
// Shape:   `body` is CommonMark with GFM tables, UTF-8, '\n' lines, no trailing blank lines. Headings, lists, tables,
//          code (with its language), links and image texts of the source survive; scripts, styles and navigation do not
//          (doc/design/html-text.md); `extra.left_out` says how much of a page's text went: {"bytes": n, "why":
//          {"navigation": n, …}}. Markdown input keeps its bytes (after decoding and front matter), so that a quote is
//          what the author wrote.
// Errors:  unsupported (a type that is not read), invalid_argument (not readable as its type, or without text: with the
//          reason), permission_denied (a password is missing), unavailable (PDFium), exhausted (a limit). An item may
//          hold others (attachments, members, sheets): its parts, which come after it as documents of their own.
// Limits:  max_bytes of the reader (reader.h); deeper nesting than kMaxNesting is flattened, never followed; kMaxParts
//          of an item, with kMaxPartsBytes of text; kMaxAnchors of a document.
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "document/anchor.h"
#include "json/value.h"

namespace tarn::document {

inline constexpr uint64_t kMaxDocumentBytes = uint64_t{64} << 20;
inline constexpr int kMaxNesting = 100;
inline constexpr size_t kMaxParts = 10'000;
inline constexpr uint64_t kMaxPartsBytes = uint64_t{256} << 20;
inline constexpr size_t kMaxAnchors = 1'000'000;

struct Document {
  std::string part;   // "": the item itself; else the name of its part, unique in the item
  std::string title;  // front matter, <title>, first heading or the file's name, in that order
  std::string body;   // Markdown
  std::string mime;   // of the source: "text/html", "application/pdf"
  std::string lang;   // as the source states it, else as the text has it (language.h), or ""
  std::string author;
  std::optional<int64_t> created_at_us, updated_at_us;  // as the source states them
  std::vector<std::string> labels;
  std::vector<Anchor> anchors;  // ascending
  json::Value extra;  // object: every other field of the source (front matter keys, meta tags, charset, links …)
};

// Media type by the file's name and its first bytes; "" when there is no reader of it (reader.h).
std::string detect_type(std::string_view name, std::string_view head);

// How a source wants its documents read.
struct ExtractOptions {
  bool whole_page = false;    // of a web page all text, its navigation too
  std::string charset;        // what the bytes are written in, by the source's word; "": as the bytes and the page say
  std::string password = {};  // opens what is encrypted; "": what is encrypted is refused
  std::string answers = {};   // of a message: the bytes of the one that it answers, whose words it need not say again
};

// Takes the documents of an item: the item itself, then its parts. What it returns ends the reading.
using Sink = std::function<base::Status(Document document)>;

// `name` is the file's name (for the title of last resort), never opened.
base::Status read(std::string_view bytes, std::string_view mime, std::string_view name, const ExtractOptions& options,
                  const Sink& sink);
void register_jobs();  // what a worker does for read_in() (job.h)

// The item itself, without its parts.
base::Result<Document> extract(std::string_view bytes, std::string_view mime, std::string_view name,
                               const ExtractOptions& options = {});

// A span of a body that is indexed and cited.
struct Passage {
  std::vector<std::string> heading;  // path of headings above it, outermost first, plain text
  uint64_t start = 0, end = 0;       // byte offsets into body; spans do not overlap, ascend, and lie on character edges
  // The line of the body that a passage is read under when it begins within a table or fenced code: the row of column
  // names, the opening fence. It lies within one earlier passage; empty where there is none. It is searched and shown,
  // never quoted.
  uint64_t context_start = 0, context_end = 0;
  // The place of its first byte, where that is known, and the anchors that stand behind it: the index fills them from
  // the row's.
  std::vector<Anchor> anchors = {};
};
// Whether a passage's context is the opening fence of code; it is a table's column names otherwise.
bool opens_code(std::string_view context);

// Passages restart at each heading (so that an edit changes its own section only); a section longer than `most_bytes`
// is cut between blocks, then sentences, then words. A heading's own line belongs to the passage below it. Blank bodies
// have none. A passage and its context are together no longer than `most_bytes`, which is kLeastPassageBytes at least.
inline constexpr size_t kPassageBytes = 1100;  // aim; near 256 WordPiece tokens of English prose
inline constexpr int kPassageVersion = 2;
inline constexpr size_t kLeastPassageBytes = 100;
std::vector<Passage> split_passages(std::string_view body, size_t most_bytes = kPassageBytes);

// Markdown → plain text for encoders and titles: marks, link targets and HTML go, words stay.
std::string plain_text(std::string_view markdown);

}  // namespace tarn::document
