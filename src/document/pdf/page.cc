#include "document/pdf/page.h"

#include <algorithm>
#include <map>

#include "base/percent.h"
#include "base/utf8.h"
#include "document/pdf/annotations.h"
#include "document/pdf/drawings.h"
#include "document/pdf/place.h"
#include "document/pdf/words.h"

namespace tarn::document::pdf {
namespace {

constexpr int kMaxTagDepth = 50;
constexpr int kMaxTags = 50'000;
constexpr size_t kMaxUriBytes = 2'048;

// Headings by the file's own tags: level by the number of marked content.
class HeadingTags {
 public:
  HeadingTags(const Pdfium& f, FpdfPage* page) : f_(f) {
    const Handle<FpdfStructTree> tree(f.FPDF_StructTree_GetForPage(page), f.FPDF_StructTree_Close);
    if (!tree) return;
    const int count = f.FPDF_StructTree_CountChildren(tree.get());
    for (int i = 0; i < count && left_ > 0; ++i) element(f.FPDF_StructTree_GetChildAtIndex(tree.get(), i), 0, 0);
  }
  std::map<int, int> levels;

 private:
  void element(FpdfStructElement* e, int level, int depth) {
    if (e == nullptr || depth > kMaxTagDepth || --left_ < 0) return;
    if (level == 0) {
      const std::string type =
          text_of([&](void* to, unsigned long size) { return f_.FPDF_StructElement_GetType(e, to, size); });
      if (type == "H" || type == "Title") level = 1;
      if (type.size() == 2 && type[0] == 'H' && type[1] >= '1' && type[1] <= '6') level = type[1] - '0';
    }
    const int count = f_.FPDF_StructElement_CountChildren(e);
    for (int i = 0; i < count && left_ > 0; ++i) {
      if (const int id = f_.FPDF_StructElement_GetChildMarkedContentID(e, i); id >= 0) {
        --left_;
        if (level > 0) levels[id] = level;
      } else {
        element(f_.FPDF_StructElement_GetChildAtIndex(e, i), level, depth + 1);
      }
    }
  }

  const Pdfium& f_;
  int left_ = kMaxTags;
};

// Bytes that are no UTF-8 and controls as a URI writes them.
std::string as_uri(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) {
    const base::Utf8Char c = base::utf8_at(bytes, at);
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (c.well_formed && byte > 0x20) {
      out += bytes.substr(at, c.size);
      at += c.size;
    } else {
      out += base::percent_encoded(bytes.substr(at, 1), "");
      ++at;
    }
  }
  return out;
}

// Words on an annotation's rectangle are its link's.
void load_links(const Pdfium& f, FpdfDocument* document, FpdfPage* handle, const Place& place, Page* page) {
  struct Area {
    Box box;
    size_t number;  // in the order of the file
    int link;
  };
  std::vector<Area> areas;
  int at = 0;
  FpdfLink* link = nullptr;
  for (int i = 0; i < kMaxLinks && f.FPDFLink_Enumerate(handle, &at, &link); ++i) {
    FpdfAction* action = f.FPDFLink_GetAction(link);
    if (action == nullptr) continue;
    char target[kMaxUriBytes] = {};
    const unsigned long size = f.FPDFAction_GetURIPath(document, action, target, sizeof target);
    FpdfRect rect{};
    if (size < 2 || size > sizeof target || !f.FPDFLink_GetAnnotRect(link, &rect)) continue;
    const std::string uri = as_uri(std::string_view(target, size - 1));
    const auto known = std::find(page->links.rbegin(), page->links.rend(), uri);
    const auto number =
        known == page->links.rend() ? page->links.size() : static_cast<size_t>(page->links.rend() - known - 1);
    if (known == page->links.rend()) page->links.push_back(uri);
    const Box box = place.box(rect);
    if (is_somewhere(box)) areas.push_back({box, areas.size(), static_cast<int>(number)});
  }
  // From the top, so that a word looks at those of its height only. Where some cover each other, the last one counts.
  std::stable_sort(areas.begin(), areas.end(), [](const Area& a, const Area& b) { return a.box.y0 < b.box.y0; });
  float tallest = 0;
  for (const Area& area : areas) tallest = std::max(tallest, area.box.y1 - area.box.y0);
  for (Word& word : page->frames[0].words) {
    const float x = (word.x0 + word.x1) / 2, y = word.y - 0.3f * word.size;
    auto area = std::lower_bound(areas.begin(), areas.end(), y - tallest - 1,
                                 [](const Area& a, float top) { return a.box.y0 < top; });
    size_t last = 0;
    for (; area != areas.end() && area->box.y0 <= y; ++area) {
      const bool holds = x >= area->box.x0 && x <= area->box.x1 && y <= area->box.y1;
      if (holds && area->number >= last) last = area->number, word.link = area->link;
    }
  }
}

}  // namespace

std::optional<Page> load_page(const Pdfium& f, FpdfDocument* document, FpdfForm* form, int index) {
  const Handle<FpdfPage> handle(f.FPDF_LoadPage(document, index), f.FPDF_ClosePage);
  if (!handle) return std::nullopt;
  const FpdfRect usual{0, kUsualHeight, kUsualWidth, 0};
  FpdfRect box = usual;
  f.FPDF_GetPageBoundingBox(handle.get(), &box);
  if (!(box.right - box.left > 1 && box.top - box.bottom > 1)) box = usual;
  const Place place(box, f.FPDFPage_GetRotation(handle.get()));
  Page page;
  page.width = place.width();
  page.height = place.height();
  const Handle<FpdfTextPage> text(f.FPDFText_LoadPage(handle.get()), f.FPDFText_ClosePage);
  if (text) {
    const HeadingTags tags(f, handle.get());
    load_words(f, text.get(), place, tags.levels, &page);
  }
  if (page.frames.empty()) page.frames.push_back({});
  load_drawings(f, handle.get(), place, &page);
  load_links(f, document, handle.get(), place, &page);
  load_annotations(f, handle.get(), form, place, &page);
  return page;
}

}  // namespace tarn::document::pdf
