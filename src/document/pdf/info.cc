#include "document/pdf/info.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "document/entities.h"
#include "document/read.h"

namespace tarn::document::pdf {

using base::is_digit;

namespace {

constexpr size_t kMaxOutline = 20'000;
constexpr int kMaxOutlineDepth = 30;
constexpr size_t kMaxXmpBytes = 1 << 20;
constexpr size_t kMaxPackets = 100;      // that are looked at
constexpr size_t kXmpHeadBytes = 2'048;  // before a packet, in which its stream begins
constexpr unsigned long kMaxInfoBytes = 100'000;
constexpr size_t kMaxKeywords = 100;

// What programs put there instead of a title.
bool is_no_title(std::string_view title) {
  const std::string lower = base::lower(title);
  if (lower.size() < 2 || lower.starts_with("microsoft word - ") || lower.starts_with("microsoft powerpoint - ") ||
      lower.starts_with("untitled") || lower.starts_with("powerpoint presentation") || lower == "title" ||
      lower == "document" || lower == "(anonymous)" || lower == "unspecified" || lower.starts_with("file:") ||
      lower.starts_with("about:blank")) {
    return true;
  }
  for (const std::string_view end : {".doc", ".docx", ".pdf", ".dvi", ".tex", ".qxd", ".indd", ".ppt", ".pptx", ".xls",
                                     ".xlsx", ".ps", ".odt", ".rtf", ".p65", ".fm", ".ai", ".tif", ".eps"}) {
    if (lower.ends_with(end)) return true;
  }
  return false;
}

// What a program writes where nobody said anything.
bool is_placeholder(std::string_view value) {
  for (const std::string_view word :
       {"(anonymous)", "anonymous", "(unspecified)", "unspecified", "(untitled)", "untitled", "unknown"}) {
    if (value == word) return true;
  }
  return false;
}

// The text of an element of the packet, or of the first item of the list in it; "" where there is none.
std::string xmp_field(std::string_view packet, const std::string& name) {
  size_t at = packet.find("<" + name);
  while (at != std::string_view::npos && at + 1 + name.size() < packet.size() &&
         std::string_view(" >\n\r\t").find(packet[at + 1 + name.size()]) == std::string_view::npos) {
    at = packet.find("<" + name, at + 1);
  }
  if (at == std::string_view::npos) {
    at = packet.find(" " + name + "=\"");  // written as an attribute
    if (at == std::string_view::npos) return {};
    at += name.size() + 3;
    const size_t end = packet.find('"', at);
    return end == std::string_view::npos ? std::string()
                                         : std::string(base::trimmed(unescape_entities(packet.substr(at, end - at))));
  }
  const size_t end = packet.find("</" + name + ">", at);
  size_t from = packet.find('>', at);
  if (end == std::string_view::npos || from == std::string_view::npos || from > end) return {};
  std::string_view inner = packet.substr(from + 1, end - from - 1);
  if (const size_t item = inner.find("<rdf:li"); item != std::string_view::npos) {
    const size_t open = inner.find('>', item), close = inner.find("</rdf:li>", item);
    if (open == std::string_view::npos || close == std::string_view::npos || open > close) return {};
    inner = inner.substr(open + 1, close - open - 1);
  }
  return inner.find('<') == std::string_view::npos ? std::string(base::trimmed(unescape_entities(inner)))
                                                   : std::string();
}

// One line: each run of blanks and controls is a blank.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  return std::string(base::trimmed(out));
}

// The file's own XMP packet, uncompressed: the last one in a stream of metadata. Those within pictures are theirs.
std::string_view metadata_packet(std::string_view bytes) {
  size_t at = bytes.rfind("<x:xmpmeta");
  for (size_t tried = 0; at != std::string_view::npos && tried < kMaxPackets; ++tried) {
    const size_t from = at - std::min(at, kXmpHeadBytes);
    const std::string_view before = bytes.substr(from, at - from);
    const size_t stream = before.rfind("stream"), dictionary = before.substr(0, stream).rfind("obj");
    if (stream != std::string_view::npos && dictionary != std::string_view::npos) {
      const std::string_view keys = before.substr(dictionary, stream - dictionary);
      const size_t type = keys.find("/Metadata"), end = bytes.find("</x:xmpmeta>", at);
      if (type != std::string_view::npos && base::trimmed(keys.substr(0, type)).ends_with("/Type") &&
          end != std::string_view::npos && end - at < kMaxXmpBytes) {
        return bytes.substr(at, end - at);
      }
    }
    if (at == 0) break;
    at = bytes.rfind("<x:xmpmeta", at - 1);
  }
  return {};
}

}  // namespace

std::optional<int64_t> pdf_time(std::string_view text) {
  if (text.starts_with("D:")) text.remove_prefix(2);
  const size_t digits =
      std::min(text.size(), static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
  if (digits < 4) return stated_time(text);
  if (digits < text.size() && text[digits] == '-' && digits == 4) return stated_time(text);
  const auto part = [&](size_t at, const char* fallback) {
    return at + 2 <= digits ? std::string(text.substr(at, 2)) : std::string(fallback);
  };
  std::string out = std::string(text.substr(0, 4)) + "-" + part(4, "01") + "-" + part(6, "01") + "T" + part(8, "00") +
                    ":" + part(10, "00") + ":" + part(12, "00");
  std::string_view zone = text.substr(digits);
  if (zone.size() >= 3 && (zone[0] == '+' || zone[0] == '-') && is_digit(zone[1]) && is_digit(zone[2])) {
    out += std::string(zone.substr(0, 3)) + ":";
    const size_t minutes = zone.size() >= 6 && zone[3] == '\'' ? 4 : 3;
    out += zone.size() >= minutes + 2 && is_digit(zone[minutes]) && is_digit(zone[minutes + 1])
               ? std::string(zone.substr(minutes, 2))
               : "00";
  } else {
    out += "Z";
  }
  return stated_time(out);
}

void read_info(const Pdfium& f, FpdfDocument* handle, std::string_view bytes, Document* document) {
  const auto meta = [&](const char* key) {
    return one_line(text_of([&](void* to, unsigned long size) { return f.FPDF_GetMetaText(handle, key, to, size); },
                            kMaxInfoBytes));
  };
  std::optional<std::string_view> packet;
  const auto field = [&](const char* key, const char* xmp) {
    std::string value = meta(key);
    if (value.empty()) {
      if (!packet) packet = metadata_packet(bytes);
      value = one_line(xmp_field(*packet, xmp));
    }
    return is_utf8(value) && !is_placeholder(value) ? value : std::string();
  };
  std::string title = field("Title", "dc:title");
  if (!title.empty() && is_no_title(title)) {
    document->extra.set("stated_title", title);
    title.clear();
  }
  document->title = title_line(title);
  document->author = field("Author", "dc:creator");
  document->created_at_us = pdf_time(field("CreationDate", "xmp:CreateDate"));
  document->updated_at_us = pdf_time(field("ModDate", "xmp:ModifyDate"));
  if (std::string subject = field("Subject", "dc:description"); !subject.empty()) {
    document->extra.set("subject", std::move(subject));
  }
  if (std::string creator = field("Creator", "xmp:CreatorTool"); !creator.empty()) {
    document->extra.set("creator", std::move(creator));
  }
  if (std::string producer = field("Producer", "pdf:Producer"); !producer.empty()) {
    document->extra.set("producer", std::move(producer));
  }
  const std::string keywords = field("Keywords", "pdf:Keywords");
  const char parting = keywords.find(';') != std::string::npos ? ';' : ',';
  for (size_t at = 0; at < keywords.size() && document->labels.size() < kMaxKeywords;) {
    const size_t end = std::min(keywords.find(parting, at), keywords.size());
    if (const auto word = base::trimmed(std::string_view(keywords).substr(at, end - at)); !word.empty()) {
      document->labels.emplace_back(word);
    }
    at = end + 1;
  }
}

std::vector<OutlineEntry> read_outline(const Pdfium& f, FpdfDocument* handle, const std::vector<FilePage>& pages) {
  std::vector<OutlineEntry> out;
  std::set<const FpdfBookmark*> seen;  // an outline may bite its tail
  const auto walk = [&](auto& self, FpdfBookmark* parent, int level) -> void {
    for (FpdfBookmark* b = f.FPDFBookmark_GetFirstChild(handle, parent); b;
         b = f.FPDFBookmark_GetNextSibling(handle, b)) {
      if (out.size() >= kMaxOutline || level > kMaxOutlineDepth || !seen.insert(b).second) return;
      OutlineEntry entry;
      entry.title = base::trimmed(
          text_of([&](void* to, unsigned long size) { return f.FPDFBookmark_GetTitle(b, to, size); }, kMaxNameBytes));
      entry.level = level;
      FpdfDest* dest = f.FPDFBookmark_GetDest(handle, b);
      if (!dest) {
        if (FpdfAction* action = f.FPDFBookmark_GetAction(b)) dest = f.FPDFAction_GetDest(handle, action);
      }
      entry.page = dest ? f.FPDFDest_GetDestPageIndex(handle, dest) : -1;
      int has_x = 0, has_y = 0, has_zoom = 0;
      float x = 0, y = 0, zoom = 0;
      if (entry.page >= 0 && static_cast<size_t>(entry.page) < pages.size() &&
          f.FPDFDest_GetLocationInPage(dest, &has_x, &has_y, &has_zoom, &x, &y, &zoom) && has_y) {
        entry.y = pages[static_cast<size_t>(entry.page)].height - y;
      }
      out.push_back(std::move(entry));
      self(self, b, level + 1);
    }
  };
  walk(walk, nullptr, 1);
  return out;
}

}  // namespace tarn::document::pdf
