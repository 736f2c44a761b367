#include "document/markdown/block_writer.h"

#include <algorithm>

#include "document/document.h"
#include "document/read.h"

namespace tarn::document {

void BlockWriter::open_quote() {
  if (containers_.size() >= static_cast<size_t>(kMaxNesting)) {
    ++flattened_;
  } else {
    containers_.push_back({"> ", "> ", true, false});
  }
}

void BlockWriter::open_item(std::string_view marker, bool tight, bool first_in_list, bool nested_in_tight) {
  if (containers_.size() >= static_cast<size_t>(kMaxNesting)) {
    ++flattened_;
  } else {
    containers_.push_back(
        {std::string(marker), std::string(marker.size(), ' '), true, tight && (!first_in_list || nested_in_tight)});
  }
}

void BlockWriter::reopen_item(size_t marker_bytes) {
  if (containers_.size() >= static_cast<size_t>(kMaxNesting)) {
    ++flattened_;
  } else {
    containers_.push_back({{}, std::string(marker_bytes, ' '), false, false});
  }
}

void BlockWriter::close_container() {
  if (flattened_ > 0) {
    --flattened_;
  } else if (!containers_.empty()) {
    containers_.pop_back();
  }
}

size_t BlockWriter::write(std::string_view block) {
  if (block.empty() || full_) return out_.size();
  // The outermost container that begins here says whether a blank line stands before it.
  const auto fresh = std::find_if(containers_.begin(), containers_.end(), [](const Container& c) { return c.fresh; });
  const bool joins = fresh != containers_.end() && fresh->joins;
  if (!out_.empty() && !joins) {
    std::string blank;
    for (auto c = containers_.begin(); c != fresh; ++c) blank += c->rest;
    while (!blank.empty() && blank.back() == ' ') blank.pop_back();
    out_ += blank;
    out_ += '\n';
  }
  const size_t start = out_.size();
  std::string prefix;
  for (const Container& c : containers_) prefix += c.rest;
  for (size_t at = 0; at <= block.size();) {
    const size_t end = std::min(block.find('\n', at), block.size());
    const std::string_view line = block.substr(at, end - at);
    if (at == 0) {
      for (Container& c : containers_) {
        out_ += c.fresh ? c.first : c.rest;
        c.fresh = false;
      }
    } else if (line.empty()) {
      out_.append(prefix, 0, prefix.find_last_not_of(' ') + 1);
    } else {
      out_ += prefix;
    }
    out_ += line;
    out_ += '\n';
    if (out_.size() > kMaxBodyBytes) {
      full_ = true;
      break;
    }
    at = end + 1;
  }
  return start;
}

std::string BlockWriter::take() { return std::move(out_); }

std::string fenced(std::string_view code, std::string_view language) {
  size_t longest = 2, run = 0;
  for (char c : code) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  std::string out = fence;
  out.append(language).append("\n").append(code).append("\n").append(fence);
  return out;
}

}  // namespace tarn::document
