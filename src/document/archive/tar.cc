#include "document/archive/tar.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;

constexpr size_t kMaxDescription = size_t{1} << 20;  // of a long name, or of pax' records
constexpr size_t kName = 0, kNameBytes = 100, kSize = 124, kSizeBytes = 12, kSum = 148, kSumBytes = 8, kType = 156,
                 kTarget = 157, kMagic = 257, kPrefix = 345, kPrefixBytes = 155;

std::string text(std::string_view block, size_t at, size_t size) {
  const std::string_view field = block.substr(at, size);
  return std::string(field.substr(0, field.find('\0')));
}

// Octal digits, or GNU's binary number behind a set bit.
std::optional<uint64_t> number(std::string_view field) {
  uint64_t n = 0;
  if (field[0] & '\x80') {
    for (size_t i = field.size() - 8; i < field.size(); ++i) n = n << 8 | static_cast<unsigned char>(field[i]);
    const bool fits =
        field.size() <= 8 || std::all_of(field.begin() + 1, field.end() - 8, [](char c) { return c == 0; });
    return fits && n < uint64_t{1} << 60 ? std::optional(n) : std::nullopt;
  }
  const size_t first = std::min(field.find_first_not_of(' '), field.size());
  for (const char c : field.substr(first)) {
    if (c < '0' || c > '7') return c == '\0' || c == ' ' ? std::optional(n) : std::nullopt;
    n = n << 3 | static_cast<uint64_t>(c - '0');
  }
  return n;
}

// The sum of a header's bytes, its own field taken as blanks.
bool has_sum(std::string_view block) {
  const auto said = number(block.substr(kSum, kSumBytes));
  uint64_t sum = 0;
  int64_t with_signs = 0;  // as some old programs counted
  for (size_t i = 0; i < kTarBlock; ++i) {
    const char c = i >= kSum && i < kSum + kSumBytes ? ' ' : block[i];
    sum += static_cast<unsigned char>(c);
    with_signs += static_cast<signed char>(c);
  }
  return said && (*said == sum || static_cast<int64_t>(*said) == with_signs);
}

// "27 path=a/long/name\n" …
void read_pax(std::string_view records, TarMember* m) {
  while (!records.empty()) {
    size_t size = 0;
    const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), size);
    const auto digits = static_cast<size_t>(end - records.data());
    if (error != std::errc() || size <= digits + 1 || size > records.size()) return;
    const std::string_view record = records.substr(digits + 1, size - digits - 2);
    const size_t equals = record.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key == "path") m->name = value;
    if (key == "linkpath") m->target = value;
    if (key == "size") std::from_chars(value.data(), value.data() + value.size(), m->bytes);
    records.remove_prefix(size);
  }
}

}  // namespace

bool is_tar(std::string_view head) {
  return head.size() >= kTarBlock && head.substr(kMagic, 5) == "ustar" && has_sum(head.substr(0, kTarBlock));
}

Status TarReader::take(std::string_view piece) {
  while (!piece.empty() && !ended_) {
    if (left_ > 0) {
      const std::string_view data = piece.substr(0, static_cast<size_t>(std::min<uint64_t>(left_, piece.size())));
      left_ -= data.size();
      piece.remove_prefix(data.size());
      if (into_) {
        *into_ += data;
      } else {
        TARN_TRY(visitor_.data(data));
      }
      if (left_ == 0) TARN_TRY(finish_member());
    } else if (padding_ > 0) {
      const auto skipped = static_cast<size_t>(std::min<uint64_t>(padding_, piece.size()));
      padding_ -= skipped;
      piece.remove_prefix(skipped);
    } else {
      const std::string_view part = piece.substr(0, kTarBlock - block_.size());
      block_ += part;
      piece.remove_prefix(part.size());
      if (block_.size() == kTarBlock) TARN_TRY(header());
    }
  }
  return {};
}

Status TarReader::finish_member() {
  into_ = nullptr;
  return std::exchange(in_member_, false) ? visitor_.end() : Status();
}

Status TarReader::header() {
  const std::string block = std::exchange(block_, {});
  if (block.find_first_not_of('\0') == std::string::npos) {  // the end is a block of zeros
    ended_ = true;
    return {};
  }
  const auto size = number(std::string_view(block).substr(kSize, kSizeBytes));
  if (!has_sum(block) || !size) {
    return {Code::invalid_argument, "it is no tar archive that can be read: a header is damaged",
            "see whether the file is whole, and copy it anew"};
  }
  const char type = block[kType];
  left_ = *size;
  const bool describes = type == 'L' || type == 'K' || type == 'x' || type == 'g' || type == 'X';
  if (describes) {
    if (left_ > kMaxDescription) {
      return {Code::exhausted,
              "a name in it is over the limit kMaxDescription (" + std::to_string(kMaxDescription) + ")"};
    }
    into_ = type == 'L' ? &long_name_ : type == 'K' ? &long_target_ : type == 'g' ? &ignored_ : &pax_;
    into_->clear();
    padding_ = (kTarBlock - left_ % kTarBlock) % kTarBlock;
    return left_ == 0 ? finish_member() : Status();
  }
  member_ = {};
  member_.type = type;
  member_.bytes = left_;
  member_.name = text(block, kName, kNameBytes);
  member_.target = text(block, kTarget, kNameBytes);
  if (block.compare(kMagic, 6, std::string_view("ustar\0", 6)) == 0) {
    if (const std::string prefix = text(block, kPrefix, kPrefixBytes); !prefix.empty()) {
      member_.name = prefix + "/" + member_.name;
    }
  }
  const auto described = [](std::string* by) { return std::exchange(*by, {}); };
  if (std::string name = described(&long_name_); !name.empty()) member_.name = name.substr(0, name.find('\0'));
  if (std::string name = described(&long_target_); !name.empty()) member_.target = name.substr(0, name.find('\0'));
  read_pax(described(&pax_), &member_);
  // Links have none, whatever they say.
  left_ =
      member_.type == '1' || member_.type == '2' || (member_.type >= '3' && member_.type <= '6') ? 0 : member_.bytes;
  padding_ = (kTarBlock - left_ % kTarBlock) % kTarBlock;
  in_member_ = true;
  TARN_TRY(visitor_.begin(member_));
  return left_ == 0 ? finish_member() : Status();
}

}  // namespace tarn::document
