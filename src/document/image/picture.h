// What a picture's file says of it, without its pixels: size, when and where it was taken, by what, and its words.
// Shape:   JPEG, PNG, GIF, WebP, TIFF, and HEIC and AVIF, of which the size only is read. Each is gone through once,
//          segment by segment; offsets within TIFF are followed within the file only.
// Limits:  kMaxFields of a directory, kMaxDirectories, kMaxWordsBytes of one text, kMaxSegments of a file; of all that
//          a block of Exif names, and of all that is unpacked, kMaxNamedBytes; kMaxFields other texts of kMaxNamedBytes
//          together. What is over them is left out.
// Errors:  none: what is damaged ends the reading there, and `damaged` says what it was.
// Source:  ITU-T T.81, PNG (W3C), GIF89a, WebP container, TIFF 6.0, Exif 2.32, XMP, IPTC-IIM 4.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace tarn::document::image {

inline constexpr size_t kMaxFields = 500, kMaxDirectories = 8, kMaxWordsBytes = size_t{256} << 10,
                        kMaxSegments = 10'000, kMaxNamedBytes = size_t{8} << 20;

struct Picture {
  std::string format;
  uint32_t width = 0, height = 0;                                              // as stored; `orientation` may turn it
  int orientation = 1;                                                         // Exif's 1 to 8
  std::string title, description, author, camera, software, copyright, taken;  // "2024-05-01T10:00:00+02:00"
  std::vector<std::string> keywords;
  std::vector<std::pair<std::string, std::string>> words;  // other texts with their names
  std::optional<double> latitude, longitude;
  std::string damaged;

  // Of other texts, those for which there is room.
  void add(std::string_view name, std::string_view text);
  // What was read first stays.
  static void keep(std::string_view value, std::string* into) {
    if (into->empty()) *into = base::trimmed(value);
  }

 private:
  size_t words_bytes_ = 0;
};

Picture look_at(std::string_view bytes);

// What the blocks within a file say; what the picture has already stays.
void read_exif(std::string_view tiff, Picture* out);
void read_xmp(std::string_view packet, Picture* out);
void read_iptc(std::string_view records, Picture* out);

}  // namespace tarn::document::image
