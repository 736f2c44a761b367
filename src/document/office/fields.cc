#include "document/office/fields.h"

#include <algorithm>

#include "base/ascii.h"

namespace tarn::document::office {
namespace {

constexpr size_t kMaxFields = 200;  // within each other
constexpr size_t kMaxInstruction = 20'000;

// The next word of an instruction, or what stands in quotes.
std::string_view take_word(std::string_view* rest) {
  rest->remove_prefix(std::min(rest->find_first_not_of(base::kBlanks), rest->size()));
  const bool quoted = rest->starts_with('"');
  if (quoted) rest->remove_prefix(1);
  const std::string_view word =
      rest->substr(0, std::min(quoted ? rest->find('"') : rest->find_first_of(base::kBlanks), rest->size()));
  rest->remove_prefix(std::min(word.size() + 1, rest->size()));
  return word;
}

}  // namespace

bool is_page_number(std::string_view instruction) {
  const std::string_view word = take_word(&instruction);
  return word == "PAGE" || word == "NUMPAGES" || word == "SECTIONPAGES";
}

std::string link_of(std::string_view instruction) {
  if (base::upper(take_word(&instruction)) != "HYPERLINK") return {};
  while (!base::trimmed(instruction).empty()) {
    const std::string_view word = take_word(&instruction);
    if (!word.starts_with('\\')) return std::string(word);
    if (word == "\\l") return {};
    if (word == "\\o" || word == "\\t" || word == "\\m" || word == "\\s") take_word(&instruction);
  }
  return {};
}

void Fields::begin() {
  if (open_.size() < kMaxFields) {
    open_.emplace_back();
  } else {
    ++too_deep_;
  }
}

void Fields::instruct(std::string_view text) {
  if (!open_.empty() && open_.back().instruction.size() < kMaxInstruction) open_.back().instruction += text;
}

void Fields::separate(Inline* line) {
  if (open_.empty() || too_deep_ > 0) return;
  Field& f = open_.back();
  if (std::exchange(f.result, true)) return;
  f.silent = is_page_number(f.instruction);
  const std::string target = link_of(f.instruction);
  f.link = !target.empty() && shows();
  if (f.link) line->open_link(target);
}

void Fields::end(Inline* line) {
  if (too_deep_ > 0) {
    --too_deep_;
  } else if (!open_.empty()) {
    if (open_.back().link) line->close_link();
    open_.pop_back();
  }
}

bool Fields::shows() const {
  return std::all_of(open_.begin(), open_.end(), [](const Field& f) { return f.result && !f.silent; });
}

}  // namespace tarn::document::office
