#include "document/compound/old_office.h"

#include "document/compound/binary.h"
#include "document/compound/compound.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using compound::Binary;
using compound::CompoundFile;

constexpr size_t kHeadBytes = 4096;

// In the list of a file's streams, where that stands in its first bytes: a name, and the two bytes of its length.
bool lists(std::string_view head, std::string_view name) {
  if (!compound::is_compound(head)) return false;
  std::string wanted;
  for (const char c : name) wanted += std::string{c, '\0'};
  wanted.resize(64);
  wanted += static_cast<char>(2 * name.size() + 2);
  return head.find(wanted) != std::string_view::npos;
}

Status read_compound(const Input& input, const Sink& sink) {
  TARN_ASSIGN(CompoundFile file, CompoundFile::open(input.bytes));
  const auto as = [&](std::string_view mime) {
    return [&sink, mime, &file](Document d) {
      if (d.mime.empty()) d.mime = mime;
      if (d.part.empty() && file.damaged()) d.extra.set("damaged", "it is cut off, or its list of sectors is wrong");
      return sink(std::move(d));
    };
  };
  if (file.find("EncryptedPackage") || file.find("EncryptedSummary")) return compound::encrypted();
  if (file.find("WordDocument")) return compound::read_word(file, as(compound::kWordMime));
  for (const char* name : {"Workbook", "Book"}) {
    const CompoundFile::Entry* found = file.find(name);
    if (!found || found->is_storage) continue;
    TARN_ASSIGN(const std::string stream, file.read(*found));
    return compound::read_excel(stream, &file, as(compound::kExcelMime));
  }
  if (file.find("PowerPoint Document")) return compound::read_power_point(file, as(compound::kPowerPointMime));
  if (file.find("__properties_version1.0")) return compound::read_outlook(file, input, as(compound::kOutlookMime));
  if (file.find("PP40")) {
    return {Code::unsupported, "it is a presentation of PowerPoint 95 or older, which is not read", "save it anew"};
  }
  if (file.find("MatOST")) {
    return {Code::unsupported, "it is a text of Microsoft Works, which is not read", "save it anew"};
  }
  return {Code::unsupported, "it is a compound file without a text, workbook, presentation or message of Office"};
}

}  // namespace

bool is_doc(std::string_view head) { return lists(head, "WordDocument"); }
bool is_xls(std::string_view head) { return lists(head, "Workbook") || lists(head, "Book"); }
bool is_ppt(std::string_view head) { return lists(head, "PowerPoint Document"); }
bool is_msg(std::string_view head) { return lists(head, "__properties_version1.0"); }
bool looks_compound(std::string_view head) { return compound::is_compound(head); }

Status read_old_office(const Input& input, const Sink& sink) {
  const Binary head(input.bytes);
  if (input.bytes.empty()) return {Code::invalid_argument, "it is empty", "see whether it was copied whole"};
  if (compound::is_compound(input.bytes)) return read_compound(input, sink);
  // A workbook may stand in a file as it is.
  if (head.u16(0) == 0x0809 && head.u16(2) <= 16 && head.u16(6) <= 0x40) {
    return compound::read_excel(input.bytes, nullptr, [&](Document d) {
      d.mime = compound::kExcelMime;
      return sink(std::move(d));
    });
  }
  if ((head.u16(0) == 0x0009 || head.u16(0) == 0x0209 || head.u16(0) == 0x0409) && head.u16(2) <= 8) {
    return {Code::unsupported, "it is a workbook of Excel 4 or older, which is not read", "save it anew"};
  }
  if (head.u16(0) == 0xA5DB || head.u16(0) == 0xA59B || head.u16(0) == 0xBE31 || head.u16(0) == 0xBE32) {
    return {Code::unsupported, "it is a text of Word 2 or older, which is not read", "save it anew"};
  }
  // Many programs give their web pages, RTF and tables of text the names of Office's files.
  const std::string mime = detect_type("", input.bytes.substr(0, kHeadBytes));
  const Reader* reader = mime.empty() ? nullptr : reader_of(mime);
  if (!reader || reader->read == read_old_office) {
    return {Code::invalid_argument, "it is no file of Office: it begins like none"};
  }
  return reader->read(input, [&](Document d) {
    if (d.mime.empty()) d.mime = mime;
    return sink(std::move(d));
  });
}

}  // namespace tarn::document
