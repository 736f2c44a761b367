#include "document/office/xml_stream.h"

#include <expat.h>

namespace tarn::document::office {
namespace {

using base::Code;
using base::Status;

std::string_view local(const char* name) {
  const std::string_view whole = name;
  return whole.substr(whole.find(':') + 1);
}

struct Run {
  XML_Parser parser;
  XmlTaker* taker;
  int depth = 0;
  const char* why = nullptr;  // it was stopped
  bool deep = false;

  void stop(const char* reason) {
    why = reason;
    XML_StopParser(parser, XML_FALSE);
  }
};

void on_begin(void* run, const XML_Char* name, const XML_Char** attributes) {
  auto& r = *static_cast<Run*>(run);
  if (r.why) return;
  if (++r.depth > kMaxStreamDepth) {
    r.deep = true;
    return r.stop("it nests deeper than kMaxStreamDepth");
  }
  r.taker->begin(local(name), XmlTaker::Attributes(attributes));
  if (r.taker->enough()) r.stop("");
}

void on_end(void* run, const XML_Char* name) {
  auto& r = *static_cast<Run*>(run);
  if (r.why) return;
  --r.depth;
  r.taker->end(local(name));
  if (r.taker->enough()) r.stop("");
}

void on_text(void* run, const XML_Char* text, int size) {
  auto& r = *static_cast<Run*>(run);
  if (!r.why) r.taker->text({text, static_cast<size_t>(size)});
}

void on_doctype(void* run, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<Run*>(run)->stop("it has a DTD, which no office program writes");
}

}  // namespace

std::string_view XmlTaker::Attributes::get(std::string_view name) const {
  for (const char** at = pairs_; *at; at += 2) {
    if (local(*at) == name) return at[1];
  }
  return {};
}

Status stream_xml(Zip& zip, const ZipMember& member, XmlTaker* taker) {
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  Run run{parser.get(), taker};
  XML_SetHashSalt(parser.get(), 0x7461726E);  // its own would ask the system for chance
  XML_SetUserData(parser.get(), &run);
  XML_SetElementHandler(parser.get(), on_begin, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const auto parse = [&](std::string_view piece, bool last) -> Status {
    if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last) != XML_STATUS_ERROR) return {};
    const std::string where =
        "'" + member.name + "' in it, line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ": ";
    if (run.deep) return {Code::exhausted, where + run.why};
    return {Code::invalid_argument, where + (run.why ? run.why : XML_ErrorString(XML_GetErrorCode(parser.get())))};
  };
  constexpr size_t kMaxPiece = size_t{16} << 20;  // zlib's are smaller; a stored member comes whole
  Status done = zip.read(member, [&](std::string_view piece) -> Status {
    for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), kMaxPiece))) {
      TARN_TRY(parse(piece.substr(0, kMaxPiece), false));
    }
    return {};
  });
  if (done.ok()) done = parse({}, true);
  return run.why && *run.why == '\0' ? Status() : done;
}

}  // namespace tarn::document::office
