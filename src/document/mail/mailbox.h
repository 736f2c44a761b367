// A mailbox of the form mbox, message by message, in memory for one message.
// Shape:   a line "From …" at the start or behind an empty line, with a header below it, begins a message. What a
//          mailbox puts into one is taken out again by message_of().
// Limits:  kMaxFromLine; `most_bytes` of a message: of a longer one only the head is there.
// Threads: belongs to one thread.
// Source:  RFC 4155; "From " lines as qmail's mbox(5) has them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/status.h"
#include "document/mail/header.h"

namespace tarn::document::mail {

inline constexpr std::string_view kMessageType = "message/rfc822", kMailboxType = "application/mbox";
inline constexpr uint64_t kMaxAnswered = uint64_t{256} << 10;  // bytes of a message that are compared with its answers
inline constexpr size_t kMaxFromLine = 1'000;
inline constexpr size_t kMessageHead = size_t{64} << 10;  // what is there of a message that is too long

class MailboxReader {
 public:
  // The bytes from there on, as many as it likes; none at the end.
  using Source = std::function<base::Result<std::string>(uint64_t from)>;
  MailboxReader(Source source, uint64_t most_bytes) : source_(std::move(source)), most_bytes_(most_bytes) {}

  // False at the end. What it gave is good until the next call.
  base::Result<bool> next();
  std::string_view bytes() const { return message_; }  // as they are stored, without the line "From …"
  uint64_t offset() const { return offset_; }          // of those bytes in the mailbox
  uint64_t size_bytes() const { return size_bytes_; }  // of the message, also where it is too long
  bool too_long() const { return too_long_; }
  uint64_t read_bytes() const { return base_ + buffer_.size(); }  // of the mailbox

 private:
  base::Result<bool> fill();
  base::Result<bool> begin();

  const Source source_;
  const uint64_t most_bytes_;
  std::string buffer_;
  uint64_t base_ = 0;  // of the buffer in the mailbox
  size_t at_ = 0;      // of what is not yet given, in the buffer
  bool begun_ = false, ended_ = false, too_long_ = false;
  std::string_view message_;
  std::string head_;  // of a message that is too long
  uint64_t offset_ = 0, size_bytes_ = 0;
};

// A message as it was sent, with one line's end at its end: ">From " is "From " again, and what mail programs note of
// it in its header (whether it was read, its length) is gone, so that it is the same when they note something else.
std::string message_of(std::string_view stored);

// Its name as a part of its mailbox: its id; without one, a hash of its bytes as they are stored, so that it keeps its
// name when others come and go.
std::string part_name(const Header& header, std::string_view stored);

// A field's name and a colon.
bool looks_like_header(std::string_view text);

// The messages of a mailbox that came before, by their ids: where the text stands that one quotes.
class Earlier {
 public:
  struct Place {
    uint64_t offset = 0, size_bytes = 0;  // as MailboxReader has them
    base::Hash128 hash;                   // of the message
  };
  // The message that this one answers; else another one that answers the same.
  std::optional<Place> quoted_by(const Header& header) const;
  void add(const Header& header, const Place& place);

 private:
  std::unordered_map<base::Hash128, Place, base::Hash128Hasher> messages_, answers_;
};

}  // namespace tarn::document::mail
