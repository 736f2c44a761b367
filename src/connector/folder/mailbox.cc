#include "connector/folder/mailbox.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "connector/uri.h"
#include "document/mail/mailbox.h"

namespace tarn::connector::folder {
namespace {

namespace mail = document::mail;

constexpr uint64_t kBlockBytes = uint64_t{1} << 20;
constexpr size_t kHashShown = 16;  // digits

std::string short_hash(const base::Hash128& hash) { return hash.hex().substr(0, kHashShown); }

class Messages {
 public:
  Messages(const Disk& disk, const Mailbox& mailbox, Sink& sink) : disk_(disk), mailbox_(mailbox), sink_(sink) {}

  base::Result<MessagesNamed> name(uint64_t max_message_bytes, const base::Context& context) {
    mail::MailboxReader reader([this](uint64_t from) { return block(from, kBlockBytes); }, max_message_bytes);
    for (;;) {
      TARN_TRY(context.check());
      context.update("reading", reader.read_bytes(), std::max(named_.stat.size_bytes, reader.read_bytes()), "bytes");
      TARN_ASSIGN(const bool more, reader.next());
      if (!more) break;
      TARN_TRY(take(reader));
    }
    named_.bytes_read = reader.read_bytes();
    return named_;
  }

 private:
  bool is_broken() const { return !named_.stable || !named_.failure.ok(); }

  // None where it cannot be read on, or the file is no longer what it was.
  std::string block(uint64_t from, uint64_t bytes) {
    auto contents = disk_.read(mailbox_.path, bytes, from);
    if (!contents.ok()) {
      named_.failure = contents.status();
      return {};
    }
    const FileStat& now = contents->stat;
    if (!std::exchange(begun_, true)) named_.stat = now;
    named_.stable &= contents->stable && now.same_place(named_.stat) && now.size_bytes == named_.stat.size_bytes &&
                     now.mtime_ns == named_.stat.mtime_ns;
    return is_broken() ? std::string() : std::move(contents->bytes);
  }

  // What it is called within the mailbox; "" where the same message came before.
  std::string key_of(const mail::Header& header, const base::Hash128& hash) {
    const auto ids = mail::message_ids(header.get("message-id"));
    std::string key = ids.empty() ? hash.hex() : ids[0];
    const auto [before, is_new] = seen_.try_emplace(base::hash128(key), hash);
    if (is_new) return key;
    if (before->second == hash) return {};
    key += "~" + short_hash(hash);
    return seen_.try_emplace(base::hash128(key), hash).second ? key : std::string();
  }

  base::Status take(const mail::MailboxReader& reader) {
    if (is_broken()) return {};  // it may be the half of one
    std::string message = mail::message_of(reader.bytes());
    std::string_view rest;
    const mail::Header header = mail::parse_header(message, &rest);
    const base::Hash128 hash = base::hash128(message);
    const std::string key = key_of(header, hash);
    if (key.empty()) return {};
    ++named_.messages;
    const auto answered = earlier_.quoted_by(header);
    earlier_.add(header, {reader.offset(), reader.size_bytes(), hash});
    const std::string fragment = "#" + encode_path(key);
    Item item;
    item.uri = mailbox_.uri + fragment;
    item.place = "byte " + std::to_string(reader.offset());
    if (reader.too_long()) {
      sink_.keep(item.uri);
      sink_.reject({item.uri, item.place,
                    std::to_string(reader.size_bytes()) + " bytes, more than a message may have (max_item_bytes)"});
      return {};
    }
    item.name = mailbox_.shown_path.substr(mailbox_.shown_path.find_last_of('/') + 1);
    item.mime = mail::kMessageType;
    item.options = mailbox_.options;
    item.source_version = hash.hex() + mailbox_.way;
    if (answered) {
      item.source_version += ";answers=" + short_hash(answered->hash);
      item.options.answers =
          mail::message_of(block(answered->offset, std::min(answered->size_bytes, mail::kMaxAnswered)));
      if (is_broken()) return {};
    }
    item.was_part = Item::Part{mailbox_.uri, mail::part_name(header, reader.bytes())};
    item.size_bytes = message.size();
    item.bytes = std::move(message);
    item.extra = json::Value::object({{"path", mailbox_.shown_path}, {"size_bytes", item.size_bytes}});
    if (mailbox_.moved_from.empty()) return sink_.upsert(std::move(item));
    return sink_.rename(mailbox_.moved_from + fragment, std::move(item));
  }

  const Disk& disk_;
  const Mailbox& mailbox_;
  Sink& sink_;
  MessagesNamed named_;
  bool begun_ = false;
  mail::Earlier earlier_;
  std::unordered_map<base::Hash128, base::Hash128, base::Hash128Hasher> seen_;  // hash of a message by that of its key
};

}  // namespace

base::Result<MessagesNamed> name_messages(const Disk& disk, const Mailbox& mailbox, uint64_t max_message_bytes,
                                          Sink& sink, const base::Context& context) {
  return Messages(disk, mailbox, sink).name(max_message_bytes, context);
}

}  // namespace tarn::connector::folder
