#include "document/pdf/drawings.h"

#include <cmath>

namespace tarn::document::pdf {
namespace {

// PDFium's kinds of objects and of a path's segments.
constexpr int kPath = 2, kImage = 3, kForm = 5;
constexpr int kLineTo = 0, kMoveTo = 2;

constexpr float kThin = 3;      // points: a filled box no thicker is a line
constexpr float kShortest = 6;  // a shorter line rules nothing
constexpr float kAskew = 1;
constexpr int kMaxDepth = 4;
constexpr int kMaxSegments = 2'000;
constexpr float kCovers = 0.6f;  // of the page's area

// First `inner`, then `outer`.
FpdfMatrix product(const FpdfMatrix& inner, const FpdfMatrix& outer) {
  return {inner.a * outer.a + inner.b * outer.c,           inner.a * outer.b + inner.b * outer.d,
          inner.c * outer.a + inner.d * outer.c,           inner.c * outer.b + inner.d * outer.d,
          inner.e * outer.a + inner.f * outer.c + outer.e, inner.e * outer.b + inner.f * outer.d + outer.f};
}

void apply(const FpdfMatrix& m, float* x, float* y) {
  const float moved = *x * m.a + *y * m.c + m.e;
  *y = *x * m.b + *y * m.d + m.f;
  *x = moved;
}

class Drawings {
 public:
  Drawings(const Pdfium& f, const Place& place, Page* page) : f_(f), place_(place), page_(page) {}

  void load(FpdfPage* handle) {
    const int count = f_.FPDFPage_CountObjects(handle);
    for (int i = 0; i < count && left_ >= 0; ++i) object(f_.FPDFPage_GetObject(handle, i), {1, 0, 0, 1, 0, 0}, 0);
    if (left_ < 0) page_->cut = true;
    page_->picture = covered_ > kCovers * page_->width * page_->height;
  }

 private:
  void object(FpdfObject* o, const FpdfMatrix& outer, int depth) {
    if (o == nullptr || --left_ < 0) return;
    switch (f_.FPDFPageObj_GetType(o)) {
      case kPath:
        path(o, outer);
        break;
      case kImage:
        image(o, outer);
        break;
      case kForm: {
        if (depth == kMaxDepth) return;
        FpdfMatrix own{1, 0, 0, 1, 0, 0};
        f_.FPDFPageObj_GetMatrix(o, &own);
        const int count = f_.FPDFFormObj_CountObjects(o);
        for (int i = 0; i < count && left_ >= 0; ++i) {
          object(f_.FPDFFormObj_GetObject(o, static_cast<unsigned long>(i)), product(own, outer), depth + 1);
        }
        break;
      }
      default:
        break;
    }
  }

  void image(FpdfObject* o, const FpdfMatrix& outer) {
    FpdfMatrix m{1, 0, 0, 1, 0, 0};
    if (!f_.FPDFPageObj_GetMatrix(o, &m)) return;
    m = product(m, outer);
    const float area = std::abs(m.a * m.d - m.b * m.c);  // an image is a unit square
    if (std::isfinite(area)) covered_ += area;
  }

  void path(FpdfObject* o, const FpdfMatrix& outer) {
    if (page_->rules.size() >= kMaxRules) return;
    int fill = 0, stroke = 0;
    if (!f_.FPDFPath_GetDrawMode(o, &fill, &stroke) || (fill == 0 && stroke == 0)) return;
    const int count = f_.FPDFPath_CountSegments(o);
    if (count < 2 || count > kMaxSegments) return;
    FpdfMatrix m{1, 0, 0, 1, 0, 0};
    f_.FPDFPageObj_GetMatrix(o, &m);
    m = product(m, outer);
    corners_.clear();
    bool straight = true;
    for (int i = 0; i < count; ++i) {
      FpdfSegment* segment = f_.FPDFPath_GetPathSegment(o, i);
      float x = 0, y = 0;
      if (segment == nullptr || !f_.FPDFPathSegment_GetPoint(segment, &x, &y)) return;
      const int type = f_.FPDFPathSegment_GetType(segment);
      apply(m, &x, &y);
      float seen_x, seen_y;
      place_.point(x, y, &seen_x, &seen_y);
      if (!std::isfinite(seen_x) || !std::isfinite(seen_y)) return;
      if (type == kMoveTo) {
        end_figure(straight, stroke != 0);
        straight = true;
      } else if (type != kLineTo) {
        straight = false;
      }
      corners_.push_back({seen_x, seen_y});
      if (f_.FPDFPathSegment_GetClose(segment) == 1) corners_.push_back(corners_.front());
    }
    end_figure(straight, stroke != 0);
  }

  void end_figure(bool straight, bool stroke) {
    if (straight && corners_.size() > 1) {
      float x0 = corners_[0].x, x1 = x0, y0 = corners_[0].y, y1 = y0;
      for (const Corner& c : corners_) {
        x0 = std::min(x0, c.x), x1 = std::max(x1, c.x);
        y0 = std::min(y0, c.y), y1 = std::max(y1, c.y);
      }
      if (std::min(x1 - x0, y1 - y0) <= kThin) {
        rule(x0, y0, x1, y1);
      } else if (stroke) {
        for (size_t i = 1; i < corners_.size(); ++i) {
          const Corner &a = corners_[i - 1], &b = corners_[i];
          if (std::abs(a.x - b.x) <= kAskew || std::abs(a.y - b.y) <= kAskew) {
            rule(std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y));
          }
        }
      }
    }
    corners_.clear();
  }

  void rule(float x0, float y0, float x1, float y1) {
    if (page_->rules.size() >= kMaxRules) return;
    if (x1 < 0 || y1 < 0 || x0 > page_->width || y0 > page_->height) return;
    if (x1 - x0 >= y1 - y0) {
      if (x1 - x0 >= kShortest) page_->rules.push_back({x0, (y0 + y1) / 2, x1, (y0 + y1) / 2});
    } else {
      if (y1 - y0 >= kShortest) page_->rules.push_back({(x0 + x1) / 2, y0, (x0 + x1) / 2, y1});
    }
  }

  struct Corner {
    float x, y;
  };
  const Pdfium& f_;
  const Place& place_;
  Page* page_;
  std::vector<Corner> corners_;
  float covered_ = 0;
  int left_ = kMaxPageObjects;
};

}  // namespace

void load_drawings(const Pdfium& f, FpdfPage* handle, const Place& place, Page* page) {
  Drawings(f, place, page).load(handle);
}

}  // namespace tarn::document::pdf
