#include <cmath>
#include <set>

#include "base/ascii.h"
#include "document/image/byte_view.h"
#include "document/image/picture.h"

namespace tarn::document::image {
namespace {

constexpr size_t kEntry = 12;
constexpr size_t kTypeSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

struct Field {
  uint32_t tag = 0, type = 0, count = 0;
  size_t at = 0, size = 0;  // of its values, in the file
};

class Exif {
 public:
  Exif(std::string_view tiff, Picture* out) : view_{tiff, tiff.starts_with("MM")}, out_(out) {}

  void run() {
    if (!(view_.bytes.starts_with("II") || view_.bytes.starts_with("MM"))) return;
    directory(view_.u32(4), Kind::first);
    if (!offset_.empty() && out_->taken.size() == 19) out_->taken += offset_;
  }

 private:
  enum class Kind { first, exif, gps };

  // The bytes of a text. Fields may name the same bytes again and again.
  std::string_view bytes(const Field& f) {
    const size_t size = std::min({f.size, kMaxWordsBytes, room_});
    room_ -= size;
    return view_.part(f.at, size);
  }

  std::string text(const Field& f) {
    std::string_view words = bytes(f);
    words = words.substr(0, words.find('\0'));
    return std::string(base::trimmed(decoded(words, "")));
  }

  // Windows' own fields are UTF-16.
  std::string wide(const Field& f) {
    std::string words = decoded(bytes(f), "utf-16le");
    words = words.substr(0, words.find('\0'));
    return std::string(base::trimmed(words));
  }

  // Its first eight bytes say what it is written in.
  std::string comment(const Field& f) {
    const std::string_view all = bytes(f);
    if (all.size() <= 8) return {};
    const bool unicode = all.starts_with("UNICODE");
    std::string words = decoded(all.substr(8), unicode ? (view_.big ? "utf-16be" : "utf-16le") : "");
    if (!unicode) words = words.substr(0, words.find('\0'));
    while (!words.empty() && (words.back() == '\0' || words.back() == ' ')) words.pop_back();
    return std::string(base::trimmed(words));
  }

  uint32_t number(const Field& f) const { return f.type == 3 ? view_.u16(f.at) : view_.u32(f.at); }

  std::optional<double> degrees(const Field& f) const {
    if (f.type != 5 || f.count < 3) return {};
    double all = 0, unit = 1;
    for (size_t i = 0; i < 3; ++i, unit *= 60) {
      const double part = view_.u32(f.at + 8 * i), of = view_.u32(f.at + 8 * i + 4);
      if (of == 0 && i == 0) return {};
      if (of != 0) all += part / of / unit;
    }
    return all;
  }

  // "2024:05:01 10:00:00" → "2024-05-01T10:00:00"
  static std::string time(std::string text) {
    if (text.size() < 19 || text.starts_with("0000") || text[4] != ':') return {};
    text.resize(19);
    text[4] = text[7] = '-';
    text[10] = 'T';
    return text;
  }

  void directory(uint32_t at, Kind kind) {
    if (at == 0 || !seen_.insert(at).second || seen_.size() > kMaxDirectories || !view_.has(at, 2)) return;
    const size_t count = std::min<size_t>(view_.u16(at), kMaxFields);
    std::string north, east;
    std::optional<double> latitude, longitude;
    for (size_t i = 0; i < count; ++i) {
      const size_t entry = at + 2 + i * kEntry;
      if (!view_.has(entry, kEntry)) {
        out_->damaged = "its Exif directory is cut";
        return;
      }
      Field f{view_.u16(entry), view_.u16(entry + 2), view_.u32(entry + 4), entry + 8, 0};
      if (f.type == 0 || f.type >= std::size(kTypeSizes)) continue;
      const uint64_t size = uint64_t{f.count} * kTypeSizes[f.type];
      if (size > 4) f.at = view_.u32(entry + 8);
      if (size > view_.bytes.size() || !view_.has(f.at, static_cast<size_t>(size))) continue;
      f.size = static_cast<size_t>(size);
      if (kind == Kind::gps) {
        if (f.tag == 1) north = text(f);
        if (f.tag == 2) latitude = degrees(f);
        if (f.tag == 3) east = text(f);
        if (f.tag == 4) longitude = degrees(f);
        continue;
      }
      take(f);
    }
    if (latitude && longitude && std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180) {
      out_->latitude = north == "S" ? -*latitude : *latitude;
      out_->longitude = east == "W" ? -*longitude : *longitude;
    }
  }

  void take(const Field& f) {
    switch (f.tag) {
      case 0x100:
        if (out_->width == 0) out_->width = number(f);
        break;
      case 0x101:
        if (out_->height == 0) out_->height = number(f);
        break;
      case 0x10D:
        Picture::keep(text(f), &out_->title);
        break;
      case 0x10E: {
        const std::string words = text(f);
        // What cameras write where nobody wrote anything.
        if (!words.empty() && words != "OLYMPUS DIGITAL CAMERA" && words != "default" && words != "SONY DSC") {
          Picture::keep(words, &out_->description);
        }
        break;
      }
      case 0x10F:
        make_ = text(f);
        break;
      case 0x110: {
        const std::string model = text(f);
        const bool named = make_.empty() || model.starts_with(make_.substr(0, make_.find(' ')));
        Picture::keep(named ? model : make_ + " " + model, &out_->camera);
        break;
      }
      case 0x112:
        if (number(f) >= 1 && number(f) <= 8) out_->orientation = static_cast<int>(number(f));
        break;
      case 0x131:
        Picture::keep(text(f), &out_->software);
        break;
      case 0x13B:
        Picture::keep(text(f), &out_->author);
        break;
      case 0x2BC:
        if (!std::exchange(xmp_, true)) read_xmp(view_.part(f.at, f.size), out_);
        break;
      case 0x8298:
        Picture::keep(text(f), &out_->copyright);
        break;
      case 0x83BB:
        if (!std::exchange(iptc_, true)) read_iptc(view_.part(f.at, f.size), out_);
        break;
      case 0x8769:
        directory(view_.u32(f.at), Kind::exif);
        break;
      case 0x8825:
        directory(view_.u32(f.at), Kind::gps);
        break;
      case 0x9003:
        Picture::keep(time(text(f)), &out_->taken);
        break;
      case 0x9011:
        offset_ = text(f);
        if (offset_.size() != 6) offset_.clear();
        break;
      case 0x9286:
        out_->add("comment", comment(f));
        break;
      case 0x9C9B:
        Picture::keep(wide(f), &out_->title);
        break;
      case 0x9C9C:
        out_->add("comment", wide(f));
        break;
      case 0x9C9D:
        Picture::keep(wide(f), &out_->author);
        break;
      case 0x9C9E: {
        const std::string all = wide(f);
        for (size_t at = 0; at < all.size();) {
          const size_t end = std::min(all.find(';', at), all.size());
          const std::string_view one = base::trimmed(std::string_view(all).substr(at, end - at));
          if (!one.empty() && out_->keywords.size() < kMaxFields) out_->keywords.emplace_back(one);
          at = end + 1;
        }
        break;
      }
      case 0x9C9F:
        Picture::keep(wide(f), &out_->description);
        break;
      default:
        break;
    }
  }

  ByteView view_;
  Picture* out_;
  std::set<uint32_t> seen_;
  std::string make_, offset_;
  size_t room_ = kMaxNamedBytes;     // for texts
  bool xmp_ = false, iptc_ = false;  // were there
};

}  // namespace

void read_exif(std::string_view tiff, Picture* out) { Exif(tiff, out).run(); }

}  // namespace tarn::document::image
