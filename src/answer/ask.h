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

namespace tarn::answer {

struct Request {
  std::string question;
  search::Mode mode = search::Mode::hybrid;
  std::string filter;
  size_t k = 10;
};

struct Citation {
  search::Hit hit;
  size_t target = 0;
  std::string quote;
  uint64_t start = 0, end = 0;  // bytes of the body
  std::string body_hash;        // XXH3-128 of the body, 32 digits
  // Of a table's row: the row that names the columns, and its bytes. It is shown with the quote and is no part of it.
  std::string columns;
  uint64_t columns_start = 0, columns_end = 0;
  std::optional<document::Anchor> anchor;  // the place that the quote begins at
  bool is_list = false;                    // several items
  bool cut_before = false,
       cut_after = false;  // other steps of the list that is quoted stand before or after: shown as "…"
};

// What became of one of the questions that a question holds.
struct Part {
  std::string question;
  bool found = false;
  std::string reason;             // why nothing is shown
  std::vector<size_t> citations;  // indices
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
