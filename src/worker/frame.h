// Frames between a pool and its worker, over one socketpair.
// Shape:   request = RequestHeader, name, body; reply = ReplyHeader, message, hint, body. A worker's first reply is its greeting: its
//          message says why it has no seccomp filter, or is empty.
// Errors:  the pool trusts nothing that a worker sends: lengths are held against limits before a byte is kept.
// Threads: one thread on each end.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::worker {

inline constexpr uint32_t kRequestMagic = 0x71724e54;
inline constexpr uint32_t kReplyMagic = 0x70724e54;
inline constexpr uint32_t kMaxNameBytes = 256;
inline constexpr uint32_t kMaxMessageBytes = 64 << 10;

struct RequestHeader {
  uint32_t magic = kRequestMagic;
  uint32_t name_bytes = 0;
  uint64_t body_bytes = 0;
};

struct ReplyHeader {
  uint32_t magic = kReplyMagic;
  uint32_t code = 0;
  uint32_t message_bytes = 0;
  uint32_t hint_bytes = 0;
  uint64_t body_bytes = 0;
};

using Deadline = std::chrono::steady_clock::time_point;

enum class Transfer { done, closed, timed_out };

// Both move exactly the bytes asked for. `deadline` may be null: then they block. Never raises SIGPIPE.
Transfer send_all(int fd, std::string_view bytes, const Deadline* deadline);
// Grows `out` as bytes arrive, so that a length that a worker only claims costs nothing.
Transfer receive_all(int fd, uint64_t count, std::string* out, const Deadline* deadline);

struct Reply {
  base::Status status;  // what the job returned
  std::string message;  // of the greeting: not empty with an ok status
  std::string body;
};

enum class ReplyOutcome { done, closed, timed_out, malformed, too_large };
ReplyOutcome receive_reply(int fd, uint64_t max_body_bytes, const Deadline* deadline, Reply* reply);
Transfer send_reply(int fd, const base::Status& status, std::string_view body);
Transfer send_greeting(int fd, std::string_view why_no_filter);

}  // namespace tarn::worker
