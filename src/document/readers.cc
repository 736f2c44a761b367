#include <algorithm>
#include <unordered_map>

#include "document/archive/archive.h"
#include "document/archive/budget.h"
#include "document/code/code.h"
#include "document/code/languages.h"
#include "document/compound/compound.h"
#include "document/data/data.h"
#include "document/image/image.h"
#include "document/language.h"
#include "document/mail/mail.h"
#include "document/markup/markup.h"
#include "document/office/office.h"
#include "document/parts.h"
#include "document/read.h"
#include "document/reader.h"
#include "document/rtf/rtf.h"
#include "document/word_list.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr uint64_t kMaxPdfBytes = uint64_t{256} << 20;
constexpr uint64_t kMaxOfficeBytes = uint64_t{256} << 20;
constexpr worker::Limits kOfficeLimits{.job_timeout_ms = 120'000, .cpu_seconds = 120};
constexpr worker::Limits kPdfLimits{.job_timeout_ms = 120'000, .cpu_seconds = 120};
// Markdown, HTML and text begin with version 3, that which all had together before.
// clang-format off
constexpr Reader kReaders[] = {
    {"markdown", 3, "text/markdown text/x-markdown", "md markdown mdown mkd mdwn mkdn mdtext mdtxt markdn mdx qmd rmd rmarkdown mdc livemd", nullptr, nullptr, kMaxDocumentBytes, {}, read_markdown},
    {"html", 3, "text/html application/xhtml+xml", "html htm xhtml xht shtml", nullptr, looks_like_html, kMaxDocumentBytes, {}, read_html},
    {"pdf", 6, "application/pdf application/x-pdf", "pdf", is_pdf, nullptr, kMaxPdfBytes, kPdfLimits, read_pdf},
    {"docx", 2, "application/vnd.openxmlformats-officedocument.wordprocessingml.document application/vnd.openxmlformats-officedocument.wordprocessingml.template application/vnd.ms-word.document.macroenabled.12", "docx docm dotx dotm", is_docx, nullptr, kMaxOfficeBytes, kOfficeLimits, read_docx},
    {"xlsx", 2, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/vnd.openxmlformats-officedocument.spreadsheetml.template application/vnd.ms-excel.sheet.macroenabled.12", "xlsx xlsm xltx xltm", is_xlsx, nullptr, kMaxOfficeBytes, kOfficeLimits, read_xlsx},
    {"pptx", 2, "application/vnd.openxmlformats-officedocument.presentationml.presentation application/vnd.openxmlformats-officedocument.presentationml.slideshow application/vnd.ms-powerpoint.presentation.macroenabled.12", "pptx pptm ppsx ppsm potx potm", is_pptx, nullptr, kMaxOfficeBytes, kOfficeLimits, read_pptx},
    {"opendocument", 2, "application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet application/vnd.oasis.opendocument.presentation application/vnd.oasis.opendocument.graphics", "odt ods odp odg ott ots otp", is_opendocument, nullptr, kMaxOfficeBytes, kOfficeLimits, read_opendocument},
    {"doc", 1, "application/msword", "doc dot", is_doc, looks_compound, kMaxOfficeBytes, kOfficeLimits, read_old_office},
    {"xls", 1, "application/vnd.ms-excel", "xls xlt", is_xls, nullptr, kMaxOfficeBytes, kOfficeLimits, read_old_office},
    {"ppt", 1, "application/vnd.ms-powerpoint", "ppt pps pot", is_ppt, nullptr, kMaxOfficeBytes, kOfficeLimits, read_old_office},
    {"msg", 1, "application/vnd.ms-outlook", "msg oft", is_msg, nullptr, kMaxOfficeBytes, kOfficeLimits, read_old_office},
    {"rtf", 1, "application/rtf text/rtf", "rtf", is_rtf, nullptr, kMaxOfficeBytes, kOfficeLimits, read_rtf},
    {"epub", 1, "application/epub+zip", "epub", is_epub, nullptr, kMaxOfficeBytes, kOfficeLimits, read_epub},
    {"archive", 2, "application/zip application/x-zip-compressed application/x-tar application/gzip application/x-gzip application/zstd", "zip tar tgz gz zst tzst", nullptr, looks_like_archive, kMaxOfficeBytes, kOfficeLimits, read_archive},
    {"mail", 2, "message/rfc822", "eml", nullptr, looks_like_mail, kMaxDocumentBytes, kOfficeLimits, read_mail},
    {"mailbox", 2, "application/mbox", "mbox mbx", nullptr, looks_like_mailbox, kMaxOfficeBytes, kOfficeLimits, read_mailbox},
    {"confluence", 1, "application/vnd.atlassian.confluence+json", "", nullptr, nullptr, kMaxDocumentBytes, {}, read_confluence},
    {"notebook", 1, "application/x-ipynb+json", "ipynb", nullptr, nullptr, kMaxDocumentBytes, {}, read_notebook},
    {"table", 1, "text/csv text/tab-separated-values", "csv tsv tab", nullptr, nullptr, kMaxDocumentBytes, {}, read_table},
    {"json", 1, "application/json", "json geojson jsonc webmanifest", nullptr, nullptr, kMaxDocumentBytes, {}, read_json},
    {"json-lines", 1, "application/jsonl application/x-ndjson", "jsonl ndjson ldjson", nullptr, nullptr, kMaxDocumentBytes, {}, read_json_lines},
    {"subtitles", 1, "text/vtt application/x-subrip", "srt vtt", is_subtitles, nullptr, kMaxDocumentBytes, {}, read_subtitles},
    {"rst", 1, "text/x-rst text/prs.fallenstein.rst", "rst rest", nullptr, nullptr, kMaxDocumentBytes, {}, read_rst},
    {"asciidoc", 1, "text/asciidoc text/x-asciidoc", "adoc asciidoc asc", nullptr, nullptr, kMaxDocumentBytes, {}, read_asciidoc},
    {"code", 1, kCode, code::kEndings, nullptr, looks_like_script, kMaxDocumentBytes, {}, read_code},
    {"image", 1, "image/jpeg image/png image/gif image/webp image/tiff image/heic image/avif", "jpg jpeg jpe png gif webp tif tiff heic heif avif", is_image, nullptr, kMaxDocumentBytes, {}, read_image},
    {"text", 3, "text/plain", "txt text log org textile wiki mediawiki me 1st nfo", nullptr, nullptr, kMaxDocumentBytes, {}, read_text},
};
// clang-format on

std::string stem(std::string_view name) {
  std::string_view base = name.substr(name.find_last_of('/') + 1);
  const size_t dot = base.find_last_of('.');
  return std::string(dot == std::string_view::npos || dot == 0 ? base : base.substr(0, dot));
}

Status unread(std::string_view mime) {
  std::string names;
  for (const Reader& reader : readers()) names += (names.empty() ? "" : ", ") + std::string(reader.name);
  return {Code::unsupported, "the type '" + std::string(mime) + "' is not read", "these are: " + names};
}

}  // namespace

std::span<const Reader> readers() { return kReaders; }

const Reader* reader_of(std::string_view mime) {
  const auto at = std::find_if(std::begin(kReaders), std::end(kReaders),
                               [&](const Reader& reader) { return has_word(reader.mimes, mime); });
  return at == std::end(kReaders) ? nullptr : at;
}

const Reader* reader_of_extension(std::string_view extension) {
  const auto at = std::find_if(std::begin(kReaders), std::end(kReaders),
                               [&](const Reader& reader) { return has_word(reader.extensions, extension); });
  return at == std::end(kReaders) ? nullptr : at;
}

Status check_size(const Reader& reader, uint64_t bytes) {
  if (bytes <= reader.max_bytes) return {};
  return {Code::exhausted, "it has " + std::to_string(bytes) + " bytes, over the limit max_bytes of the reader '" +
                               std::string(reader.name) + "' (" + std::to_string(reader.max_bytes) + ")"};
}

Status read(std::string_view bytes, std::string_view mime, std::string_view name, const ExtractOptions& options,
            const Sink& sink) {
  const Reader* reader = reader_of(mime);
  if (!reader) return unread(mime);
  TARN_TRY(check_size(*reader, bytes.size()));
  Parts parts;
  size_t count = 0;
  uint64_t text_bytes = 0;
  bool cut = false;
  std::unordered_map<std::string, int> copies;  // numbers tried for each name that came before
  Budget budget(bytes.size());
  const auto take = [&](Document d) -> Status {
    // One more stands for those that are left out.
    if (!d.part.empty() && (count + 1 == kMaxParts || text_bytes + d.body.size() > kMaxPartsBytes)) {
      cut = true;
      return {Code::exhausted, "it has more parts than kMaxParts (" + std::to_string(kMaxParts) +
                                   "), or more text than kMaxPartsBytes (" + std::to_string(kMaxPartsBytes) + ")"};
    }
    count += !d.part.empty();
    text_bytes += d.body.size();
    // Members of an archive may have one name.
    const std::string part = d.part;
    if (!part.empty() && parts.has(part)) {
      int& n = copies[part];  // the search goes on where it ended, or thousands of one name would take long
      for (n = std::max(n, 2); parts.has(d.part); ++n) d.part = part + " (" + std::to_string(n) + ")";
    }
    if (d.mime.empty()) d.mime = reader->mime();
    if (d.lang.empty()) d.lang = language_of(d.body);
    if (d.title.empty()) d.title = title_line(part.empty() ? stem(name) : part);
    if (d.anchors.size() > kMaxAnchors) d.anchors.clear();
    TARN_TRY(parts.take(d));
    return sink(std::move(d));
  };
  const Status status = reader->read({bytes, name, options, 0, &budget}, take);
  if (!status.ok() && !cut) return status;
  if (cut) {
    Document rest;
    rest.part = rest.title = "… (more parts)";
    rest.mime = "application/octet-stream";
    rest.extra = json::Value::object({{"not_read", status.message()}});
    TARN_TRY(parts.take(rest));
    TARN_TRY(sink(std::move(rest)));
  }
  return parts.end();
}

Result<Document> extract(std::string_view bytes, std::string_view mime, std::string_view name,
                         const ExtractOptions& options) {
  std::optional<Document> item;
  TARN_TRY(read(bytes, mime, name, options, [&](Document d) {
    if (!item) item = std::move(d);
    return Status();
  }));
  return std::move(*item);
}

}  // namespace tarn::document
