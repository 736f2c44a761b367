#include "document/pdf/annotations.h"

#include <algorithm>
#include <string_view>

namespace tarn::document::pdf {
namespace {

// PDFium's kinds of annotations and of form fields; bits of flags.
constexpr int kFreeText = 3, kPopup = 16, kWidget = 20;
constexpr int kCheckBox = 2, kRadioButton = 3, kComboBox = 4, kListBox = 5, kTextField = 6;
constexpr int kHidden = 1 << 1, kPassword = 1 << 13;

constexpr float kLargestType = 11;  // of a field's value
constexpr int kMaxOptions = 1'000;  // of a list
constexpr size_t kMaxNoteBytes = 100'000;

std::string_view kind_of(int subtype) {
  switch (subtype) {
    case 1:
      return "Note";
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 14:
    case 15:
      return "Drawing";
    case 9:
      return "Highlight";
    case 10:
    case 11:
      return "Underlined";
    case 12:
      return "Struck out";
    case 13:
      return "Stamp";
    case 17:
      return "Attachment";
    default:
      return {};
  }
}

// The text as words in the box, wrapped at its width.
void place_words(std::string_view text, const Box& box, Page* page) {
  const float size = std::clamp((box.y1 - box.y0) * 0.7f, 4.0f, kLargestType);
  const bool one_line = box.y1 - box.y0 < 2.2f * size;
  float x = box.x0 + 1, y = one_line ? box.y1 - 0.3f * size : box.y0 + size;
  size_t at = 0;
  while (at < text.size() && page->glyphs < size_t{kMaxPageGlyphs}) {
    if (text[at] == '\n') {
      x = box.x0 + 1, y += one_line ? 0 : 1.2f * size;
      ++at;
      continue;
    }
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    const size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
    Word word;
    word.text = text.substr(at, end - at);
    const float width = 0.45f * size * static_cast<float>(word.text.size());
    if (!one_line && x > box.x0 + 1 && x + width > box.x1) x = box.x0 + 1, y += 1.2f * size;
    word.x0 = x, word.x1 = x + width, word.y = y, word.size = size;
    x += width + 0.25f * size;
    page->glyphs += word.text.size();
    page->frames[0].words.push_back(std::move(word));
    at = end;
  }
}

std::string options_of(const Pdfium& f, FpdfForm* form, FpdfAnnotation* a) {
  std::string all;
  const int count = std::min(f.FPDFAnnot_GetOptionCount(form, a), kMaxOptions);
  for (int i = 0; i < count; ++i) {
    all +=
        text_of([&](void* to, unsigned long size) { return f.FPDFAnnot_GetOptionLabel(form, a, i, to, size); }) + "\n";
  }
  return all;
}

}  // namespace

void load_annotations(const Pdfium& f, FpdfPage* handle, FpdfForm* form, const Place& place, Page* page) {
  const int count = std::min(f.FPDFPage_GetAnnotCount(handle), kMaxAnnotations);
  for (int i = 0; i < count; ++i) {
    const Handle<FpdfAnnotation> annotation(f.FPDFPage_GetAnnot(handle, i), f.FPDFPage_CloseAnnot);
    FpdfAnnotation* a = annotation.get();
    if (!a || (f.FPDFAnnot_GetFlags(a) & kHidden) != 0) continue;
    const int subtype = f.FPDFAnnot_GetSubtype(a);
    if (subtype == kPopup) continue;
    const auto text = [&](const char* key) {
      return text_of([&](void* to, unsigned long size) { return f.FPDFAnnot_GetStringValue(a, key, to, size); },
                     kMaxNoteBytes);
    };
    FpdfRect rect{};
    f.FPDFAnnot_GetRect(a, &rect);
    if (subtype == kWidget) {
      if (!form) continue;
      const int type = f.FPDFAnnot_GetFormFieldType(form, a);
      if (type == kCheckBox || type == kRadioButton) {
        if (f.FPDFAnnot_IsChecked(form, a) == 1) place_words("[x]", place.box(rect), page);
      } else if (type == kTextField || type == kComboBox || type == kListBox) {
        if (type == kTextField && (f.FPDFAnnot_GetFormFieldFlags(form, a) & kPassword) != 0) continue;
        const std::string value =
            text_of([&](void* to, unsigned long size) { return f.FPDFAnnot_GetFormFieldValue(form, a, to, size); });
        // A list shows what can be chosen; elsewhere only what was is seen.
        place_words(type == kListBox ? options_of(f, form, a) : value, place.box(rect), page);
        if (value.empty()) continue;
        const std::string name =
            text_of([&](void* to, unsigned long size) { return f.FPDFAnnot_GetFormFieldName(form, a, to, size); });
        if (!name.empty()) page->fields.push_back({name, value});
      }
      continue;
    }
    if (subtype == kFreeText) {
      place_words(text("Contents"), place.box(rect), page);
      continue;
    }
    const std::string_view kind = kind_of(subtype);
    if (kind.empty()) continue;
    std::string said = text("Contents");
    if (said.find_first_not_of(" \n\t") == std::string::npos) continue;
    page->notes.push_back({std::string(kind), text("T"), std::move(said)});
  }
}

}  // namespace tarn::document::pdf
