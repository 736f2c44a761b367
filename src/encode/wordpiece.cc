#include "encode/wordpiece.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tarn::encode {
namespace {

// FNV-1a, because it gives the hash of every prefix on the way; the seed tells first pieces from those within a word.
constexpr uint64_t kFirstSeed = 0xcbf29ce484222325ull;
constexpr uint64_t kInnerSeed = 0x9ae16a3b2f90404full;
constexpr uint64_t mix(uint64_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull; }

uint64_t hash_of(std::string_view piece, uint64_t seed) {
  for (char c : piece) seed = mix(seed, c);
  return seed;
}

enum Kind : uint8_t { kLetter, kPunctuation, kDropped };

constexpr std::array<uint8_t, 128> kAsciiKind = [] {
  std::array<uint8_t, 128> kinds{};
  for (size_t c = 0; c < 128; ++c) {
    const bool alphanumeric = base::is_alnum(c);
    kinds[c] = c < 0x20 || c == 0x7f ? kDropped : alphanumeric ? kLetter : kPunctuation;
  }
  return kinds;
}();

bool is_ascii_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Ideographs stand alone as words. The ranges are the reference tokenizer's, with its U+2B920 for the block that begins
// at U+2B820.
bool is_ideograph(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) ||
         (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

size_t count_chars(std::string_view word) {
  return static_cast<size_t>(std::count_if(word.begin(), word.end(), [](char c) { return !base::is_continuation(c); }));
}

}  // namespace

// Collects a word's bytes and gives whole words to add_pieces().
struct WordPiece::Sink {
  const WordPiece& pieces;
  size_t limit;
  std::vector<int32_t>* out;
  std::string word = {};
  std::string cleaned = {}, plain = {};  // of add_unicode()

  bool full() const { return out->size() >= limit; }
  void end_word() {
    if (!word.empty()) pieces.add_pieces(word, out);
    word.clear();
  }
  void alone(std::string_view character) {
    end_word();
    word = character;
    end_word();
  }
};

base::Result<WordPiece> WordPiece::parse(std::string vocabulary, const std::string& what) {
  const auto corrupt = [&](std::string why) {
    return base::Status(base::Code::corruption, what + ": " + why, "install the model again");
  };
  WordPiece made;
  made.text_ = std::move(vocabulary);
  const std::string_view text = made.text_;
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  if (lines > kMaxVocabulary) return corrupt(fmt::format("more than {} lines (kMaxVocabulary)", kMaxVocabulary));
  if (text.size() > INT32_MAX) return corrupt("more than 2 GiB");
  made.slots_.resize(std::bit_ceil(lines * 2));
  for (size_t at = 0; at < text.size(); ++made.count_) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view piece = text.substr(at, end - at);
    if (!piece.empty() && piece.back() == '\r') piece.remove_suffix(1);
    const auto id = static_cast<int32_t>(made.count_);
    const bool inner = piece.size() > 2 && piece.starts_with("##");
    if (inner) piece.remove_prefix(2);
    const auto offset = static_cast<uint32_t>(at + (inner ? 2 : 0));
    made.by_id_.push_back({offset, static_cast<uint32_t>(piece.size()) & 0x7fffffffu, inner ? 1u : 0u, id});
    made.insert(offset, piece, inner, id);
    at = end + 1;
  }
  for (const auto& [name, id] : {std::pair("[UNK]", &made.unknown_), {"[CLS]", &made.first_}, {"[SEP]", &made.last_}}) {
    *id = made.find(name, hash_of(name, kFirstSeed), false);
    if (*id < 0) return corrupt(fmt::format("no line {}: not the vocabulary of a BERT model", name));
  }
  return made;
}

WordPiece::Piece WordPiece::piece(int32_t id) const {
  const Slot& slot = by_id_.at(static_cast<size_t>(id));
  return {std::string_view(text_).substr(slot.offset, slot.length), slot.inner != 0};
}

void WordPiece::insert(uint32_t offset, std::string_view piece, bool inner, int32_t id) {
  if (piece.empty()) return;
  const uint64_t hash = hash_of(piece, inner ? kInnerSeed : kFirstSeed);
  if (find(piece, hash, inner) >= 0) return;  // the first of equal lines counts
  longest_ = std::max(longest_, piece.size());
  size_t at = hash & (slots_.size() - 1);
  while (slots_[at].length != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at].offset = offset;
  slots_[at].length = static_cast<uint32_t>(piece.size()) & 0x7fffffffu;
  slots_[at].inner = inner ? 1 : 0;
  slots_[at].id = id;
}

int32_t WordPiece::find(std::string_view piece, uint64_t hash, bool inner) const {
  for (size_t at = hash & (slots_.size() - 1); slots_[at].length != 0; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.length == piece.size() && (slot.inner != 0) == inner &&
        text_.compare(slot.offset, slot.length, piece) == 0) {
      return slot.id;
    }
  }
  return -1;
}

void WordPiece::add_pieces(std::string_view word, std::vector<int32_t>* out) const {
  if (word.size() > kMaxWordChars && count_chars(word) > kMaxWordChars) {
    out->push_back(unknown_);
    return;
  }
  const size_t before = out->size();
  uint64_t prefixes[4 * kMaxWordChars + 1];  // prefixes[n]: hash of the first n bytes that are left
  for (uint64_t seed = kFirstSeed; !word.empty(); seed = kInnerSeed) {
    size_t length = std::min(word.size(), longest_);
    prefixes[0] = seed;
    for (size_t i = 0; i < length; ++i) prefixes[i + 1] = mix(prefixes[i], word[i]);
    int32_t id = -1;
    for (; length > 0; --length) {
      id = find(word.substr(0, length), prefixes[length], seed == kInnerSeed);
      if (id >= 0) break;
    }
    if (id < 0) {
      out->resize(before);
      out->push_back(unknown_);
      return;
    }
    out->push_back(id);
    word.remove_prefix(length);
  }
}

void WordPiece::add_ascii(std::string_view chunk, Sink* sink) const {
  for (char c : chunk) {
    switch (kAsciiKind[static_cast<unsigned char>(c)]) {
      case kLetter:
        sink->word.push_back(base::lower(c));
        break;
      case kPunctuation:
        sink->alone({&c, 1});
        break;
      default:
        break;
    }
    if (sink->full()) return;
  }
  sink->end_word();
}

void WordPiece::add_unicode(std::string_view chunk, Sink* sink) const {
  sink->cleaned.clear();
  for (size_t at = 0; at < chunk.size();) {
    const text::Utf8Char c = text::utf8_at(chunk, at);
    if (c.value == text::kReplacement || text::is_control_or_format(c.value)) {
      // left out
    } else if (text::is_white_space(c.value)) {
      sink->cleaned.push_back(' ');
    } else if (is_ideograph(c.value)) {
      sink->cleaned.append(" ").append(chunk.substr(at, c.size)).append(" ");
    } else {
      sink->cleaned.append(chunk.substr(at, c.size));
    }
    at += c.size;
  }
  sink->plain.clear();
  text::append_lower_without_marks(sink->cleaned, &sink->plain);
  const std::string_view plain = sink->plain;
  for (size_t at = 0; at < plain.size() && !sink->full();) {
    const text::Utf8Char c = text::utf8_at(plain, at);
    const std::string_view bytes = plain.substr(at, c.size);
    const bool ascii = c.value < 0x80;
    if (ascii ? c.value == ' ' : text::is_white_space(c.value)) {
      sink->end_word();
    } else if (ascii ? kAsciiKind[c.value] == kPunctuation : text::is_punctuation(c.value)) {
      sink->alone(bytes);
    } else {
      sink->word.append(bytes);
    }
    at += c.size;
  }
  if (!sink->full()) sink->end_word();
}

void WordPiece::encode(std::string_view text, size_t max_tokens, std::vector<int32_t>* out) const {
  TARN_CHECK(max_tokens >= 2);
  out->assign(1, first_);
  Sink sink{*this, max_tokens - 1, out};
  // ASCII white space parts words before and after the clean-up, so what stands between is looked at by itself.
  for (size_t at = 0; at < text.size() && !sink.full();) {
    if (is_ascii_space(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    char high = 0;
    for (; end < text.size() && !is_ascii_space(text[end]); ++end) high = static_cast<char>(high | text[end]);
    const std::string_view chunk = text.substr(at, end - at);
    if ((high & '\x80') == 0) {
      add_ascii(chunk, &sink);
    } else {
      add_unicode(chunk, &sink);
    }
    at = end;
  }
  if (out->size() > max_tokens - 1) out->resize(max_tokens - 1);
  out->push_back(last_);
}

}  // namespace tarn::encode
