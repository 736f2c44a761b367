#include "document/image/picture.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/archive/inflate.h"
#include "document/image/byte_view.h"

namespace tarn::document::image {
namespace {

using base::Status;

void add_words(std::string_view name, std::string_view bytes, std::string_view charset, Picture* out) {
  std::string words = decoded(bytes.substr(0, kMaxWordsBytes), charset);
  std::replace(words.begin(), words.end(), '\0', ' ');
  const std::string key = base::lower(name);
  if (key == "title") return Picture::keep(words, &out->title);
  if (key == "description") return Picture::keep(words, &out->description);
  if (key == "author") return Picture::keep(words, &out->author);
  if (key == "copyright") return Picture::keep(words, &out->copyright);
  if (key == "software") return Picture::keep(words, &out->software);
  if (key == "creation time") return Picture::keep(words, &out->taken);
  out->add(name, words);
}

void jpeg(std::string_view bytes, Picture* out) {
  out->format = "JPEG";
  const ByteView view{bytes, true};
  bool exif = false;  // it was there: a file has one
  size_t at = 2;
  for (size_t n = 0; n < kMaxSegments; ++n) {
    while (view.has(at, 2) && bytes[at] == '\xFF' && bytes[at + 1] == '\xFF') ++at;
    if (!view.has(at, 4) || bytes[at] != '\xFF') {
      if (out->width == 0) out->damaged = "its segments are cut";
      return;
    }
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (marker == 0xD9 || marker == 0xDA) return;  // the pixels
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;
      continue;
    }
    const size_t size = view.u16(at + 2);
    if (size < 2 || !view.has(at + 2, size)) {
      out->damaged = "its segments are cut";
      return;
    }
    const std::string_view body = view.part(at + 4, size - 2);
    at += 2 + size;
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && body.size() >= 5 && out->width == 0) {
      const ByteView inner{body, true};
      out->height = inner.u16(1);
      out->width = inner.u16(3);
    }
    if (marker == 0xE1 && body.starts_with(std::string_view("Exif\0\0", 6)) && !std::exchange(exif, true)) {
      // The size that is stored in it is the thumbnail's, or right anyway.
      Picture sized = std::move(*out);
      const uint32_t width = std::exchange(sized.width, 1), height = std::exchange(sized.height, 1);
      read_exif(body.substr(6), &sized);
      sized.width = width;
      sized.height = height;
      *out = std::move(sized);
    }
    if (marker == 0xE1 && body.starts_with("http://ns.adobe.com/xap/1.0/")) read_xmp(body, out);
    if (marker == 0xED && body.starts_with("Photoshop 3.0")) {
      // Blocks "8BIM": a number, a name, the bytes; 0x0404 is IPTC.
      const ByteView inner{body, true};
      for (size_t p = 14; inner.has(p, 12) && body.substr(p).starts_with("8BIM");) {
        const uint32_t id = inner.u16(p + 4);
        const size_t name = static_cast<unsigned char>(body[p + 6]);
        const size_t data = p + 6 + ((name + 2) & ~size_t{1});
        if (!inner.has(data, 4)) break;
        const size_t length = inner.u32(data);
        if (!inner.has(data + 4, length)) break;
        if (id == 0x0404) read_iptc(inner.part(data + 4, length), out);
        p = data + 4 + ((length + 1) & ~size_t{1});
      }
    }
    if (marker == 0xFE) add_words("comment", body, "", out);
  }
}

// `room` is what all of them together may still take.
std::string unpacked(std::string_view zlib, size_t* room) {
  if (zlib.size() < 2 || *room == 0) return {};
  std::string out;
  Inflate inflate(Inflate::Form::raw);
  // What is over the limit, or damaged, ends it; what came before counts.
  (void)inflate.read(zlib.substr(2), [&](std::string_view piece) {
    out += piece;
    return out.size() > kMaxWordsBytes ? Status(base::Code::exhausted, "long") : Status();
  });
  *room -= std::min(*room, out.size());
  return out;
}

void png(std::string_view bytes, Picture* out) {
  out->format = "PNG";
  const ByteView view{bytes, true};
  size_t room = kMaxNamedBytes;
  bool exif = false;
  size_t at = 8;
  for (size_t n = 0; n < kMaxSegments; ++n) {
    if (!view.has(at, 12) || view.u32(at) > bytes.size() - at - 12) {
      out->damaged = "its chunks are cut";
      return;
    }
    const size_t size = view.u32(at);
    const std::string_view type = view.part(at + 4, 4), body = view.part(at + 8, size);
    at += 12 + size;
    if (type == "IEND") return;
    const ByteView inner{body, true};
    if (type == "IHDR") {
      out->width = inner.u32(0);
      out->height = inner.u32(4);
    }
    if (type == "eXIf" && !std::exchange(exif, true)) read_exif(body, out);
    const size_t name = body.find('\0');
    if (name == std::string_view::npos || name == 0 || name > 79) continue;
    const std::string_view key = body.substr(0, name);
    if (type == "tEXt") add_words(key, body.substr(name + 1), "windows-1252", out);
    if (type == "zTXt" && body.size() > name + 2) {
      add_words(key, unpacked(body.substr(name + 2), &room), "windows-1252", out);
    }
    if (type == "iTXt" && body.size() > name + 3) {
      const bool packed = body[name + 1] == 1;
      const size_t language = body.find('\0', name + 3);
      const size_t translated = language == std::string_view::npos ? language : body.find('\0', language + 1);
      if (translated == std::string_view::npos) continue;
      const std::string_view rest = body.substr(translated + 1);
      const std::string words = packed ? unpacked(rest, &room) : std::string(rest.substr(0, kMaxWordsBytes));
      if (key == "XML:com.adobe.xmp") {
        read_xmp(words, out);
      } else {
        add_words(key, words, "utf-8", out);
      }
    }
  }
}

void gif(std::string_view bytes, Picture* out) {
  out->format = "GIF";
  const ByteView view{bytes, false};
  out->width = view.u16(6);
  out->height = view.u16(8);
  const auto colours = [&](size_t flags_at) -> size_t {
    const auto flags = static_cast<unsigned char>(view.number(flags_at, 1));
    return flags & 0x80 ? size_t{3} << ((flags & 7) + 1) : 0;
  };
  size_t at = 13 + colours(10);
  const auto blocks = [&](std::string* into) {
    while (view.has(at, 1) && bytes[at] != 0) {
      const size_t size = static_cast<unsigned char>(bytes[at]);
      if (into && into->size() < kMaxWordsBytes) *into += view.part(at + 1, size);
      at += 1 + size;
    }
    ++at;
  };
  for (size_t n = 0; n < kMaxSegments && view.has(at, 2); ++n) {
    if (bytes[at] == '\x21') {
      const bool comment = bytes[at + 1] == '\xFE';
      at += 2;
      std::string words;
      blocks(comment ? &words : nullptr);
      if (comment) add_words("comment", words, "", out);
    } else if (bytes[at] == '\x2C') {
      at += 10 + colours(at + 9) + 1;
      blocks(nullptr);
    } else {
      return;
    }
  }
}

void webp(std::string_view bytes, Picture* out) {
  out->format = "WebP";
  const ByteView view{bytes, false};
  bool exif = false;
  size_t at = 12;
  for (size_t n = 0; n < kMaxSegments && view.has(at, 8); ++n) {
    const std::string_view type = view.part(at, 4);
    const size_t size = view.u32(at + 4);
    const std::string_view body = view.part(at + 8, size);
    if (body.size() < size) {
      out->damaged = "its chunks are cut";
      return;
    }
    const ByteView inner{body, false};
    if (type == "VP8X" && size >= 10) {
      out->width = static_cast<uint32_t>(inner.number(4, 3)) + 1;
      out->height = static_cast<uint32_t>(inner.number(7, 3)) + 1;
    } else if (type == "VP8 " && size >= 10 && out->width == 0) {
      out->width = inner.u16(6) & 0x3FFF;
      out->height = inner.u16(8) & 0x3FFF;
    } else if (type == "VP8L" && size >= 5 && out->width == 0) {
      const uint32_t bits = inner.u32(1);
      out->width = (bits & 0x3FFF) + 1;
      out->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (type == "EXIF" && !std::exchange(exif, true)) {
      read_exif(body.starts_with("Exif") ? body.substr(std::min<size_t>(6, body.size())) : body, out);
    } else if (type == "XMP ") {
      read_xmp(body, out);
    }
    at += 8 + size + (size & 1);
  }
}

// The largest size that a box "ispe" tells: that of the whole picture, whose tiles and thumbnail are smaller.
void heif(std::string_view bytes, Picture* out) {
  out->format = ByteView{bytes, true}.part(8, 4).starts_with("avi") ? "AVIF" : "HEIC";
  const std::string_view head = bytes.substr(0, size_t{1} << 20);
  const ByteView view{head, true};
  for (size_t at = head.find("ispe"), n = 0; at != std::string_view::npos && n < kMaxSegments;
       at = head.find("ispe", at + 4), ++n) {
    const uint32_t width = view.u32(at + 8), height = view.u32(at + 12);
    if (uint64_t{width} * height > uint64_t{out->width} * out->height && width < 1'000'000 && height < 1'000'000) {
      out->width = width;
      out->height = height;
    }
  }
}

}  // namespace

void Picture::add(std::string_view name, std::string_view text) {
  text = base::trimmed(text);
  if (text.empty() || words.size() >= kMaxFields || text.size() > kMaxNamedBytes - words_bytes_) return;
  words_bytes_ += text.size();
  words.emplace_back(std::string(name), std::string(text));
}

Picture look_at(std::string_view bytes) {
  Picture out;
  const ByteView view{bytes, true};
  if (bytes.starts_with("\xFF\xD8\xFF")) {
    jpeg(bytes, &out);
  } else if (bytes.starts_with("\x89PNG\r\n\x1A\n")) {
    png(bytes, &out);
  } else if (bytes.starts_with("GIF8")) {
    gif(bytes, &out);
  } else if (bytes.starts_with("RIFF") && view.part(8, 4) == "WEBP") {
    webp(bytes, &out);
  } else if (bytes.starts_with(std::string_view("II*\0", 4)) || bytes.starts_with(std::string_view("MM\0*", 4))) {
    out.format = "TIFF";
    read_exif(bytes, &out);
  } else if (view.part(4, 4) == "ftyp") {
    heif(bytes, &out);
  }
  return out;
}

}  // namespace tarn::document::image
