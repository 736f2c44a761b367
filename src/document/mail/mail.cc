#include "document/mail/mail.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"
#include "document/mail/message.h"
#include "document/markdown/inline_text.h"
#include "document/part.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using json::Value;
using mail::Entity;

constexpr size_t kMaxMessages = 1'000'000, kMaxListed = 5'000, kMaxAttachments = 1'000;
constexpr size_t kMaxFieldName = 80;  // bytes, of a line that opens a message of a mailbox
// Of a plain text that says less than the HTML beside it: how many times that is longer, and by how many bytes.
constexpr size_t kRicher = 2, kRicherBytes = 200;
constexpr std::string_view kMessageType = "message/rfc822";

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
    text(message, true, &d);
    if (d.body.empty() && encrypted_) {
      return {Code::permission_denied, "its text is encrypted (PGP or S/MIME)"};
    }
    if (encrypted_) d.extra.set("encrypted", true);
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
    for (const Entity& part : e.parts) {
      const std::string& type = part.type.value;
      const bool is_plain = type == "text/plain";
      if (is_plain || type == "text/html" || type.starts_with("multipart/")) {
        text(part, true, is_plain ? &plain : &rich);
      } else if (type.starts_with("text/") && type != "text/calendar") {
        other_forms_.push(type);
      } else {
        attach(part);
      }
    }
    const bool take_rich =
        rich.body.size() > kRicher * plain.body.size() + kRicherBytes || base::trimmed(plain.body).empty();
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
  bool encrypted_ = false;
};

// A field's name and a colon.
bool looks_like_header(std::string_view text) {
  const size_t colon = text.substr(0, kMaxFieldName).find(':');
  return colon != std::string_view::npos && colon > 1 &&
         std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(colon),
                     [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; });
}

// Where the messages of a mailbox begin: lines "From …" at its start and behind empty ones.
std::vector<std::string_view> messages_of(std::string_view box) {
  std::vector<std::string_view> all;
  size_t start = std::string_view::npos;
  bool after_blank = true;
  for (size_t at = 0; at < box.size();) {
    const size_t end = std::min(box.find('\n', at), box.size());
    if (after_blank && box.substr(at).starts_with("From ") &&
        looks_like_header(box.substr(std::min(end + 1, box.size())))) {
      if (start != std::string_view::npos) all.push_back(box.substr(start, at - start));
      if (all.size() >= kMaxMessages) return all;
      start = end + 1;
    }
    const std::string_view line = box.substr(at, end - at);
    after_blank = line.empty() || line == "\r";
    at = end + 1;
  }
  if (start != std::string_view::npos && start < box.size()) all.push_back(box.substr(start));
  return all;
}

// ">From " stands for "From ", ">>From " for ">From ".
std::string without_quoted_from(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  while (!message.empty()) {
    const size_t size = std::min(message.find('\n'), message.size() - 1) + 1;
    std::string_view line = message.substr(0, size);
    const size_t quotes = std::min(line.find_first_not_of('>'), line.size());
    if (quotes > 0 && line.substr(quotes).starts_with("From ")) line.remove_prefix(1);
    out += line;
    message.remove_prefix(size);
  }
  return out;
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
  return head.starts_with("From ") && looks_like_header(head.substr(std::min(head.find('\n'), head.size() - 1) + 1));
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
  const std::vector<std::string_view> messages = messages_of(input.bytes);
  if (messages.empty() && !base::trimmed(input.bytes).empty()) {
    return {Code::invalid_argument, "it is no mailbox: no line 'From …' begins a message"};
  }
  Document d;
  d.extra = Value::object({{"messages", messages.size()}});
  std::vector<std::string> names;
  for (size_t i = 0; i < messages.size(); ++i) {
    std::string_view rest;
    const mail::Header header = mail::parse_header(messages[i], &rest);
    const auto ids = mail::message_ids(header.get("message-id"));
    // Without an id it is known by its bytes, so that it keeps its name when others come and go.
    std::string name = ids.empty() ? base::hash128(messages[i]).hex() : ids[0];
    for (char& c : name) {
      if (c == '/') c = '_';
    }
    names.push_back(std::move(name));
    if (i >= kMaxListed) continue;
    InlineText line;
    line.add_text(title_line(mail::decoded_words(header.get("subject"))) + " (" +
                  title_line(mail::decoded_words(header.get("from"))) + ", " + title_line(header.get("date")) + ")");
    d.body += "- " + line.take() + "\n";
  }
  if (messages.size() > kMaxListed) d.body += "- … and " + std::to_string(messages.size() - kMaxListed) + " more\n";
  TARN_TRY(sink(std::move(d)));
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::string message = without_quoted_from(messages[i]);
    PartFile part{.name = names[i], .bytes = message, .mime = std::string(kMessageType)};
    part.reader = reader_of(kMessageType);
    TARN_TRY(read_part(input, part, sink));
  }
  return {};
}

}  // namespace tarn::document
