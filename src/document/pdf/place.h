// From a PDF page's own coordinates to those of the page as it is seen: x to the right, y downwards.
#pragma once

#include <cmath>
#include <utility>

#include "document/pdf/pdfium.h"

namespace tarn::document::pdf {

struct Box {
  float x0, y0, x1, y1;
};

inline constexpr float kMost = 1e5f;                                       // points; what lies beyond is nowhere
inline bool is_somewhere(float place) { return std::abs(place) < kMost; }  // no NaN is
inline bool is_somewhere(const Box& b) {
  return is_somewhere(b.x0) && is_somewhere(b.y0) && is_somewhere(b.x1) && is_somewhere(b.y1);
}

class Place {
 public:
  Place(const FpdfRect& box, int rotation) : box_(box), rotation_(rotation & 3) {}

  float width() const { return (rotation_ & 1) ? box_.top - box_.bottom : box_.right - box_.left; }
  float height() const { return (rotation_ & 1) ? box_.right - box_.left : box_.top - box_.bottom; }

  void point(float x, float y, float* seen_x, float* seen_y) const {
    direction(x - box_.left, y - box_.bottom, seen_x, seen_y);
    if (rotation_ >= 2) *seen_x += width();
    if (rotation_ == 0 || rotation_ == 3) *seen_y += height();
  }
  // A direction of the page's own coordinates.
  void direction(float x, float y, float* seen_x, float* seen_y) const {
    switch (rotation_) {
      case 0:
        *seen_x = x, *seen_y = -y;
        break;
      case 1:
        *seen_x = y, *seen_y = x;
        break;
      case 2:
        *seen_x = -x, *seen_y = y;
        break;
      default:
        *seen_x = -y, *seen_y = -x;
        break;
    }
  }
  Box box(const FpdfRect& r) const {
    Box b;
    point(r.left, r.top, &b.x0, &b.y0);
    point(r.right, r.bottom, &b.x1, &b.y1);
    if (b.x0 > b.x1) std::swap(b.x0, b.x1);
    if (b.y0 > b.y1) std::swap(b.y0, b.y1);
    return b;
  }

 private:
  FpdfRect box_;
  int rotation_;
};

}  // namespace tarn::document::pdf
