// A picture as a document: the words that its file holds as text, all else in `extra.picture`.
// Shape:   a picture without words has no text, and is found by SQL only: an icon that a search finds by its name alone
//          is in nobody's way then.
#include "document/image/image.h"

#include "base/ascii.h"
#include "document/image/picture.h"
#include "document/markdown/inline_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;
using json::Value;

void paragraph(std::string_view name, std::string_view words, Document* d) {
  if (base::trimmed(words).empty()) return;
  InlineText text;
  if (!name.empty()) text.add_text(std::string(name) + ": ");
  text.add_text(words);
  if (!d->body.empty()) d->body += '\n';
  d->body += text.take() + "\n";
}

}  // namespace

bool is_image(std::string_view head) {
  if (head.starts_with("\xFF\xD8\xFF") || head.starts_with("\x89PNG\r\n\x1A\n") || head.starts_with("GIF87a") ||
      head.starts_with("GIF89a") ||
      (head.starts_with("RIFF") && head.substr(std::min<size_t>(8, head.size()), 4) == "WEBP") ||
      head.starts_with(std::string_view("II*\0", 4)) || head.starts_with(std::string_view("MM\0*", 4))) {
    return true;
  }
  if (head.size() < 12 || head.substr(4, 4) != "ftyp") return false;
  for (const std::string_view brand : {"heic", "heix", "mif1", "avif"}) {
    if (head.substr(8, 4) == brand) return true;
  }
  return false;
}

Status read_image(const Input& input, const Sink& sink) {
  const image::Picture p = image::look_at(input.bytes);
  Document d;
  d.extra = Value::object();
  if (!p.format.empty()) d.mime = "image/" + base::lower(p.format);
  d.title = title_line(p.title);
  d.author = title_line(p.author);
  d.created_at_us = stated_time(p.taken);
  for (const std::string& word : p.keywords) d.labels.push_back(title_line(word));
  std::string keywords;
  for (const std::string& word : d.labels) keywords += (keywords.empty() ? "" : ", ") + word;
  paragraph("", p.title, &d);
  if (p.description != p.title) paragraph("", p.description, &d);
  for (const auto& [name, words] : p.words) {
    if (words != p.description && words != p.title) paragraph(name, words, &d);
  }
  paragraph("Keywords", keywords, &d);
  Value about = Value::object();
  if (!p.format.empty()) about.set("format", p.format);
  if (p.width > 0 && p.height > 0) {
    const bool turned = p.orientation >= 5;  // as it is seen
    about.set("width", turned ? p.height : p.width);
    about.set("height", turned ? p.width : p.height);
  }
  if (p.orientation != 1) about.set("orientation", p.orientation);
  if (!p.taken.empty()) about.set("taken", p.taken);
  if (!p.camera.empty()) about.set("camera", p.camera);
  if (!p.software.empty()) about.set("software", p.software);
  if (!p.copyright.empty()) about.set("copyright", p.copyright);
  if (p.latitude && p.longitude) {
    about.set("latitude", *p.latitude);
    about.set("longitude", *p.longitude);
  }
  d.extra.set("picture", std::move(about));
  if (p.format.empty()) d.extra.set("damaged", "its first bytes are those of no picture that is known");
  if (!p.damaged.empty()) d.extra.set("damaged", p.damaged);
  return sink(std::move(d));
}

}  // namespace tarn::document
