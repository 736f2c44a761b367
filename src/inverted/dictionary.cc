#include "inverted/dictionary.h"

#include <algorithm>

#include "base/bytes.h"
#include "inverted/layout.h"

namespace tarn::inverted {
namespace {

// A varint of up to 32 bits from the front of `rest`; false when the bytes end or mean more.
bool take_varint(std::string_view* rest, uint32_t* value) {
  uint64_t v = 0;
  for (unsigned shift = 0; shift < 35 && !rest->empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest->front());
    rest->remove_prefix(1);
    v |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (!(byte & 0x80)) {
      *value = static_cast<uint32_t>(v);
      return v <= 0xFFFFFFFF;
    }
  }
  return false;
}

bool take_text(std::string_view* rest, std::string_view* text) {
  uint32_t size;
  if (!take_varint(rest, &size) || size > rest->size()) return false;
  *text = rest->substr(0, size);
  rest->remove_prefix(size);
  return true;
}

size_t shared_prefix(std::string_view a, std::string_view b) {
  const size_t n = std::min(a.size(), b.size());
  size_t i = 0;
  while (i < n && a[i] == b[i]) ++i;
  return i;
}

}  // namespace

void DictionaryWriter::add(std::string_view term) {
  base::ByteWriter index(index_), bytes(bytes_);
  if (count_++ % kDictionaryBlock == 0) {
    index.fixed(static_cast<uint32_t>(bytes_->size()));
    bytes.text(term);
  } else {
    const size_t shared = shared_prefix(last_, term);
    bytes.varint(shared);
    bytes.text(term.substr(shared));
  }
  last_ = term;
}

bool Dictionary::check() const {
  const uint64_t blocks = (uint64_t{count_} + kDictionaryBlock - 1) / kDictionaryBlock;
  if (index_.size() != blocks * 4) return false;
  for (size_t b = 0; b < blocks; ++b) {
    if (base::load_le<uint32_t>(index_.data() + 4 * b) > bytes_.size()) return false;
  }
  return true;
}

std::string_view Dictionary::block(uint32_t b) const {
  return bytes_.substr(base::load_le<uint32_t>(index_.data() + size_t{4} * b));
}

std::optional<uint32_t> Dictionary::find(std::string_view term) const {
  // The last block whose first term is not above `term`.
  uint32_t low = 0, high = (count_ + kDictionaryBlock - 1) / kDictionaryBlock;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    std::string_view rest = block(middle), first;
    if (!take_text(&rest, &first)) return std::nullopt;
    if (first <= term) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return std::nullopt;
  const uint32_t b = low - 1;
  std::string_view rest = block(b), entry;
  if (!take_text(&rest, &entry)) return std::nullopt;
  uint32_t ordinal = b * kDictionaryBlock;
  if (entry == term) return ordinal;
  size_t matched = shared_prefix(entry, term);  // of `term` with the entry at hand, which is below `term`
  for (uint32_t i = 1; i < kDictionaryBlock && ++ordinal < count_; ++i) {
    uint32_t shared;
    if (!take_varint(&rest, &shared) || !take_text(&rest, &entry)) return std::nullopt;
    if (shared > matched) {
      continue;  // still below
    }
    if (shared < matched) return std::nullopt;  // above where `term` would be
    const std::string_view wanted = term.substr(matched);
    if (entry == wanted) return ordinal;
    if (entry > wanted) return std::nullopt;
    matched += shared_prefix(entry, wanted);
  }
  return std::nullopt;
}

std::string Dictionary::term(uint32_t ordinal) const {
  if (ordinal >= count_) return {};
  std::string_view rest = block(ordinal / kDictionaryBlock), entry;
  if (!take_text(&rest, &entry)) return {};
  std::string out(entry);
  for (uint32_t i = ordinal % kDictionaryBlock; i > 0; --i) {
    uint32_t shared;
    if (!take_varint(&rest, &shared) || !take_text(&rest, &entry) || shared > out.size()) return {};
    out.resize(shared);
    out += entry;
  }
  return out;
}

bool Dictionary::Walk::next() {
  if (ordinal_ >= dictionary_.count_) return false;
  uint32_t shared = 0;
  std::string_view entry;
  if (ordinal_ % kDictionaryBlock == 0) {
    rest_ = dictionary_.block(ordinal_ / kDictionaryBlock);
  } else if (!take_varint(&rest_, &shared) || shared > term_.size()) {
    return false;
  }
  if (!take_text(&rest_, &entry)) return false;
  term_.resize(shared);
  term_ += entry;
  ++ordinal_;
  return true;
}

}  // namespace tarn::inverted
