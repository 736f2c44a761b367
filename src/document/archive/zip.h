// A zip archive in memory: the names in its directory, and the bytes of a member.
// Shape:   the directory at the end is believed (zip64 too), and each member's own header only for where its bytes
//          begin; where the directory is missing or damaged, recovered() believes those. Stored and deflated members
//          are read. Nothing is written, so that a name is a name, whatever it says.
// Errors:  invalid_argument for what is no zip, is cut off or damaged (CRC-32), permission_denied for an encrypted
//          member, unsupported for another compression; exhausted names a limit.
// Limits:  kMaxMembers; the budget's, which pays for what is read.
// Source:  PKWARE, APPNOTE.TXT 6.3.10.
// Threads: an archive belongs to one thread; the bytes must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "document/archive/budget.h"

namespace tarn::document {

struct ZipMember {
  std::string name;  // UTF-8
  uint64_t packed_bytes = 0, bytes = 0;
  uint64_t offset = 0;          // of its own header
  std::optional<uint32_t> crc;  // none where it is not known
  uint16_t method = 0;
  bool encrypted = false, is_folder = false, is_link = false, is_special = false;
};

class Zip {
 public:
  // Takes a piece of a member; what it returns ends the reading.
  using Piece = std::function<base::Status(std::string_view piece)>;

  // Without a budget it has one of its own.
  static base::Result<Zip> open(std::string_view bytes, Budget* budget = nullptr);
  // The members that can be told by their own headers; none where there are none.
  static Zip recovered(std::string_view bytes, Budget* budget = nullptr);

  const std::vector<ZipMember>& members() const { return members_; }
  // Null where there is none of that name. Small and capital letters of ASCII are the same, as in packages of Office.
  const ZipMember* find(std::string_view name) const;

  base::Status read(const ZipMember& member, const Piece& take);
  base::Result<std::string> read(const ZipMember& member, uint64_t most_bytes);

 private:
  Zip(std::string_view bytes, Budget* budget)
      : bytes_(bytes), own_(std::make_unique<Budget>(bytes.size())), budget_(budget ? budget : own_.get()) {}
  base::Status list();
  void recover();
  void add(ZipMember member);
  base::Result<std::string_view> packed(const ZipMember& member) const;

  std::string_view bytes_;
  uint64_t shift_ = 0;  // what stands before the archive: a program that unpacks it
  std::unique_ptr<Budget> own_;
  Budget* budget_;
  std::vector<ZipMember> members_;
  std::unordered_map<std::string, size_t> by_name_;
};

bool is_zip(std::string_view head);

}  // namespace tarn::document
