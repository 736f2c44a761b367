#include "document/mail/mailbox.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace tarn::document::mail {
namespace {

using base::Result;

constexpr size_t kMaxFieldName = 80;  // bytes, of a line that opens a message
constexpr size_t kAhead = kMaxFromLine + kMaxFieldName + 2;
constexpr std::string_view kFrom = "From ";

// A line "From …" with a header below it.
bool begins_message(std::string_view text) {
  const size_t end = text.substr(0, kMaxFromLine).find('\n');
  return text.starts_with(kFrom) && end != std::string_view::npos && looks_like_header(text.substr(end + 1));
}

constexpr size_t kKept = kAhead + 3;  // of what was searched: an empty line and what begins behind it

// Where a message's line "From " begins behind an empty line, at or behind `from`; npos where none does. The last
// kAhead bytes are not decided before the whole rest is there. `line`: where a line is known to begin, or npos.
size_t find_message(std::string_view text, size_t line, size_t from, bool whole) {
  for (size_t at = text.find("\nFrom ", from); at != std::string_view::npos; at = text.find("\nFrom ", at + 1)) {
    const size_t start = at + 1;
    if (!whole && text.size() - start <= kAhead) break;
    const size_t before = at > 0 && at != line && text[at - 1] == '\r' ? at - 1 : at;
    const bool after_blank = before == line || (before > 0 && text[before - 1] == '\n');
    if (after_blank && begins_message(text.substr(start))) return start;
  }
  return std::string_view::npos;
}

constexpr std::string_view kNoted[] = {
    "status",           "x-status",          "x-uid",          "x-imap", "x-imapbase",
    "x-mozilla-status", "x-mozilla-status2", "content-length", "lines"};

base::Hash128 key_of(const std::string& id) { return base::hash128(id); }

}  // namespace

bool looks_like_header(std::string_view text) {
  const size_t colon = text.substr(0, kMaxFieldName).find(':');
  return colon != std::string_view::npos && colon > 1 &&
         std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(colon),
                     [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; });
}

// More of the mailbox behind the buffer, whose given part goes; false at the end.
Result<bool> MailboxReader::fill() {
  buffer_.erase(0, at_);
  base_ += at_;
  at_ = 0;
  TARN_ASSIGN(const std::string more, source_(base_ + buffer_.size()));
  buffer_ += more;
  ended_ = more.empty();
  return !ended_;
}

// Passes over what stands before the first message; false where there is none.
Result<bool> MailboxReader::begin() {
  while (buffer_.size() < kAhead && !ended_) TARN_TRY(base::as_status(fill()));
  if (begins_message(buffer_)) return true;
  for (size_t line = 0;; line = std::string::npos) {
    const size_t found = find_message(buffer_, line, at_, ended_);
    at_ = found != std::string::npos ? found : std::max(at_, buffer_.size() - std::min(buffer_.size(), kKept));
    if (found != std::string::npos || ended_) return found != std::string::npos;
    TARN_TRY(base::as_status(fill()));
  }
}

Result<bool> MailboxReader::next() {
  message_ = {};
  too_long_ = false;
  if (!std::exchange(begun_, true)) {
    TARN_ASSIGN(const bool any, begin());
    if (!any) at_ = buffer_.size();
  }
  if (at_ == buffer_.size() && ended_) return false;
  const size_t line = std::min(buffer_.find('\n', at_), buffer_.size() - 1) + 1;
  offset_ = base_ + line;
  for (size_t searched = line;;) {
    const size_t found =
        find_message(buffer_, too_long_ ? std::string::npos : static_cast<size_t>(offset_ - base_), searched, ended_);
    if (found != std::string::npos || ended_) {
      const size_t end = std::min(found, buffer_.size());
      size_bytes_ = base_ + end - offset_;
      message_ = too_long_ ? std::string_view(head_)
                           : std::string_view(buffer_).substr(static_cast<size_t>(offset_ - base_), size_bytes_);
      at_ = end;
      return true;
    }
    searched = std::max(searched, buffer_.size() - std::min(buffer_.size(), kKept));
    if (!too_long_ && base_ + buffer_.size() - offset_ > most_bytes_) {
      too_long_ = true;
      head_ = buffer_.substr(static_cast<size_t>(offset_ - base_), kMessageHead);
    }
    if (too_long_) at_ = searched;
    searched -= at_;
    TARN_TRY(base::as_status(fill()));
  }
}

std::string message_of(std::string_view stored) {
  std::string out;
  out.reserve(stored.size());
  bool in_header = true, drops = false;
  while (!stored.empty()) {
    const size_t size = std::min(stored.find('\n'), stored.size() - 1) + 1;
    std::string_view line = stored.substr(0, size);
    stored.remove_prefix(size);
    if (in_header) {
      in_header = !base::trimmed(line).empty();
      if (line[0] != ' ' && line[0] != '\t') {
        const std::string name = base::lower(line.substr(0, std::min(line.find(':'), kMaxFieldName)));
        drops = in_header && std::find(std::begin(kNoted), std::end(kNoted), name) != std::end(kNoted);
      }
      if (drops) continue;
    }
    if (const size_t quotes = std::min(line.find_first_not_of('>'), line.size());
        quotes > 0 && line.substr(quotes).starts_with(kFrom)) {
      line.remove_prefix(1);
    }
    out += line;
  }
  // The empty line before the next message is not its own.
  out.resize(out.find_last_not_of("\r\n") + 1);
  return out += '\n';
}

std::string part_name(const Header& header, std::string_view stored) {
  const auto ids = message_ids(header.get("message-id"));
  std::string name = ids.empty() ? base::hash128(stored).hex() : ids[0];
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

std::optional<Earlier::Place> Earlier::quoted_by(const Header& header) const {
  auto ids = message_ids(header.get("in-reply-to"));
  const auto references = message_ids(header.all("references"));
  ids.insert(ids.end(), references.rbegin(), references.rend());
  for (const auto* places : {&messages_, &answers_}) {
    for (const std::string& id : ids) {
      if (const auto found = places->find(key_of(id)); found != places->end()) return found->second;
    }
  }
  return std::nullopt;
}

void Earlier::add(const Header& header, const Place& place) {
  for (const std::string& id : message_ids(header.get("message-id"))) messages_.emplace(key_of(id), place);
  for (const std::string& id : message_ids(header.get("in-reply-to"))) answers_.emplace(key_of(id), place);
}

}  // namespace tarn::document::mail
