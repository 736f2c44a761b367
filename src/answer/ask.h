// A question → a few verbatim sentences with their citations, each re-read from the lake before it is shown.
// Checked: the data file's bytes match their commit, the row is read again at the pinned version, and body[start, end)
//          equals the quote byte for byte. A quote that fails is not shown; that is said in `withheld`.
// Errors:  what search and the lake return. Nothing relevant is not an error: found = false, with the reason.
// Threads: ask() may be called from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answer/extract.h"
#include "answer/sentences.h"

namespace tarn::answer {

struct Request {
  std::string question;
  search::Mode mode = search::Mode::hybrid;
  std::string filter;
  size_t k = 10;
};

// The row that names the columns of a table: shown with a quoted row, and no part of the quote.
struct Columns {
  std::string text;
  Span span;  // bytes of the body
};

// A hit with the words that are quoted: body[span.start, span.end) at `version`, compared before it is shown.
struct Citation : search::Hit {
  uint64_t marker = 0;  // [1], [2] … in the answer
  std::string quote = {};
  Span span = {};  // bytes of the body
  base::Version version = {};
  std::string hash = {};                        // XXH3-128 of the body, 32 digits
  std::optional<Columns> columns = {};          // of a table's row
  std::optional<document::Anchor> anchor = {};  // where the quote begins
  // Not shown: several items; and whether other steps of the list stand before or after, for which "…" is shown.
  bool is_list = false, cut_before = false, cut_after = false;
};

// What became of one of the questions that a question holds.
struct Part {
  std::string question;
  bool found = false;
  std::optional<std::string> reason = {};  // why nothing is shown
  std::vector<uint64_t> markers = {};      // of the citations that answer it
};

struct Reply {
  search::Mode mode = search::Mode::hybrid;
  bool found = false;
  bool calibrated = true;           // false: an encoder without a calibration was used, found is judged by words alone
  std::string reason;               // why nothing is shown, of the question or of a part of it
  std::vector<Part> parts;          // of a question that holds several; else empty
  std::string answer;               // quotes joined for reading, each followed by its marker "[n]"
  std::vector<Citation> citations;  // marker n is citations[n - 1]
  std::vector<search::Hit> hits;    // one a document
  std::vector<std::string> withheld;
  Evidence evidence;
};

base::Result<Reply> ask(const Request& request, const std::vector<search::Target>& targets,
                        const search::Environment& environment, duck::Connection& connection,
                        const base::Context& context);

}  // namespace tarn::answer
