#include "document/pdf/annotations.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tarn::document::pdf {
namespace {

// PDFium's kinds of annotations and of form fields; bits of flags.
constexpr int kFreeText = 3, kWidget = 20;
constexpr int kCheckBox = 2, kRadioButton = 3, kComboBox = 4, kListBox = 5, kTextField = 6;
constexpr int kHidden = 1 << 1, kPassword = 1 << 13;

constexpr float kLargestType = 11;  // of a field's value
constexpr int kMaxOptions = 1'000;  // of a list

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

class Annotations {
 public:
  Annotations(const Pdfium& f, FpdfForm* form, const Place& place, Page* page)
      : f_(f), form_(form), place_(place), page_(page) {}

  void load(FpdfPage* handle) {
    const int count = std::min(f_.FPDFPage_GetAnnotCount(handle), kMaxAnnotations);
    for (int i = 0; i < count && !full_; ++i) {
      const Handle<FpdfAnnotation> annotation(f_.FPDFPage_GetAnnot(handle, i), f_.FPDFPage_CloseAnnot);
      FpdfAnnotation* a = annotation.get();
      if (!a || (f_.FPDFAnnot_GetFlags(a) & kHidden) != 0) continue;
      const int subtype = f_.FPDFAnnot_GetSubtype(a);
      if (subtype == kWidget) {
        if (form_) widget(a);
      } else if (subtype == kFreeText) {
        place_words(value_of(a, "Contents"), a);
      } else if (const std::string_view kind = kind_of(subtype); !kind.empty()) {
        std::string said = value_of(a, "Contents");
        if (said.find_first_not_of(" \n\t") == std::string::npos) continue;
        page_->notes.push_back({std::string(kind), value_of(a, "T"), std::move(said)});
      }
    }
    page_->cut |= full_;
  }

 private:
  size_t room() const {
    const size_t taken = page_->glyphs + page_->said;
    return taken < size_t{kMaxPageGlyphs} ? size_t{kMaxPageGlyphs} - taken : 0;
  }

  // A text, where the page has room for it.
  template <typename Call>
  std::string take(const Call& call) {
    std::string text = text_of(call, kMaxTextBytes, &full_);
    full_ |= text.size() > room();
    if (full_) return {};
    page_->said += text.size();
    return text;
  }
  std::string value_of(FpdfAnnotation* a, const char* key) {
    return take([&](void* to, unsigned long size) { return f_.FPDFAnnot_GetStringValue(a, key, to, size); });
  }

  void widget(FpdfAnnotation* a) {
    const int type = f_.FPDFAnnot_GetFormFieldType(form_, a);
    const bool button = type == kCheckBox || type == kRadioButton;
    if (!button && type != kTextField && type != kComboBox && type != kListBox) return;
    if (type == kTextField && (f_.FPDFAnnot_GetFormFieldFlags(form_, a) & kPassword) != 0) return;
    std::string value =
        take([&](void* to, unsigned long size) { return f_.FPDFAnnot_GetFormFieldValue(form_, a, to, size); });
    // A list shows what can be chosen; elsewhere only what was is seen.
    if (!button) place_words(type == kListBox ? options_of(a) : value, a);
    if (button && f_.FPDFAnnot_IsChecked(form_, a) == 1) place_words("[x]", a);
    if (value.empty()) return;
    std::string name =
        take([&](void* to, unsigned long size) { return f_.FPDFAnnot_GetFormFieldName(form_, a, to, size); });
    if (!name.empty()) page_->fields.push_back({std::move(name), std::move(value)});
  }

  std::string options_of(FpdfAnnotation* a) {
    std::string all;
    const int count = std::min(f_.FPDFAnnot_GetOptionCount(form_, a), kMaxOptions);
    for (int i = 0; i < count && !full_; ++i) {
      all +=
          take([&](void* to, unsigned long size) { return f_.FPDFAnnot_GetOptionLabel(form_, a, i, to, size); }) + "\n";
    }
    return all;
  }

  // The text as words in the annotation's box, wrapped at its width; none where the page does not show it.
  void place_words(std::string_view text, FpdfAnnotation* a) {
    FpdfRect rect{};
    if (!f_.FPDFAnnot_GetRect(a, &rect)) return;
    const Box box = place_.box(rect);
    if (!is_somewhere(box) || box.x1 < 0 || box.y1 < 0 || box.x0 > page_->width || box.y0 > page_->height) return;
    const float size = std::clamp((box.y1 - box.y0) * 0.7f, 4.0f, kLargestType);
    const bool one_line = box.y1 - box.y0 < 2.2f * size;
    float x = box.x0 + 1, y = one_line ? box.y1 - 0.3f * size : box.y0 + size;
    size_t at = 0;
    while (at < text.size()) {
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
      full_ |= end - at > room();
      if (full_) return;
      Word word;
      word.text = text.substr(at, end - at);
      const float width = 0.45f * size * static_cast<float>(word.text.size());
      if (!one_line && x > box.x0 + 1 && x + width > box.x1) x = box.x0 + 1, y += 1.2f * size;
      word.x0 = x, word.x1 = x + width, word.y = y, word.size = size;
      x += width + 0.25f * size;
      page_->glyphs += word.text.size();
      page_->frames[0].words.push_back(std::move(word));
      at = end;
    }
  }

  const Pdfium& f_;
  FpdfForm* form_;
  const Place& place_;
  Page* page_;
  bool full_ = false;
};

}  // namespace

void load_annotations(const Pdfium& f, FpdfPage* handle, FpdfForm* form, const Place& place, Page* page) {
  Annotations(f, form, place, page).load(handle);
}

}  // namespace tarn::document::pdf
