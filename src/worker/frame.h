// Frames between a pool and its worker, over one socketpair.
// Shape:   FrameHeader, text, hint, body. To the worker: start (text: the job's name, body: its request), then data,
//          end and cancel in any number. From it: one greeting (text: why it has no seccomp filter, or empty), then for
//          each start data in any number and one result (code, text and hint of its Status; body: its reply). What
//          comes to a worker between two jobs is of the last one: it is skipped up to the next start.
// Limits:  a slow reader stops the writer: nothing is queued but what the socket holds.
// Errors:  the pool trusts nothing that a worker sends: lengths are held against limits before a byte is kept.
// Threads: on each end one that receives, and one at a time that sends.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::worker {

inline constexpr uint32_t kFrameMagic = 0x72664e54;
inline constexpr uint32_t kMaxTextBytes = 64 << 10;

enum class FrameKind : uint32_t { greeting, start, data, end, cancel, result };

struct FrameHeader {
  uint32_t magic = kFrameMagic;
  FrameKind kind = FrameKind::data;
  uint32_t code = 0;  // base::Code
  uint32_t text_bytes = 0;
  uint32_t hint_bytes = 0;
  uint32_t zero = 0;
  uint64_t body_bytes = 0;
};

struct Frame {
  FrameKind kind = FrameKind::data;
  base::Code code = base::Code::ok;
  std::string text, hint, body;
  base::Status status() const {
    return code == base::Code::ok ? base::Status() : base::Status(code, std::string(text), std::string(hint));
  }
};

// The milliseconds that may still be waited; none left ends the transfer. Asked again and again, so that another thread
// may change its mind. Empty: waits for ever.
using Patience = std::function<int64_t()>;

enum class Transfer { done, closed, timed_out, malformed, too_large };

// Never raises SIGPIPE.
Transfer send_frame(int fd, FrameKind kind, const base::Status& status, std::string_view body,
                    const Patience& patience);
Transfer send_start(int fd, std::string_view job, std::string_view request, const Patience& patience);
Transfer send_greeting(int fd, std::string_view why_no_filter);

// The body grows as bytes arrive, so that a length that a worker only claims costs nothing.
Transfer receive_frame(int fd, uint64_t max_body_bytes, const Patience& patience, Frame* frame);

}  // namespace tarn::worker
