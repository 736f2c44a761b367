#include "document/part.h"

#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;

constexpr size_t kTypeBytes = 4096;  // that say what it is
constexpr std::string_view kUnknown = "application/octet-stream";

}  // namespace

Status read_part(const Input& of, const PartFile& part, const Sink& sink) {
  std::string why = part.not_read;
  std::string mime = part.reader   ? std::string(part.reader->mime())
                     : why.empty() ? detect_type(part.name, part.bytes.substr(0, kTypeBytes))
                                   : std::string();
  if (mime.empty() && why.empty() && reader_of(part.mime)) mime = part.mime;
  const Reader* reader = part.reader ? part.reader : mime.empty() ? nullptr : reader_of(mime);
  if (why.empty() && !reader) why = kTypeNotRead;
  if (why.empty() && of.depth >= kMaxPartDepth) {
    why = "it lies deeper than kMaxPartDepth (" + std::to_string(kMaxPartDepth) + ")";
  }
  if (why.empty()) {
    if (const Status fits = check_size(*reader, part.bytes.size()); !fits.ok()) why = fits.message();
  }
  bool given = false;
  if (why.empty()) {
    Status sunk;
    ExtractOptions options = of.options;
    if (!part.charset.empty()) options.charset = part.charset;
    options.answers = part.answers;
    const Input input{part.bytes, part.name, options, of.depth + 1, of.budget};
    const Status status = reader->read(input, [&](Document d) -> Status {
      if (d.title.empty()) d.title = title_line(d.part.empty() ? part.name : d.part);
      if (d.mime.empty()) d.mime = reader->mime();
      d.part = d.part.empty() ? part.name : part.name + "/" + d.part;
      given = true;
      sunk = sink(std::move(d));
      return sunk;
    });
    if (!sunk.ok()) return sunk;
    if (!status.ok()) why = status.message();
  }
  if (given && why.empty()) return {};
  Document d;
  d.part = part.name + (given ? "/… (the rest)" : "");
  d.title = title_line(d.part);
  d.mime = !mime.empty() ? mime : part.mime.empty() ? kUnknown : part.mime;
  d.extra = json::Value::object();
  d.extra.set("bytes", static_cast<int64_t>(part.bytes.empty() ? part.size_bytes : part.bytes.size()));
  d.extra.set("not_read", why);
  return sink(std::move(d));
}

}  // namespace tarn::document
