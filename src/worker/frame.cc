#include "worker/frame.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tarn::worker {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;

// Waits until `fd` is ready for `events`.
Transfer wait_for(int fd, short events, const Deadline* deadline) {
  for (;;) {
    int wait_ms = -1;
    if (deadline) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) return Transfer::timed_out;
      wait_ms = static_cast<int>(std::min<int64_t>(left.count() + 1, 60'000));
    }
    pollfd entry{fd, events, 0};
    int ready = poll(&entry, 1, wait_ms);
    if (ready > 0) return Transfer::done;
    if (ready < 0 && errno != EINTR) return Transfer::closed;
  }
}

template <typename T>
std::string_view bytes_of(const T& header) {
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

}  // namespace

Transfer send_all(int fd, std::string_view bytes, const Deadline* deadline) {
  while (!bytes.empty()) {
    ssize_t sent =
        send(fd, bytes.data(), std::min(bytes.size(), kChunkBytes), MSG_NOSIGNAL | (deadline ? MSG_DONTWAIT : 0));
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (Transfer ready = wait_for(fd, POLLOUT, deadline); ready != Transfer::done) return ready;
    } else if (errno != EINTR) {
      return Transfer::closed;
    }
  }
  return Transfer::done;
}

Transfer receive_all(int fd, uint64_t count, std::string* out, const Deadline* deadline) {
  while (count > 0) {
    size_t piece = static_cast<size_t>(std::min<uint64_t>(count, kChunkBytes));
    size_t had = out->size();
    out->resize(had + piece);
    ssize_t got = recv(fd, out->data() + had, piece, deadline ? MSG_DONTWAIT : 0);
    int error = errno;
    out->resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) {
      count -= static_cast<uint64_t>(got);
    } else if (got == 0) {
      return Transfer::closed;
    } else if (error == EAGAIN || error == EWOULDBLOCK) {
      if (Transfer ready = wait_for(fd, POLLIN, deadline); ready != Transfer::done) return ready;
    } else if (error != EINTR) {
      return Transfer::closed;
    }
  }
  return Transfer::done;
}

ReplyOutcome receive_reply(int fd, uint64_t max_body_bytes, const Deadline* deadline, Reply* reply) {
  auto failed = [](Transfer t) { return t == Transfer::closed ? ReplyOutcome::closed : ReplyOutcome::timed_out; };
  std::string bytes;
  if (Transfer t = receive_all(fd, sizeof(ReplyHeader), &bytes, deadline); t != Transfer::done) return failed(t);
  ReplyHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kReplyMagic || header.code > static_cast<uint32_t>(base::Code::internal) ||
      header.message_bytes > kMaxMessageBytes || header.hint_bytes > kMaxMessageBytes) {
    return ReplyOutcome::malformed;
  }
  if (header.body_bytes > max_body_bytes) return ReplyOutcome::too_large;
  std::string message, hint;
  if (Transfer t = receive_all(fd, header.message_bytes, &message, deadline); t != Transfer::done) return failed(t);
  if (Transfer t = receive_all(fd, header.hint_bytes, &hint, deadline); t != Transfer::done) return failed(t);
  reply->body.clear();
  if (Transfer t = receive_all(fd, header.body_bytes, &reply->body, deadline); t != Transfer::done) return failed(t);
  auto code = static_cast<base::Code>(header.code);
  reply->message = message;
  reply->status = code == base::Code::ok ? base::Status() : base::Status(code, std::move(message), std::move(hint));
  return ReplyOutcome::done;
}

static Transfer send_parts(int fd, base::Code code, std::string_view message, std::string_view hint,
                           std::string_view body) {
  ReplyHeader header;
  header.code = static_cast<uint32_t>(code);
  message = message.substr(0, kMaxMessageBytes);
  hint = hint.substr(0, kMaxMessageBytes);
  header.message_bytes = static_cast<uint32_t>(message.size());
  header.hint_bytes = static_cast<uint32_t>(hint.size());
  header.body_bytes = body.size();
  std::string head(bytes_of(header));
  head.append(message).append(hint);
  if (Transfer t = send_all(fd, head, nullptr); t != Transfer::done) return t;
  return send_all(fd, body, nullptr);
}

Transfer send_reply(int fd, const base::Status& status, std::string_view body) {
  return send_parts(fd, status.code(), status.message(), status.hint(), body);
}

Transfer send_greeting(int fd, std::string_view why_no_filter) {
  return send_parts(fd, base::Code::ok, why_no_filter, {}, {});
}

}  // namespace tarn::worker
