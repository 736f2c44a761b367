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
  const Reader* reader = mime.empty() ? nullptr : reader_of(mime);
  if (why.empty() && !reader) why = kTypeNotRead;
  if (why.empty() && of.depth >= kMaxPartDepth) {
    why = "it lies deeper than kMaxPartDepth (" + std::to_string(kMaxPartDepth) + ")";
  }
  if (why.empty() && part.bytes.size() > reader->max_bytes) {
    why = "it is over the limit max_bytes of its reader (" + std::to_string(reader->max_bytes) + ")";
  }
  bool given = false;
  if (why.empty()) {
    Status sunk;
    const Status status = reader->read({part.bytes, part.name, of.options, of.depth + 1}, [&](Document d) -> Status {
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
  if (given) return {};
  Document d;
  d.part = part.name;
  d.title = title_line(part.name);
  d.mime = !mime.empty() ? mime : part.mime.empty() ? kUnknown : part.mime;
  d.extra = json::Value::object();
  d.extra.set("bytes", static_cast<int64_t>(part.bytes.empty() ? part.size_bytes : part.bytes.size()));
  d.extra.set("not_read", why);
  return sink(std::move(d));
}

}  // namespace tarn::document
