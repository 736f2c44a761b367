#include "worker/frame.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tarn::worker {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr int64_t kAskAgainMs = 50;

// Waits until `fd` is ready for `events`.
Transfer wait_for(int fd, short events, const Patience& patience) {
  for (;;) {
    int wait_ms = -1;
    if (patience) {
      const int64_t left = patience();
      if (left <= 0) return Transfer::timed_out;
      wait_ms = static_cast<int>(std::min(left, kAskAgainMs));
    }
    pollfd entry{fd, events, 0};
    const int ready = poll(&entry, 1, wait_ms);
    if (ready > 0) return Transfer::done;
    if (ready < 0 && errno != EINTR) return Transfer::closed;
  }
}

Transfer send_all(int fd, std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    const ssize_t sent =
        send(fd, bytes.data(), std::min(bytes.size(), kChunkBytes), MSG_NOSIGNAL | (patience ? MSG_DONTWAIT : 0));
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (Transfer ready = wait_for(fd, POLLOUT, patience); ready != Transfer::done) return ready;
    } else if (errno != EINTR) {
      return Transfer::closed;
    }
  }
  return Transfer::done;
}

Transfer receive_all(int fd, uint64_t count, std::string* out, const Patience& patience) {
  out->clear();
  while (count > 0) {
    const size_t piece = static_cast<size_t>(std::min<uint64_t>(count, kChunkBytes));
    const size_t had = out->size();
    out->resize(had + piece);
    const ssize_t got = recv(fd, out->data() + had, piece, patience ? MSG_DONTWAIT : 0);
    const int error = errno;
    out->resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) {
      count -= static_cast<uint64_t>(got);
    } else if (got == 0) {
      return Transfer::closed;
    } else if (error == EAGAIN || error == EWOULDBLOCK) {
      if (Transfer ready = wait_for(fd, POLLIN, patience); ready != Transfer::done) return ready;
    } else if (error != EINTR) {
      return Transfer::closed;
    }
  }
  return Transfer::done;
}

Transfer send_parts(int fd, FrameKind kind, base::Code code, std::string_view text, std::string_view hint,
                    std::string_view body, const Patience& patience) {
  text = text.substr(0, kMaxTextBytes);
  hint = hint.substr(0, kMaxTextBytes);
  FrameHeader header;
  header.kind = kind;
  header.code = static_cast<uint32_t>(code);
  header.text_bytes = static_cast<uint32_t>(text.size());
  header.hint_bytes = static_cast<uint32_t>(hint.size());
  header.body_bytes = body.size();
  std::string head(reinterpret_cast<const char*>(&header), sizeof header);
  head.append(text).append(hint);
  constexpr size_t kSmall = 4096;  // one system call, and one waking of the reader
  if (body.size() <= kSmall) return send_all(fd, head.append(body), patience);
  if (Transfer t = send_all(fd, head, patience); t != Transfer::done) return t;
  return send_all(fd, body, patience);
}

}  // namespace

Transfer send_frame(int fd, FrameKind kind, const base::Status& status, std::string_view body,
                    const Patience& patience) {
  return send_parts(fd, kind, status.code(), status.message(), status.hint(), body, patience);
}

Transfer send_start(int fd, std::string_view job, std::string_view request, const Patience& patience) {
  return send_parts(fd, FrameKind::start, base::Code::ok, job, {}, request, patience);
}

Transfer send_greeting(int fd, std::string_view why_no_filter) {
  return send_parts(fd, FrameKind::greeting, base::Code::ok, why_no_filter, {}, {}, {});
}

Transfer receive_frame(int fd, uint64_t max_body_bytes, const Patience& patience, Frame* frame) {
  std::string bytes;
  if (Transfer t = receive_all(fd, sizeof(FrameHeader), &bytes, patience); t != Transfer::done) return t;
  FrameHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kFrameMagic || header.kind > FrameKind::result ||
      header.code > static_cast<uint32_t>(base::Code::internal) || header.text_bytes > kMaxTextBytes ||
      header.hint_bytes > kMaxTextBytes || header.zero != 0) {
    return Transfer::malformed;
  }
  if (header.body_bytes > max_body_bytes) return Transfer::too_large;
  frame->kind = header.kind;
  frame->code = static_cast<base::Code>(header.code);
  if (Transfer t = receive_all(fd, header.text_bytes, &frame->text, patience); t != Transfer::done) return t;
  if (Transfer t = receive_all(fd, header.hint_bytes, &frame->hint, patience); t != Transfer::done) return t;
  return receive_all(fd, header.body_bytes, &frame->body, patience);
}

}  // namespace tarn::worker
