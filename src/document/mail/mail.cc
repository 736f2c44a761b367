#include "document/mail/mail.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "document/mail/mailbox.h"
#include "document/mail/message.h"
#include "document/mail/quotes.h"
#include "document/markdown/inline_text.h"
#include "document/part.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using json::Value;
using mail::Entity;
using mail::kMessageType;

constexpr size_t kMaxListed = 5'000, kMaxAttachments = 1'000;
// Of a plain text that says less than the HTML beside it: how many times that is longer, and by how many bytes.
constexpr size_t kRicher = 2, kRicherBytes = 200;

// The text of a message, and what is attached to it.
class Message {
 public:
  explicit Message(Input input) : input_(input) {}

  Status read(const Sink& sink) {
    const Entity message = mail::parse_message(input_.bytes);
    if (message.header.fields.empty()) {
      return {Code::invalid_argument, "it is no message: it has no header", "see whether the file is whole"};
    }
    Document d;
    d.extra = Value::object();
    d.mime = kMessageType;
    fields(message.header, &d);
    compare_with(input_.options.answers);
    text(message, true, &d);
    if (d.body.empty() && encrypted_) {
      return {Code::permission_denied, "its text is encrypted (PGP or S/MIME)"};
    }
    if (encrypted_) d.extra.set("encrypted", true);
    if (folded_bytes_ > 0) d.extra.set("quotes", other_id_);
    if (d.body.size() > kMaxBodyBytes) return over_body_limit();
    Value names = Value::array();
    for (const Attachment& a : attachments_) {
      names.push(Value::object({{"name", a.name}, {"type", a.entity->type.value}, {"part", a.entity->number}}));
    }
    if (!attachments_.empty()) d.extra.set("attachments", std::move(names));
    if (!other_forms_.items().empty()) d.extra.set("other_forms", std::move(other_forms_));
    if (!damaged_.empty()) d.extra.set("damaged", damaged_);
    TARN_TRY(sink(std::move(d)));
    for (const Attachment& a : attachments_) {
      const Entity& e = *a.entity;
      if (e.type.value.starts_with("image/") && !e.header.get("content-id").empty()) continue;  // within the text
      const std::string bytes = e.decoded();
      PartFile part{.name = a.name, .bytes = bytes, .mime = e.type.value, .charset = e.type.get("charset")};
      if (e.type.value == kMessageType) part.reader = reader_of(kMessageType);
      TARN_TRY(read_part(input_, part, sink));
    }
    if (left_out_.empty()) return {};
    return read_part(input_, {.name = "… (more attachments)", .bytes = {}, .not_read = left_out_}, sink);
  }

 private:
  struct Attachment {
    const Entity* entity;
    std::string name;
  };

  void compare_with(const std::string& answered) {
    if (answered.empty()) return;
    const ExtractOptions options{.charset = input_.options.charset};
    Message other({answered, "", options, input_.depth});
    const Entity message = mail::parse_message(answered);
    const auto ids = mail::message_ids(message.header.get("message-id"));
    if (ids.empty()) return;
    Document d;
    other.text(message, true, &d);
    other_id_ = ids[0];
    other_words_.emplace(d.body);
  }

  static std::string name_of(const Entity& e) {
    std::string name = title_line(e.file_name());
    if (name.empty() && e.type.value == kMessageType) {
      name = title_line(mail::decoded_words(mail::parse_message(e.body).header.get("subject")));
    }
    return name.empty() ? "part " + (e.number.empty() ? "1" : e.number) : name;
  }

  static void fields(const mail::Header& h, Document* d) {
    d->title = title_line(mail::decoded_words(h.get("subject")));
    if (d->title.empty()) d->title = "(no subject)";
    d->author = title_line(mail::decoded_words(h.get("from")));
    if (d->author.empty()) d->author = title_line(mail::decoded_words(h.get("sender")));
    d->created_at_us = mail::parse_date(h.get("date"));
    if (!d->created_at_us && !h.get("date").empty()) {
      d->extra.set("date", title_line(mail::decoded_words(h.get("date"))));
    }
    for (const auto& [field, name] :
         {std::pair{"to", "to"}, {"cc", "cc"}, {"bcc", "bcc"}, {"reply-to", "reply_to"}, {"list-id", "list_id"}}) {
      const std::string value = mail::decoded_words(h.all(field));
      if (!value.empty()) d->extra.set(name, value);
    }
    const auto id = mail::message_ids(h.get("message-id")), before = mail::message_ids(h.get("in-reply-to")),
               all = mail::message_ids(h.all("references"));
    if (!id.empty()) d->extra.set("message_id", id[0]);
    if (!before.empty()) d->extra.set("in_reply_to", before[0]);
    if (!all.empty()) {
      Value references = Value::array();
      for (const std::string& one : all) references.push(one);
      d->extra.set("references", std::move(references));
    }
    const std::string thread = !all.empty() ? all[0] : !before.empty() ? before[0] : !id.empty() ? id[0] : "";
    if (!thread.empty()) d->extra.set("thread", thread);
    for (const char* labels : {"x-gmail-labels", "keywords"}) {
      std::string rest = mail::decoded_words(h.get(labels));
      for (size_t at = 0; at < rest.size();) {
        const size_t end = std::min(rest.find(',', at), rest.size());
        std::string label = title_line(rest.substr(at, end - at));
        if (!label.empty()) d->labels.push_back(std::move(label));
        at = end + 1;
      }
    }
  }

  void add(const std::string& text, const Entity& e, Document* d) {
    if (base::trimmed(text).empty()) return;
    if (!d->body.empty()) d->body += d->body.ends_with('\n') ? "\n" : "\n\n";
    d->anchors.push_back({d->body.size(), std::string(kMessagePart), e.number.empty() ? "1" : e.number});
    d->body += text;
    if (!d->body.ends_with('\n')) d->body += '\n';
  }

  void attach(const Entity& e) {
    if (attachments_.size() < kMaxAttachments) return attachments_.push_back({&e, name_of(e)});
    if (!left_out_.empty()) return;
    left_out_ = "it has more attachments than kMaxAttachments (" + std::to_string(kMaxAttachments) + ")";
  }

  void text(const Entity& e, bool first, Document* d) {
    const std::string& type = e.type.value;
    if (e.cut) left_out_ = "it has more parts than kMaxEntities (" + std::to_string(mail::kMaxEntities) + ")";
    if (!e.parts.empty()) {
      if (type == "multipart/alternative") return alternative(e, d);
      if (type == "multipart/encrypted") encrypted_ = true;
      for (size_t i = 0; i < e.parts.size(); ++i) text(e.parts[i], first && i == 0, d);
      return;
    }
    if (type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime") encrypted_ = true;
    if (type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
        type == "application/x-pkcs7-signature" || type == "application/pgp-encrypted") {
      return;
    }
    const bool named = !e.file_name().empty() && !(first && e.disposition.value != "attachment");
    const bool shown = type == "text/plain" || type == "text/html" || type.starts_with("multipart/");
    if (e.disposition.value == "attachment" || named || !shown) return attach(e);
    auto words = words_of(e);
    if (words.ok()) {
      if (other_words_) folded_bytes_ += mail::fold_quotes(&*words, *other_words_, other_id_);
      mail::own_words_first(&*words);
      add(*words, e, d);
    } else {
      damaged_ = words.status().message();
    }
  }

  base::Result<std::string> words_of(const Entity& e) {
    Value extra = Value::object();
    const std::string bytes = e.decoded();
    if (bytes.empty()) return std::string();
    std::string charset = e.type.get("charset");
    if (charset.empty()) charset = input_.options.charset;
    if (e.type.value == "text/html") {
      std::string html;
      const ExtractOptions options{.whole_page = true, .charset = charset};
      const Status status = read_html({bytes, "", options, input_.depth}, [&](Document page) {
        html = std::move(page.body);
        return base::ok();
      });
      if (!status.ok()) return status;
      return html;
    }
    TARN_ASSIGN(std::string text, decode_text(bytes, charset, &extra));
    return e.type.get("format") == "flowed" ? unflowed(text, base::lower(e.type.get("delsp")) == "yes") : text;
  }

  // Lines that end with a blank go on in the next one (RFC 3676).
  static std::string unflowed(std::string_view text, bool without_blank) {
    std::string out;
    bool goes_on = false;
    std::string_view quotes_before;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::string_view quotes = line.substr(0, std::min(line.find_first_not_of('>'), line.size()));
      std::string_view rest = line.substr(quotes.size());
      if (rest.starts_with(' ')) rest.remove_prefix(1);
      const bool joins = goes_on && quotes == quotes_before && rest != "-- ";
      if (!joins) {
        if (goes_on) out += '\n';
        out += quotes;
        if (!quotes.empty()) out += ' ';
      }
      goes_on = rest.ends_with(' ') && rest != "-- ";
      quotes_before = quotes;
      if (goes_on && without_blank) rest.remove_suffix(1);
      out += rest;
      if (!goes_on) out += '\n';
    }
    return out;
  }

  // The plain one, unless HTML says more; what is attached within them all. Other texts say the same once more and are
  // named; what is no text is attached.
  void alternative(const Entity& e, Document* d) {
    Document plain, rich;
    size_t plain_bytes = 0, rich_bytes = 0;  // with what was folded, so that an answer to this one judges alike
    for (const Entity& part : e.parts) {
      const std::string& type = part.type.value;
      const bool is_plain = type == "text/plain";
      if (is_plain || type == "text/html" || type.starts_with("multipart/")) {
        Document& into = is_plain ? plain : rich;
        const size_t before = into.body.size() + folded_bytes_;
        text(part, true, &into);
        (is_plain ? plain_bytes : rich_bytes) += into.body.size() + folded_bytes_ - before;
      } else if (type.starts_with("text/") && type != "text/calendar") {
        other_forms_.push(type);
      } else {
        attach(part);
      }
    }
    const bool take_rich = rich_bytes > kRicher * plain_bytes + kRicherBytes || base::trimmed(plain.body).empty();
    const Document& taken = take_rich ? rich : plain;
    if (taken.body.empty()) return;
    if (!d->body.empty()) d->body += "\n";
    for (const Anchor& a : taken.anchors) d->anchors.push_back({a.start + d->body.size(), a.kind, a.value});
    d->body += taken.body;
  }

  const Input input_;
  std::vector<Attachment> attachments_;
  Value other_forms_ = Value::array();
  std::string damaged_, left_out_;
  std::string other_id_;  // of the message that it answers
  std::optional<mail::Words> other_words_;
  size_t folded_bytes_ = 0;
  bool encrypted_ = false;
};

// In memory.
mail::MailboxReader messages_of(std::string_view box) {
  constexpr size_t kBlockBytes = size_t{1} << 20;
  return {[box](uint64_t from) { return std::string(box.substr(std::min<uint64_t>(from, box.size()), kBlockBytes)); },
          kMaxDocumentBytes};
}

}  // namespace

bool looks_like_mail(std::string_view head) {
  std::string_view rest;
  const mail::Header header = mail::parse_header(head, &rest);
  const auto has = [&](std::string_view name) { return !header.get(name).empty(); };
  return has("from") && (has("received") || has("message-id") || has("mime-version") || has("return-path")) &&
         (has("date") || has("subject") || has("to"));
}

bool looks_like_mailbox(std::string_view head) {
  return head.starts_with("From ") &&
         mail::looks_like_header(head.substr(std::min(head.find('\n'), head.size() - 1) + 1));
}

Status read_mail(const Input& input, const Sink& sink) {
  // Some programs save it as UTF-16, as if it were a text.
  const bool is_utf16 = input.bytes.starts_with("\xFF\xFE") || input.bytes.starts_with("\xFE\xFF");
  if (!is_utf16) return Message(input).read(sink);
  Value ignored = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, "", &ignored));
  return Message({text, input.name, input.options, input.depth, input.budget}).read(sink);
}

Status read_mailbox(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  size_t count = 0;
  std::string_view rest;
  mail::MailboxReader listed = messages_of(input.bytes);
  for (;; ++count) {
    TARN_ASSIGN(const bool more, listed.next());
    if (!more) break;
    if (count >= kMaxListed) continue;
    const mail::Header header = mail::parse_header(listed.bytes(), &rest);
    InlineText line;
    line.add_text(title_line(mail::decoded_words(header.get("subject"))) + " (" +
                  title_line(mail::decoded_words(header.get("from"))) + ", " + title_line(header.get("date")) + ")");
    d.body += "- " + line.take() + "\n";
  }
  if (count == 0 && !base::trimmed(input.bytes).empty()) {
    return {Code::invalid_argument, "it is no mailbox: no line 'From …' begins a message"};
  }
  if (count > kMaxListed) d.body += "- … and " + std::to_string(count - kMaxListed) + " more\n";
  d.extra.set("messages", count);
  TARN_TRY(sink(std::move(d)));
  mail::MailboxReader messages = messages_of(input.bytes);
  mail::Earlier earlier;
  for (;;) {
    TARN_ASSIGN(const bool more, messages.next());
    if (!more) return {};
    const std::string message = mail::message_of(messages.bytes());
    const mail::Header header = mail::parse_header(message, &rest);
    PartFile part{
        .name = mail::part_name(header, messages.bytes()), .bytes = message, .mime = std::string(kMessageType)};
    part.reader = reader_of(kMessageType);
    if (messages.too_long()) {
      part.not_read = "it is over the limit max_bytes of its reader (" + std::to_string(kMaxDocumentBytes) + ")";
      part.size_bytes = messages.size_bytes();
    }
    if (const auto quoted = earlier.quoted_by(header)) {
      part.answers = mail::message_of(
          input.bytes.substr(quoted->offset, std::min<uint64_t>(quoted->size_bytes, mail::kMaxAnswered)));
    }
    earlier.add(header, {messages.offset(), messages.size_bytes(), {}});
    TARN_TRY(read_part(input, part, sink));
  }
}

}  // namespace tarn::document
