// Any bytes as the parts of an office document: the first byte says of which kind, NUL parts the parts. They are packed
// whole, so that no checksum keeps them from the readers.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/archive/zip_writer_test.h"
#include "document/document.h"

namespace {

using tarn::document::Anchor;
using tarn::document::Document;
using tarn::document::ZipWriter;

struct Kind {
  std::string_view mime, type;
  const char* parts[5];
};
constexpr Kind kKinds[] = {
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "",
     {"word/document.xml", "word/numbering.xml", "word/styles.xml", "word/comments.xml",
      "word/_rels/document.xml.rels"}},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "",
     {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
      "xl/_rels/workbook.xml.rels"}},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "",
     {"ppt/slides/slide1.xml", "ppt/charts/chart1.xml", "ppt/slides/_rels/slide1.xml.rels", "ppt/presentation.xml",
      "ppt/_rels/presentation.xml.rels"}},
    {"application/vnd.oasis.opendocument.text",
     "application/vnd.oasis.opendocument.text",
     {"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml", "x"}},
    {"application/vnd.oasis.opendocument.spreadsheet",
     "application/vnd.oasis.opendocument.spreadsheet",
     {"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml", "x"}},
    {"application/vnd.oasis.opendocument.presentation",
     "application/vnd.oasis.opendocument.presentation",
     {"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml", "x"}},
    {"application/epub+zip",
     "application/epub+zip",
     {"a.opf", "META-INF/container.xml", "a.xhtml", "META-INF/encryption.xml", "b.xhtml"}},
};
// What leads from one part to the next, where the bytes do not say it themselves.
constexpr std::pair<const char*, const char*> kUsual[] = {
    {"word/_rels/document.xml.rels",
     R"(<R><r Id="s" Type="/styles" Target="styles.xml"/><r Id="n" Type="/numbering" Target="numbering.xml"/><r Id="c" Type="/comments" Target="comments.xml"/></R>)"},
    {"xl/workbook.xml", R"(<workbook><sheets><sheet name="S" id="s"/></sheets></workbook>)"},
    {"xl/_rels/workbook.xml.rels",
     R"(<R><Relationship Id="s" Type="/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="/styles" Target="styles.xml"/></R>)"},
    {"ppt/presentation.xml", R"(<presentation><sldIdLst><sldId r:id="s"/></sldIdLst></presentation>)"},
    {"ppt/_rels/presentation.xml.rels", R"(<R><Relationship Id="s" Type="/slide" Target="slides/slide1.xml"/></R>)"},
    {"ppt/slides/_rels/slide1.xml.rels",
     R"(<R><Relationship Id="c" Type="/chart" Target="../charts/chart1.xml"/></R>)"},
    {"META-INF/container.xml", R"(<c><rootfile full-path="a.opf"/></c>)"},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Kind& kind = kKinds[data[0] % std::size(kKinds)];
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ZipWriter::How stored{.deflate = false};
  ZipWriter zip;
  if (!kind.type.empty()) zip.add("mimetype", kind.type, stored);
  for (const char* name : kind.parts) {
    std::string_view part = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    for (const auto& [usual, xml] : kUsual) {
      if (part.empty() && std::string_view(name) == usual) part = xml;
    }
    if (!part.empty()) zip.add(name, part, stored);
  }
  const auto status = tarn::document::read(zip.bytes(), kind.mime, "fuzz", {}, [](Document d) {
    if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
    return tarn::base::ok();
  });
  if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  return 0;
}
