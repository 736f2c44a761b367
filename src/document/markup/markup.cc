#include "document/markup/markup.h"

#include "document/markup/asciidoc.h"
#include "document/markup/rst.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;

template <typename Markup>
Status read_as(const Input& input, const Sink& sink) {
  Document d;
  d.extra = json::Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  Markup(&d).read(text);
  if (d.body.size() > kMaxBodyBytes) return over_body_limit();
  return sink(std::move(d));
}

}  // namespace

Status read_asciidoc(const Input& input, const Sink& sink) { return read_as<markup::AsciiDoc>(input, sink); }
Status read_rst(const Input& input, const Sink& sink) { return read_as<markup::Rst>(input, sink); }

}  // namespace tarn::document
