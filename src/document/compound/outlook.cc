// Messages of Outlook (msg): written as a message of the Internet, which the reader of mail reads, so that both have
// rows of one shape. Appointments, contacts and tasks are messages too.
// Limits:  the constants below; recipients, attachments and messages over them are left out.
// Errors:  those of the reader of mail. A property that is damaged is not there.
// Source:  [MS-OXMSG]; names of properties: [MS-OXPROPS].
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/clock.h"
#include "document/compound/binary.h"
#include "document/compound/characters.h"
#include "document/compound/compressed_rtf.h"
#include "document/compound/old_office.h"
#include "document/compound/summary.h"
#include "document/mail/header.h"
#include "document/mail/mail.h"
#include "document/office/package.h"
#include "document/read.h"
#include "document/rtf/rtf.h"

namespace tarn::document::compound {
namespace {

using base::Code;
using base::Result;
using base::Status;
using Entry = CompoundFile::Entry;

enum : uint16_t {
  kClass = 0x001A,
  kSubject = 0x0037,
  kSubmitted = 0x0039,
  kSentName = 0x0042,
  kStart = 0x0060,
  kEnd = 0x0061,
  kSentAddress = 0x0065,
  kHeaders = 0x007D,
  kSenderName = 0x0C1A,
  kRecipientType = 0x0C15,
  kSenderAddress = 0x0C1F,
  kShownBcc = 0x0E02,
  kShownCc = 0x0E03,
  kShownTo = 0x0E04,
  kDelivered = 0x0E06,
  kText = 0x1000,
  kRtf = 0x1009,
  kHtml = 0x1013,
  kMessageId = 0x1035,
  kReferences = 0x1039,
  kReplyTo = 0x1042,
  kName = 0x3001,
  kAddress = 0x3003,
  kData = 0x3701,
  kShortName = 0x3704,
  kLongName = 0x3707,
  kMime = 0x370E,
  kContentId = 0x3712,
  kSmtp = 0x39FE,
  kInternetPage = 0x3FDE,
  kCodePage = 0x3FFD,
  kSenderSmtp = 0x5D01,
  kSentSmtp = 0x5D02,
};
constexpr int kMaxMessages = 10;  // within each other
constexpr size_t kMaxRecipients = 5'000, kMaxAttachments = 1'000, kMaxAddresses = 200'000;

// On one line, as a field may have it.
std::string line_of(std::string_view text) {
  std::string out = office::clean(text);
  for (char& c : out) c = c == '\n' || c == '\t' ? ' ' : c;
  return std::string(base::trimmed(out));
}

std::string quoted(std::string text) {
  for (char& c : text) c = c == '"' || c == '\\' || c == '\n' ? '\'' : c;
  return "\"" + text + "\"";
}

// A storage of properties: a message, a recipient, an attachment.
class Properties {
 public:
  Properties(CompoundFile& file, const Entry& storage, size_t header_bytes, int code_page)
      : file_(file), storage_(storage), code_page_(code_page) {
    auto fixed = file.read(storage, "__properties_version1.0");
    if (fixed.ok()) fixed_ = std::move(*fixed);
    const Binary all(fixed_);
    for (size_t at = header_bytes; all.has(at, 16); at += 16) places_.emplace(all.u32(at), at + 8);
    if (const auto page = number(kCodePage)) code_page_ = static_cast<int>(*page);
  }

  std::optional<uint32_t> number(uint16_t id) const {
    const auto found = places_.find(uint32_t{id} << 16 | 0x0003);
    return found == places_.end() ? std::nullopt : std::optional(Binary(fixed_).u32(found->second));
  }
  std::optional<int64_t> time(uint16_t id) const {
    const auto found = places_.find(uint32_t{id} << 16 | 0x0040);
    return found == places_.end() ? std::nullopt : time_of_file(Binary(fixed_).u64(found->second));
  }
  std::string text(uint16_t id) const {
    if (const Entry* wide = stream(id, 0x001F)) return without_end(from_utf16(read(*wide)));
    if (const Entry* narrow = stream(id, 0x001E)) return without_end(from_code_page(read(*narrow), code_page_));
    return {};
  }
  std::string line(uint16_t id) const { return line_of(text(id)); }
  std::string bytes(uint16_t id) const {
    const Entry* found = stream(id, 0x0102);
    return found ? read(*found) : std::string();
  }
  bool has_bytes(uint16_t id) const { return stream(id, 0x0102) != nullptr; }
  // A storage within it: an attached message.
  const Entry* storage(uint16_t id) const {
    const Entry* found = file_.find(storage_, name(id, 0x000D));
    return found && found->is_storage ? found : nullptr;
  }
  int code_page() const { return code_page_; }

 private:
  static std::string name(uint16_t id, uint16_t type) { return fmt::format("__substg1.0_{:04X}{:04X}", id, type); }
  const Entry* stream(uint16_t id, uint16_t type) const {
    const Entry* found = file_.find(storage_, name(id, type));
    return found && !found->is_storage ? found : nullptr;
  }
  std::string read(const Entry& entry) const {
    auto bytes = file_.read(entry);
    return bytes.ok() ? std::move(*bytes) : std::string();
  }
  static std::string without_end(std::string text) {
    while (text.ends_with('\0')) text.pop_back();
    return text;
  }

  CompoundFile& file_;
  const Entry& storage_;
  int code_page_;
  std::string fixed_;
  std::map<uint32_t, size_t> places_;
};

class Message {
 public:
  Message(CompoundFile& file, const Entry& storage, int depth, int code_page)
      : file_(file), storage_(storage), depth_(depth), own_(file, storage, depth == 0 ? 32 : 24, code_page) {}

  std::string written() {
    const std::string boundary = fmt::format("tarn-part-{}-of-msg", depth_);
    std::string out = fields();
    out += "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n";
    out += "--" + boundary + "\n" + body(boundary + "-text");
    size_t count = 0;
    for (const uint32_t at : storage_.children) {
      const Entry& e = file_.entry(at);
      if (!e.is_storage || !e.name.starts_with("__attach_version1.0_") || ++count > kMaxAttachments) continue;
      out += "--" + boundary + "\n" + attachment(e);
    }
    return out + "--" + boundary + "--\n";
  }

  // What the message is, where it is none: "IPM.Appointment".
  std::string kind() const { return own_.line(kClass); }
  std::optional<int64_t> time(uint16_t id) const { return own_.time(id); }

 private:
  static std::string address(const std::string& name, const std::string& mail) {
    if (mail.find('@') == std::string::npos || mail == name) return name.empty() ? mail : name;
    return name.empty()
               ? mail
               : (name.find_first_of(",;<>\"@") == std::string::npos ? name : quoted(name)) + " <" + mail + ">";
  }

  std::string sender() const {
    std::string mail = own_.line(kSentSmtp), name = own_.line(kSentName);
    for (const uint16_t id : {kSenderSmtp, kSentAddress, kSenderAddress}) {
      if (mail.find('@') == std::string::npos) mail = own_.line(id);
    }
    return address(name.empty() ? own_.line(kSenderName) : name, mail);
  }

  std::map<uint32_t, std::string> recipients() {
    std::map<uint32_t, std::string> by_type;
    size_t count = 0;
    for (const uint32_t at : storage_.children) {
      const Entry& e = file_.entry(at);
      if (!e.is_storage || !e.name.starts_with("__recip_version1.0_") || ++count > kMaxRecipients) continue;
      const Properties one(file_, e, 8, own_.code_page());
      std::string mail = one.line(kSmtp);
      if (mail.empty()) mail = one.line(kAddress);
      std::string& all = by_type[one.number(kRecipientType).value_or(1)];
      if (all.size() < kMaxAddresses) all += (all.empty() ? "" : ", ") + address(one.line(kName), mail);
    }
    return by_type;
  }

  // Those that came with it from the Internet, and what they do not say.
  std::string fields() {
    std::string_view rest;
    const std::string stated = own_.text(kHeaders);
    const mail::Header header = mail::parse_header(stated, &rest);
    std::string out;
    const auto add = [&](std::string_view name, const std::string& value) {
      if (!value.empty() && header.get(base::lower(name)).empty()) out += fmt::format("{}: {}\n", name, value);
    };
    for (const mail::Field& f : header.fields) {
      if (f.name.starts_with("content-") || f.name == "mime-version" || f.name == "subject") continue;
      out += f.name + ": " + line_of(f.value) + "\n";
    }
    if (const std::string subject = own_.line(kSubject); !subject.empty()) {
      out += "Subject: " + subject + "\n";
    } else if (!header.get("subject").empty()) {
      out += "Subject: " + line_of(header.get("subject")) + "\n";
    }
    add("From", sender());
    auto to = recipients();
    add("To", to[1].empty() ? own_.line(kShownTo) : to[1]);
    add("Cc", to[2].empty() ? own_.line(kShownCc) : to[2]);
    add("Bcc", to[3].empty() ? own_.line(kShownBcc) : to[3]);
    std::optional<int64_t> sent = own_.time(kSubmitted);
    if (!sent) sent = own_.time(kDelivered);
    if (sent) add("Date", date(*sent));
    add("Message-ID", own_.line(kMessageId));
    add("In-Reply-To", own_.line(kReplyTo));
    add("References", own_.line(kReferences));
    return out;
  }

  static std::string date(int64_t us) {
    using namespace std::chrono;
    const sys_seconds time{seconds{us / 1'000'000}};
    const sys_days day = floor<days>(time);
    const year_month_day d{day};
    const hh_mm_ss clock{time - day};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{} {} {} {:02}:{:02}:{:02} +0000", static_cast<unsigned>(d.day()),
                       kMonths[static_cast<unsigned>(d.month()) - 1], static_cast<int>(d.year()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
  }

  static std::string part(std::string_view type, std::string_view bytes) {
    return fmt::format("Content-Type: {}\nContent-Transfer-Encoding: base64\n\n{}\n", type, base::to_base64(bytes));
  }

  std::string html() {
    if (own_.has_bytes(kHtml)) {
      const int page = static_cast<int>(own_.number(kInternetPage).value_or(static_cast<uint32_t>(own_.code_page())));
      return from_code_page(own_.bytes(kHtml), page);
    }
    return own_.text(kHtml);
  }

  std::string body(const std::string& boundary) {
    const std::string plain = own_.text(kText);
    std::string rich = html(), formatted;
    if (rich.empty()) {
      const std::string rtf = unpacked_rtf(own_.bytes(kRtf));
      if (rtf::holds_html(rtf)) {
        rich = rtf::html_in(rtf);
      } else if (!rtf.empty() && base::trimmed(plain).empty()) {
        Document text;
        text.extra = json::Value::object();
        if (rtf::read(rtf, &text).ok()) formatted = std::move(text.body);
      }
    }
    std::string out = "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\n\n";
    out += "--" + boundary + "\n" + part("text/plain; charset=utf-8", formatted.empty() ? plain : formatted);
    if (!rich.empty()) out += "--" + boundary + "\n" + part("text/html; charset=utf-8", rich);
    return out + "--" + boundary + "--\n";
  }

  std::string attachment(const Entry& storage) {
    const Properties one(file_, storage, 8, own_.code_page());
    std::string name = one.line(kLongName);
    if (name.empty()) name = one.line(kShortName);
    if (name.empty()) name = one.line(kName);
    const std::string disposition = "Content-Disposition: attachment; filename=" + quoted(name) + "\n";
    if (const Entry* message = one.storage(kData)) {
      if (file_.find(*message, "__properties_version1.0") && depth_ < kMaxMessages) {
        return disposition + "Content-Type: message/rfc822\n\n" +
               Message(file_, *message, depth_ + 1, own_.code_page()).written();
      }
      return disposition + part("application/x-ole-storage", {});
    }
    const std::string id = one.line(kContentId), type = one.line(kMime);
    std::string out = name.empty() ? std::string() : disposition;
    if (!id.empty()) out += "Content-ID: <" + id + ">\n";
    const bool is_type = type.find('/') != std::string::npos && type.find_first_of(" ;\"") == std::string::npos;
    return out + part(is_type ? type : "application/octet-stream", one.bytes(kData));
  }

  CompoundFile& file_;
  const Entry& storage_;
  const int depth_;
  Properties own_;
};

}  // namespace

Status read_outlook(CompoundFile& file, const Input& input, const Sink& sink) {
  Message message(file, file.root(), 0, 1252);
  const std::string mail = message.written(), kind = message.kind();
  return read_mail({mail, input.name, input.options, input.depth, input.budget}, [&](Document d) {
    if (d.part.empty()) {
      d.mime = kOutlookMime;
      if (!kind.empty() && kind != "IPM.Note") d.extra.set("kind", kind);
      if (const auto start = message.time(kStart)) d.extra.set("start", base::format_utc(*start));
      if (const auto end = message.time(kEnd)) d.extra.set("end", base::format_utc(*end));
    }
    return sink(std::move(d));
  });
}

}  // namespace tarn::document::compound
