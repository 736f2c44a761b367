// PDF, by PDFium: its pages' text in reading order, what it says of itself, and the files attached to it.
#include <algorithm>
#include <mutex>
#include <optional>

#include "document/part.h"
#include "document/pdf/file.h"
#include "document/pdf/info.h"
#include "document/pdf/page.h"
#include "document/pdf/page_tree.h"
#include "document/pdf/pdfium.h"
#include "document/pdf/writer.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using pdf::FilePage;
using pdf::FpdfAttachment;
using pdf::FpdfDocument;
using pdf::FpdfForm;
using pdf::Handle;
using pdf::Pdfium;

constexpr int kMaxPages = 50'000;
constexpr size_t kMaxGlyphs = 60'000'000;  // of a file
constexpr int kMaxAttachments = 1'000;
constexpr unsigned long kMaxAttachmentBytes = kMaxDocumentBytes;
constexpr size_t kMaxFields = 2'000;
constexpr size_t kMaxNamedPages = 1'000;  // in each list of `extra`
constexpr size_t kHeadBytes = 1024;       // in which a PDF's first line stands
constexpr size_t kFewGlyphs = 20;

// PDFium's reasons why a file does not open.
constexpr unsigned long kPassword = 4, kSecurity = 5;

Status not_opened(unsigned long why, bool with_password) {
  if (why == kPassword) {
    return with_password
               ? Status(Code::permission_denied, "it is encrypted, and the password of its source does not open it",
                        "write the right one into the file that --password-file names")
               : Status(Code::permission_denied, "it is encrypted and opens with a password only",
                        "name a file that has it: --password-file PATH");
  }
  if (why == kSecurity) {
    return {Code::unsupported, "it is encrypted in a way that is not read", "save it without encryption"};
  }
  return {Code::invalid_argument,
          "it is no PDF that can be read: its objects or its table of them are broken or cut off",
          "see whether the file is whole, and save it anew"};
}

json::Value list_of(const std::vector<int>& pages) {
  json::Value list = json::Value::array();
  for (const int page : pages) list.push(int64_t{page});
  return list;
}

// What is told of pages in `extra`.
struct Told {
  std::vector<int> scanned, unreadable, damaged, cut, clipped;
  json::Value labels = json::Value::object();  // page → label, where it is not the number
  json::Value fields = json::Value::object();
  static void add(std::vector<int>* list, int page) {
    if (list->size() < kMaxNamedPages) list->push_back(page);
  }
};

class PdfFile {
 public:
  PdfFile(const Pdfium& f, const Input& input) : f_(f), input_(input) {}

  Status read(const Sink& sink) {
    if (input_.bytes.empty()) {
      return {Code::invalid_argument, "it is empty", "see whether it was copied whole"};
    }
    counted_ = pdf::without_page_counts(input_.bytes);
    const std::string& password = input_.options.password;
    open(nullptr);  // what opens without one needs none
    if (!handle_ && f_.FPDF_GetLastError() == kPassword && !password.empty()) open(password.c_str());
    if (!handle_) return not_opened(f_.FPDF_GetLastError(), !password.empty());
    const int count = f_.FPDF_GetPageCount(handle_.get());
    if (count > kMaxPages) {
      return {Code::exhausted, "it has more pages than kMaxPages (" + std::to_string(kMaxPages) + ")"};
    }
    if (f_.FPDF_GetFormType(handle_.get()) > 0) {
      form_.reset(f_.FPDFDOC_InitFormFillEnvironment(handle_.get(), &form_info_));
    }
    TARN_TRY(load_pages(count));
    Document d;
    d.extra = json::Value::object();
    pdf::read_info(f_, handle_.get(), input_.bytes, &d);
    const std::vector<std::string> running = pdf::drop_running(&pages_);
    pdf::find_headings(pdf::read_outline(f_, handle_.get(), pages_), &pages_);
    TARN_ASSIGN(pdf::Written written, pdf::write(pages_));
    const int attachments = std::clamp(f_.FPDFDoc_GetAttachmentCount(handle_.get()), 0, kMaxAttachments);
    if (written.body.empty() && attachments == 0) return without_text(count);
    d.body = std::move(written.body);
    d.anchors = std::move(written.anchors);
    if (d.title.empty()) d.title = title_line(heading_words(written.title));
    tell(count, running, &d);
    pages_.clear();
    TARN_TRY(sink(std::move(d)));
    for (int i = 0; i < attachments; ++i) TARN_TRY(attachment(i, sink));
    return {};
  }

 private:
  void open(const char* password) {
    const std::string_view bytes = counted_.empty() ? input_.bytes : std::string_view(counted_);
    handle_.reset(f_.FPDF_LoadMemDocument64(bytes.data(), bytes.size(), password));
  }

  Status load_pages(int count) {
    size_t glyphs = 0;
    for (int i = 0; i < count; ++i) {
      std::optional<pdf::Page> loaded = pdf::load_page(f_, handle_.get(), form_.get(), i);
      FilePage& page = pages_.emplace_back();
      page.height = pdf::kUsualHeight;
      if (!loaded) {
        Told::add(&told_.damaged, i + 1);
        continue;
      }
      glyphs += loaded->glyphs + loaded->said;
      if (glyphs > kMaxGlyphs) {
        return {Code::exhausted, "it has more characters than kMaxGlyphs (" + std::to_string(kMaxGlyphs) + ")"};
      }
      if (loaded->cut) Told::add(&told_.cut, i + 1);
      if (loaded->clipped > 0) Told::add(&told_.clipped, i + 1);
      if (loaded->glyphs < kFewGlyphs && loaded->picture) Told::add(&told_.scanned, i + 1);
      if (loaded->glyphs >= kFewGlyphs && loaded->unmapped * 3 > loaded->glyphs) Told::add(&told_.unreadable, i + 1);
      for (const pdf::Field& field : loaded->fields) {
        if (told_.fields.members().size() < kMaxFields) told_.fields.set(field.name, field.value);
      }
      const std::string label =
          pdf::text_of([&](void* to, unsigned long size) { return f_.FPDF_GetPageLabel(handle_.get(), i, to, size); },
                       pdf::kMaxNameBytes);
      if (!label.empty() && label != std::to_string(i + 1) && told_.labels.members().size() < kMaxNamedPages) {
        told_.labels.set(std::to_string(i + 1), label);
      }
      page.height = loaded->height;
      page.items = pdf::lay_out(*loaded);
      page.links = std::move(loaded->links);
      page.notes = std::move(loaded->notes);
    }
    return {};
  }

  Status without_text(int count) const {
    const std::string pages = count == 1 ? "its page" : "its " + std::to_string(count) + " pages";
    if (count > 0 && told_.damaged.size() == std::min(static_cast<size_t>(count), kMaxNamedPages)) {
      return {Code::invalid_argument, pages + " cannot be read", "see whether the file is whole, and save it anew"};
    }
    if (!told_.scanned.empty()) {
      return {Code::invalid_argument,
              pages + (count == 1 ? " is a picture" : " are pictures") + " without text (scanned)",
              "make its text with a program for OCR, and pull it again"};
    }
    if (!told_.clipped.empty()) {
      return {Code::invalid_argument,
              pages + (count == 1 ? " shows" : " show") + " no text: what there is lies off the page",
              "make the page's box (MediaBox, CropBox) as large as its text, and pull it again"};
    }
    return {Code::invalid_argument,
            count == 0 ? "it has no pages" : pages + (count == 1 ? " has no text" : " have no text")};
  }

  void tell(int count, const std::vector<std::string>& running, Document* d) const {
    d->extra.set("pages", int64_t{count});
    const auto pages = [&](const char* name, const std::vector<int>& list) {
      if (!list.empty()) d->extra.set(name, list_of(list));
    };
    pages("scanned_pages", told_.scanned);
    pages("unreadable_pages", told_.unreadable);
    pages("damaged_pages", told_.damaged);
    pages("cut_pages", told_.cut);
    pages("clipped_pages", told_.clipped);
    if (!told_.labels.members().empty()) d->extra.set("page_labels", told_.labels);
    if (!told_.fields.members().empty()) d->extra.set("form", told_.fields);
    if (running.empty()) return;
    json::Value heads = json::Value::array();
    for (const std::string& head : running) heads.push(head);
    d->extra.set("running_heads", std::move(heads));
  }

  // A part of its own, read by its type; one that is not read has its name only.
  Status attachment(int index, const Sink& sink) {
    FpdfAttachment* a = f_.FPDFDoc_GetAttachment(handle_.get(), index);
    if (!a) return {};
    std::string name = title_line(pdf::text_of(
        [&](void* to, unsigned long size) { return f_.FPDFAttachment_GetName(a, to, size); }, pdf::kMaxNameBytes));
    if (name.empty()) name = "attachment " + std::to_string(index + 1);
    unsigned long size = 0;
    const bool there = f_.FPDFAttachment_GetFile(a, nullptr, 0, &size) != 0;
    std::string bytes;
    std::string why;
    if (!there || size > kMaxAttachmentBytes) {
      why = there ? "it is over the limit kMaxDocumentBytes" : "it cannot be read";
    } else {
      bytes.resize(size);
      if (size > 0 && !f_.FPDFAttachment_GetFile(a, bytes.data(), size, &size)) why = "it cannot be read";
    }
    return read_part(input_, {.name = name, .bytes = bytes, .not_read = why, .size_bytes = size}, sink);
  }

  const Pdfium& f_;
  const Input& input_;
  std::string counted_;  // the file anew, where it says fewer pages than it has
  Handle<FpdfDocument> handle_{nullptr, f_.FPDF_CloseDocument};
  pdf::FpdfFormInfo form_info_{1, {}};
  Handle<FpdfForm> form_{nullptr, f_.FPDFDOC_ExitFormFillEnvironment};
  std::vector<FilePage> pages_;
  Told told_;
};

}  // namespace

bool is_pdf(std::string_view head) {
  const size_t at = head.substr(0, kHeadBytes).find("%PDF-");
  // Behind a page's or a text's first bytes it is something that speaks of PDF.
  return at == 0 || (at != std::string_view::npos && head.substr(0, at).find_first_not_of(std::string_view(
                                                         " \t\r\n\0\xEF\xBB\xBF", 8)) == std::string_view::npos);
}

Status read_pdf(const Input& input, const Sink& sink) {
  const std::lock_guard one_at_a_time(pdf::lock());
  TARN_ASSIGN(const Pdfium* f, pdf::pdfium());
  return PdfFile(*f, input).read(sink);
}

}  // namespace tarn::document
