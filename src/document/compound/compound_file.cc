#include "document/compound/compound_file.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "document/compound/characters.h"

namespace tarn::document::compound {
namespace {

using base::Code;
using base::load_le;
using base::Result;
using base::Status;

constexpr std::string_view kMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr size_t kHeaderBytes = 512, kEntryBytes = 128, kNameBytes = 64, kHeaderFats = 109;
constexpr uint32_t kLastSector = 0xFFFFFFFA;  // numbers above mean something else: free, end of a chain
constexpr uint32_t kNone = 0xFFFFFFFF;
constexpr uint8_t kStorage = 1, kStream = 2, kRoot = 5;

uint32_t word_at(std::string_view bytes, size_t at) { return load_le<uint32_t>(bytes.data() + at); }

}  // namespace

bool is_compound(std::string_view head) { return head.starts_with(kMagic); }

Result<CompoundFile> CompoundFile::open(std::string_view bytes) {
  CompoundFile file(bytes);
  TARN_TRY(file.load());
  return file;
}

Status CompoundFile::load() {
  if (!is_compound(bytes_)) return {Code::invalid_argument, "it is no compound file"};
  if (bytes_.size() < kHeaderBytes) {
    return {Code::invalid_argument, "it is cut off: its header is not whole", "see whether it was copied whole"};
  }
  const auto shift = load_le<uint16_t>(bytes_.data() + 30), small_shift = load_le<uint16_t>(bytes_.data() + 32);
  // Sectors have 512 or 4096 bytes, small ones 64; what says something else is read as the usual.
  sector_bytes_ = size_t{1} << (shift >= 7 && shift <= 16 ? shift : 9);
  small_bytes_ = size_t{1} << (small_shift >= 4 && small_shift < 9 ? small_shift : 6);
  small_below_ = word_at(bytes_, 56);
  if (small_below_ == 0 || small_below_ > (1 << 20)) small_below_ = 4096;
  sectors_ = static_cast<uint32_t>(
      std::min<uint64_t>((bytes_.size() + sector_bytes_ - 1) / sector_bytes_, kLastSector));  // the header's is one
  seen_.assign(sectors_, 0);
  TARN_TRY(load_fat());
  TARN_TRY(load_directory());
  const std::string small_fat = chain(word_at(bytes_, 60), uint64_t{sectors_} * sector_bytes_);
  for (size_t at = 0; at + 4 <= small_fat.size(); at += 4) small_fat_.push_back(word_at(small_fat, at));
  small_stream_ = chain(entries_[0].start, entries_[0].bytes);
  damaged_ = false;  // of what is read from now on
  return {};
}

std::string_view CompoundFile::sector(uint32_t number) const {
  const uint64_t at = (uint64_t{number} + 1) * sector_bytes_;
  return number > kLastSector || at >= bytes_.size() ? std::string_view() : bytes_.substr(at, sector_bytes_);
}

// The sectors of the FAT are named by the header, and by a chain of sectors of names.
Status CompoundFile::load_fat() {
  const auto add = [&](uint32_t number) {
    const std::string_view fat = sector(number);
    for (size_t at = 0; at + 4 <= fat.size() && fat_.size() < sectors_; at += 4) fat_.push_back(word_at(fat, at));
  };
  for (size_t i = 0; i < kHeaderFats && fat_.size() < sectors_; ++i) add(word_at(bytes_, 76 + 4 * i));
  uint32_t more = word_at(bytes_, 68);
  for (uint32_t steps = 0; steps < sectors_ && fat_.size() < sectors_; ++steps) {
    const std::string_view names = sector(more);
    if (names.size() < sector_bytes_) break;
    for (size_t at = 0; at + 8 <= names.size(); at += 4) add(word_at(names, at));
    more = word_at(names, names.size() - 4);
  }
  if (fat_.empty()) {
    return {Code::invalid_argument, "it is damaged: it has no table of its sectors", "see whether it was copied whole"};
  }
  return {};
}

std::string CompoundFile::chain(uint32_t start, uint64_t most) {
  std::string out;
  ++chains_;
  for (uint32_t at = start; out.size() < most; at = fat_[at]) {
    const std::string_view piece = sector(at);
    if (piece.empty() || seen_[at] == chains_) {
      damaged_ = true;
      break;
    }
    seen_[at] = chains_;
    out += piece.substr(0, std::min<uint64_t>(piece.size(), most - out.size()));
    if (at >= fat_.size()) break;
  }
  return out;
}

std::string CompoundFile::small_chain(uint32_t start, uint64_t most) {
  std::string out;
  uint32_t at = start;
  for (size_t steps = 0; out.size() < most; ++steps, at = small_fat_[at]) {
    const uint64_t from = uint64_t{at} * small_bytes_;
    if (at > kLastSector || from >= small_stream_.size() || steps > small_fat_.size()) {
      damaged_ = true;
      break;
    }
    const std::string_view piece = std::string_view(small_stream_).substr(from, small_bytes_);
    out += piece.substr(0, std::min<uint64_t>(piece.size(), most - out.size()));
    if (at >= small_fat_.size()) break;
  }
  return out;
}

Status CompoundFile::load_directory() {
  const std::string names = chain(word_at(bytes_, 48), uint64_t{kMaxEntries + 1} * kEntryBytes);
  if (names.size() > kMaxEntries * kEntryBytes) {
    return {Code::exhausted, "it has more names than kMaxEntries (" + std::to_string(kMaxEntries) + ")"};
  }
  for (size_t at = 0; at + kEntryBytes <= names.size(); at += kEntryBytes) {
    const std::string_view bytes = std::string_view(names).substr(at, kEntryBytes);
    const size_t name_bytes = std::min<size_t>(load_le<uint16_t>(bytes.data() + kNameBytes), kNameBytes);
    const auto type = static_cast<uint8_t>(bytes[66]);
    Entry e;
    if (name_bytes > 2) e.name = from_utf16(bytes.substr(0, name_bytes - 2));
    e.is_storage = type == kStorage || type == kRoot;
    e.start = word_at(bytes, 116);
    // Files with small sectors have 32 bits of size, and sometimes rubbish in the others.
    e.bytes = sector_bytes_ <= 512 ? word_at(bytes, 120) : load_le<uint64_t>(bytes.data() + 120);
    const bool used = type == kStorage || type == kStream || type == kRoot;
    left_.push_back(used ? word_at(bytes, 68) : kNone);
    right_.push_back(used ? word_at(bytes, 72) : kNone);
    child_.push_back(e.is_storage ? word_at(bytes, 76) : kNone);
    entries_.push_back(std::move(e));
  }
  if (entries_.empty()) {
    return {Code::invalid_argument, "it is damaged: it has no list of its streams", "see whether it was copied whole"};
  }
  entries_[0].is_storage = true;
  link_children();
  return {};
}

// Each entry belongs to the storage that comes to it first.
void CompoundFile::link_children() {
  std::vector<bool> linked(entries_.size());
  linked[0] = true;
  std::vector<uint32_t> storages = {0};
  while (!storages.empty()) {
    const uint32_t storage = storages.back();
    storages.pop_back();
    std::vector<uint32_t> open = {child_[storage]};
    while (!open.empty()) {
      const uint32_t at = open.back();
      open.pop_back();
      if (at >= entries_.size() || linked[at]) continue;
      linked[at] = true;
      entries_[storage].children.push_back(at);
      if (entries_[at].is_storage) storages.push_back(at);
      open.push_back(right_[at]);
      open.push_back(left_[at]);
    }
  }
}

const CompoundFile::Entry* CompoundFile::find(const Entry& storage, std::string_view name) const {
  const auto same = [](char a, char b) { return base::lower(a) == base::lower(b); };
  for (const uint32_t at : storage.children) {
    const std::string& own = entries_[at].name;
    if (std::equal(own.begin(), own.end(), name.begin(), name.end(), same)) return &entries_[at];
  }
  return nullptr;
}

Result<std::string> CompoundFile::read(const Entry& stream) {
  std::string bytes =
      stream.bytes < small_below_ ? small_chain(stream.start, stream.bytes) : chain(stream.start, stream.bytes);
  read_bytes_ += bytes.size();
  if (read_bytes_ > kMaxStreamBytes) {
    return Status(Code::exhausted,
                  "its streams have more bytes than kMaxStreamBytes (" + std::to_string(kMaxStreamBytes) + ")");
  }
  return bytes;
}

Result<std::string> CompoundFile::read(const Entry& storage, std::string_view name) {
  const Entry* found = find(storage, name);
  return found && !found->is_storage ? read(*found) : Result<std::string>(std::string());
}

}  // namespace tarn::document::compound
