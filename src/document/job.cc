#include "document/job.h"

#include "base/bytes.h"
#include "document/parts.h"
#include "document/read.h"
#include "document/reader.h"
#include "worker/pool.h"

namespace tarn::document {
namespace {

using base::Result;
using base::Status;

constexpr char kJob[] = "document.extract";
constexpr uint8_t kHasCreated = 1, kHasUpdated = 2;

}  // namespace

std::string encode_document(const Document& d) {
  std::string out;
  base::ByteWriter w(&out);
  for (const std::string* field : {&d.part, &d.title, &d.body, &d.mime, &d.lang, &d.author}) w.text(*field);
  w.fixed<uint8_t>(static_cast<uint8_t>((d.created_at_us ? kHasCreated : 0) | (d.updated_at_us ? kHasUpdated : 0)));
  w.fixed<int64_t>(d.created_at_us.value_or(0));
  w.fixed<int64_t>(d.updated_at_us.value_or(0));
  w.varint(d.labels.size());
  for (const std::string& label : d.labels) w.text(label);
  w.varint(d.anchors.size());
  for (const Anchor& anchor : d.anchors) {
    w.varint(anchor.start);
    w.text(anchor.kind);
    w.text(anchor.value);
  }
  w.text(json::write(d.extra));
  return out;
}

namespace {

Result<std::string> run(std::string_view request, worker::Channel& channel) {
  base::ByteReader r(request, "an extract request");
  TARN_ASSIGN(std::string_view mime, r.text());
  TARN_ASSIGN(std::string_view name, r.text());
  TARN_ASSIGN(std::string_view charset, r.text());
  TARN_ASSIGN(std::string_view password, r.text());
  TARN_ASSIGN(std::string_view answers, r.text());
  TARN_ASSIGN(uint8_t whole_page, r.fixed<uint8_t>());
  TARN_ASSIGN(std::string_view bytes, r.bytes(r.remaining()));
  const ExtractOptions options{.whole_page = whole_page != 0,
                               .charset = std::string(charset),
                               .password = std::string(password),
                               .answers = std::string(answers)};
  TARN_TRY(read(bytes, mime, name, options, [&](Document d) { return channel.send(encode_document(d)); }));
  return std::string();
}

std::string encode_request(std::string_view bytes, std::string_view mime, std::string_view name,
                           const ExtractOptions& options) {
  std::string out;
  out.reserve(bytes.size() + mime.size() + name.size() + options.charset.size() + options.password.size() +
              options.answers.size() + 40);
  base::ByteWriter w(&out);
  w.text(mime);
  w.text(name);
  w.text(options.charset);
  w.text(options.password);
  w.text(options.answers);
  w.fixed<uint8_t>(options.whole_page);
  w.bytes(bytes);
  return out;
}

}  // namespace

Result<Document> decode_document(std::string_view message) {
  base::ByteReader r(message, "a worker's document");
  Document d;
  for (std::string* field : {&d.part, &d.title, &d.body, &d.mime, &d.lang, &d.author}) {
    TARN_ASSIGN(std::string_view text, r.text());
    if (!is_utf8(text)) return r.corrupt("a field is not UTF-8");
    *field = text;
  }
  TARN_ASSIGN(uint8_t has, r.fixed<uint8_t>());
  TARN_ASSIGN(int64_t created, r.fixed<int64_t>());
  TARN_ASSIGN(int64_t updated, r.fixed<int64_t>());
  if (has & kHasCreated) d.created_at_us = created;
  if (has & kHasUpdated) d.updated_at_us = updated;
  TARN_ASSIGN(uint64_t labels, r.varint());
  for (uint64_t i = 0; i < labels; ++i) {
    TARN_ASSIGN(std::string_view label, r.text());
    if (!is_utf8(label)) return r.corrupt("a label is not UTF-8");
    d.labels.emplace_back(label);
  }
  TARN_ASSIGN(uint64_t anchors, r.varint());
  if (anchors > kMaxAnchors) return r.corrupt("too many anchors");
  for (uint64_t i = 0; i < anchors; ++i) {
    Anchor& anchor = d.anchors.emplace_back();
    TARN_ASSIGN(anchor.start, r.varint());
    for (std::string* field : {&anchor.kind, &anchor.value}) {
      TARN_ASSIGN(std::string_view text, r.text());
      if (!is_utf8(text)) return r.corrupt("an anchor is not UTF-8");
      *field = text;
    }
  }
  if (!are_valid(d.anchors, d.body.size())) return r.corrupt("its anchors do not agree with its body");
  TARN_ASSIGN(std::string_view extra, r.text());
  TARN_ASSIGN(d.extra, json::parse(extra));
  if (!d.extra.is_object()) return r.corrupt("extra is no object");
  if (!r.done()) return r.corrupt("bytes follow the document");
  return d;
}

Status read_in(worker::Pool& pool, std::string_view bytes, std::string_view mime, std::string_view name,
               const ExtractOptions& options, const Sink& sink) {
  const Reader* reader = reader_of(mime);
  TARN_ASSIGN(const auto call, pool.start(kJob, encode_request(bytes, mime, name, options),
                                          reader ? reader->limits : std::optional<worker::Limits>()));
  Parts parts;
  for (;;) {
    TARN_ASSIGN(const std::optional<std::string> message, call->receive());
    if (!message) return parts.end();
    TARN_ASSIGN(Document document, decode_document(*message));
    TARN_TRY(parts.take(document));
    TARN_TRY(sink(std::move(document)));
  }
}

void register_jobs() { worker::register_stream(kJob, run); }

}  // namespace tarn::document
