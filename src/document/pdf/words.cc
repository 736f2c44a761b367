#include "document/pdf/words.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/pdf/layout.h"
#include "document/pdf/right_to_left.h"
#include "text/unicode.h"

namespace tarn::document::pdf {
namespace {

constexpr float kSlope = 4;            // degrees off the upright that are still upright (a scan that lies askew)
constexpr float kMostTracking = 0.5f;  // of the type size
constexpr size_t kMaxFrames = 24;
constexpr int kFixedPitch = 1, kForceBold = 1 << 18;
constexpr int kFillAndStroke = 2;  // text drawn so is bolder

struct Style {
  float size = 0;
  int angle = 0;  // degrees clockwise as seen
  bool bold = false, mono = false;
  int heading = 0;
};

struct Face {
  bool bold = false, mono = false;
};

// Says how letters join, or which way they run; draws nothing.
bool is_format(char32_t c) {
  return (c >= 0x200C && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069);
}

bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// What a glyph says: ligatures are letters, the bullets of symbol fonts bullets, and their other signs ASCII.
void append_character(char32_t c, std::string* out) {
  static constexpr const char* kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  if (c >= 0xFB00 && c <= 0xFB06) {
    *out += kLigatures[c - 0xFB00];
  } else if (c == 0xF0B7 || c == 0xF0A7 || c == 0xF076 || c == 0xF0D8 || c == 0xF0A8 || c == 0xF06E) {
    *out += "•";
  } else if (c >= 0xF020 && c < 0xF07F) {
    out->push_back(static_cast<char>(c - 0xF000));  // a symbol font's own place for ASCII
  } else {
    base::append_utf8(c, out);
  }
}

// The mark that an accent drawn for itself is over or below a letter; 0 for what is none.
char32_t mark_of(char32_t accent) {
  static constexpr std::pair<char32_t, char32_t> kMarks[] = {
      {'`', 0x300},   {0xB4, 0x301},  {'^', 0x302},   {0x2C6, 0x302}, {'~', 0x303},
      {0x2DC, 0x303}, {0xAF, 0x304},  {0x2D8, 0x306}, {0x2D9, 0x307}, {0xA8, 0x308},
      {0x2DA, 0x30A}, {0x2DD, 0x30B}, {0x2C7, 0x30C}, {0xB8, 0x327},  {0x2DB, 0x328}};
  const auto found =
      std::find_if(std::begin(kMarks), std::end(kMarks), [&](const auto& m) { return m.first == accent; });
  return found == std::end(kMarks) ? 0 : found->second;
}

bool takes_marks(char32_t c) {
  return (c < 0x80 && base::is_letter(static_cast<char>(c))) || (c >= 0xC0 && c < 0x590 && mark_of(c) == 0);
}

Face face_of(const Pdfium& f, FpdfFont* font) {
  Face face;
  char name[128] = {};
  const size_t size = f.FPDFFont_GetBaseFontName(font, name, sizeof name);
  const std::string lower = base::lower(std::string_view(name, size > 0 && size <= sizeof name ? size - 1 : 0));
  const auto has = [&](const char* part) { return lower.find(part) != std::string::npos; };
  const int flags = f.FPDFFont_GetFlags(font);
  face.bold = (flags > 0 && (flags & kForceBold) != 0) || has("bold") || has("black") || has("heavy") || has("demi") ||
              lower.starts_with("cmbx") || has("+cmbx") || has("-bd") || lower.ends_with("-medi") || has("ptmb");
  face.mono = (flags > 0 && (flags & kFixedPitch) != 0) || has("courier") || has("mono") || has("consol") ||
              has("+cmtt") || lower.starts_with("cmtt") || has("typewriter");
  return face;
}

// Turns by `angle` degrees, so that text of that direction becomes upright.
struct Turn {
  explicit Turn(int angle) {
    const float radians = static_cast<float>(angle) * static_cast<float>(M_PI) / 180;
    cosine = angle % 180 == 90 || angle % 180 == -90 ? 0 : std::cos(radians);
    sine = angle % 180 == 0 ? 0 : std::sin(radians);
  }
  void operator()(float* x, float* y) const {
    const float turned = *x * cosine + *y * sine;
    *y = -*x * sine + *y * cosine;
    *x = turned;
  }
  float cosine, sine;
};

class Words {
 public:
  Words(const Pdfium& f, FpdfTextPage* text, const Place& place, const std::map<int, int>& headings, Page* page)
      : f_(f), text_(text), place_(place), headings_(headings), page_(page) {}

  void load() {
    int count = f_.FPDFText_CountChars(text_);
    if (count > kMaxPageGlyphs) {
      count = kMaxPageGlyphs;
      page_->cut = true;
    }
    frame_of(0);
    drawn_.reserve(static_cast<size_t>(std::max(0, count)));
    FpdfObject* object = nullptr;
    for (int i = 0; i < count; ++i) {
      char32_t c = f_.FPDFText_GetUnicode(text_, i);
      if (f_.FPDFText_IsGenerated(text_, i) == 1) {
        if (c == ' ' || c == '\n' || c == '\r') suggested_ = true;
        continue;
      }
      if (FpdfObject* now = f_.FPDFText_GetTextObject(text_, i); now != object) {
        object = now;
        end_object();
        begin_object(object, i);
      }
      if (c >= 0xD800 && c < 0xDC00 && i + 1 < count) {
        const char32_t low = f_.FPDFText_GetUnicode(text_, i + 1);
        if (low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
          glyph(i++, c);
          continue;
        }
      }
      glyph(i, c);
    }
    end_object();
    end_word();
    for (auto& [frame, glyphs] : backward_) {
      std::vector<Word> words = backward_words(std::move(glyphs));
      std::move(words.begin(), words.end(), std::back_inserter(page_->frames[frame].words));
    }
    std::erase_if(page_->frames,
                  [this](const Frame& frame) { return frame.words.empty() && &frame != &page_->frames[0]; });
  }

 private:
  struct Glyph {
    char32_t c;
    size_t frame;
    float x0, x1, y, size;
    bool spaced, suggested;  // a blank before it; where PDFium only takes the gap for one
  };

  size_t frame_of(int angle) {
    const auto known = frames_.find(angle);
    if (known != frames_.end()) return known->second;
    if (page_->frames.size() >= kMaxFrames) return 0;
    page_->frames.push_back({angle, {}});
    turns_.emplace_back(angle);
    return frames_[angle] = page_->frames.size() - 1;
  }

  void begin_object(FpdfObject* object, int at) {
    style_ = {};
    FpdfMatrix m{1, 0, 0, 1, 0, 0};
    f_.FPDFText_GetMatrix(text_, at, &m);
    const auto font_size = static_cast<float>(f_.FPDFText_GetFontSize(text_, at));
    style_.size = std::abs(font_size) * std::hypot(m.c, m.d);
    float x, y;
    place_.direction(m.a, m.b, &x, &y);
    if (font_size < 0) x = -x, y = -y;
    float angle = (x == 0 && y == 0) || !std::isfinite(x) || !std::isfinite(y)
                      ? 0
                      : std::atan2(y, x) * 180 / static_cast<float>(M_PI);
    const float quarter = std::round(angle / 90) * 90;
    if (std::abs(angle - quarter) <= kSlope) angle = quarter;
    style_.angle = static_cast<int>(std::lround(angle));
    if (style_.angle == -180) style_.angle = 180;
    if (object == nullptr) return;
    if (FpdfFont* font = f_.FPDFTextObj_GetFont(object)) {
      const auto [face, fresh] = faces_.try_emplace(font);
      if (fresh) face->second = face_of(f_, font);
      style_.bold = face->second.bold || f_.FPDFTextObj_GetTextRenderMode(object) == kFillAndStroke;
      style_.mono = face->second.mono;
    }
    if (!headings_.empty()) {
      const auto level = headings_.find(f_.FPDFPageObj_GetMarkedContentID(object));
      if (level != headings_.end()) style_.heading = level->second;
    }
  }

  void glyph(int i, char32_t c) {
    if (is_format(c)) return;
    if (is_space(c)) {
      spaced_ = true;
      return;
    }
    ++page_->glyphs;
    if (c == 0x02 || c == 0xFFFE) c = '-';  // PDFium's sign for a hyphen at a line's end
    const bool nothing = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFF || c == 0xFEFF ||
                         (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF;
    if (nothing || f_.FPDFText_HasUnicodeMapError(text_, i) == 1) {
      ++page_->unmapped;
      if (nothing) return;
      if (c >= 0x100) c = 0xFFFD;  // a glyph's number is no character; a byte's often is
    } else if (c == 0xFFFD || (c >= 0xE000 && c < 0xF000)) {
      ++page_->unmapped;
    }
    double origin_x = 0, origin_y = 0;
    FpdfRect loose{};
    if (!f_.FPDFText_GetCharOrigin(text_, i, &origin_x, &origin_y)) return;
    f_.FPDFText_GetLooseCharBox(text_, i, &loose);
    const Box box = place_.box(loose);
    float x, y;
    place_.point(static_cast<float>(origin_x), static_cast<float>(origin_y), &x, &y);
    if (!is_somewhere(x) || !is_somewhere(y)) return;
    // What lies off the page is not seen.
    if (x < -5 || y < -5 || x > page_->width + 5 || y > page_->height + 5) {
      ++page_->clipped;
      return;
    }
    const size_t frame = frame_of(style_.angle);
    const Turn& turn = turns_[frame];
    float size = style_.size;
    if (!(size > 0.5f && size < 3000)) size = std::max(1.0f, std::min(box.y1 - box.y0, 3000.0f));
    float x0, x1;
    if (style_.angle == 0 && is_somewhere(box)) {
      x0 = box.x0, x1 = box.x1;
    } else if (style_.angle % 90 == 0 && is_somewhere(box)) {
      float ax = box.x0, ay = box.y0, bx = box.x1, by = box.y1;
      turn(&ax, &ay);
      turn(&bx, &by);
      x0 = std::min(ax, bx), x1 = std::max(ax, bx);
    } else {
      float ax = x, ay = y;
      turn(&ax, &ay);
      x0 = ax, x1 = ax + size * (is_unspaced(c) ? 1 : 0.5f);
    }
    turn(&x, &y);
    const float origin = x;
    if (is_drawn(c, x, y, size)) return;
    if (!(x1 - x0 < 20 * size)) x1 = x0 + size;
    if (x1 <= x0) x1 = x0 + size * 0.3f;
    if (is_right_to_left(c)) {
      Word word;
      word.x0 = x0, word.x1 = x1, word.y = y, word.size = size;
      word.bold = style_.bold, word.mono = style_.mono, word.heading = static_cast<int16_t>(style_.heading);
      backward_[frame].push_back({c, origin, std::move(word)});
      spaced_ = true;  // what follows is another word
      return;
    }
    glyphs_.push_back({c, frame, x0, x1, y, size, std::exchange(spaced_, false), std::exchange(suggested_, false)});
  }

  // Whether another object has drawn the character there already: what is drawn twice is seen once. A form that draws
  // itself is drawn many times.
  bool is_drawn(char32_t c, float x, float y, float size) {
    const auto step = [size](float place) { return static_cast<uint64_t>(std::lround(place / size * 50)) & 0x1FFFFF; };
    const auto [known, fresh] = drawn_.try_emplace(uint64_t{c} << 42 | step(x) << 21 | step(y), object_);
    return !fresh && known->second != object_;
  }

  // Letters set apart evenly, as in much of what OCR writes, are no words of one letter.
  void end_object() {
    gaps_.clear();
    for (size_t i = 1; i < glyphs_.size(); ++i) {
      if (!glyphs_[i].spaced) gaps_.push_back(glyphs_[i].x0 - glyphs_[i - 1].x1);
    }
    if (gaps_.size() > 2) {
      const auto middle = gaps_.begin() + static_cast<std::ptrdiff_t>(gaps_.size() / 2);
      std::nth_element(gaps_.begin(), middle, gaps_.end());
      tracking_ = *middle > 0 && *middle < kMostTracking * glyphs_[0].size ? *middle : 0;
    } else if (!glyphs_.empty() && (!open_ || std::abs(word_.y - glyphs_[0].y) > 0.1f * glyphs_[0].size)) {
      tracking_ = 0;
    }
    ++object_;
    for (const Glyph& g : glyphs_) add(g);
    glyphs_.clear();
  }

  // An accent and its letter, drawn over each other in either order, are one character: TeX's older fonts write so.
  bool is_composed(const Glyph& g) {
    const bool before = mark_of(last_) != 0 && takes_marks(g.c), behind = mark_of(g.c) != 0 && takes_marks(last_);
    if (!open_ || g.frame != frame_ || g.spaced || before == behind) return false;
    const float accent = before ? (last_x0_ + last_x1_) / 2 : (g.x0 + g.x1) / 2;
    const float from = before ? g.x0 : last_x0_, to = before ? g.x1 : last_x1_, over = before ? 0.1f * g.size : 0;
    if (accent < from - over || accent > to + over || std::abs(g.y - word_.y) > 0.5f * g.size) return false;
    size_t end = word_.text.size();
    while (end > 0 && base::is_continuation(word_.text[--end])) {
    }
    word_.text.resize(end);
    char32_t letter = before ? g.c : last_;
    if (letter == 0x131 || letter == 0x237) letter = letter == 0x131 ? 'i' : 'j';  // without their dots
    std::string both;
    base::append_utf8(letter, &both);
    base::append_utf8(mark_of(before ? last_ : g.c), &both);
    word_.text += text::composed(both);
    if (before) {
      if (end == 0) word_.y = g.y, word_.size = g.size;
      last_x0_ = g.x0, last_x1_ = g.x1;
    }
    word_.x0 = std::min(word_.x0, g.x0), word_.x1 = std::max(word_.x1, g.x1);
    last_ = letter;
    last_object_ = object_;
    return true;
  }

  void add(const Glyph& g) {
    if (is_composed(g)) return;
    const auto& [c, frame, x0, x1, y, size, spaced, suggested] = g;
    bool joins = open_ && frame == frame_ && !spaced && word_.text.size() < kMaxWordBytes;
    bool near = false;
    if (open_ && frame == frame_) {
      const float em = std::max(word_.size, size);
      const float gap = x0 - word_.x1;
      // A gap that PDFium takes for a blank needs less.
      const float most = (suggested && tracking_ == 0 ? 0.09f : kWordGap) * em + tracking_;
      near = gap > -0.6f * em && gap < (is_unspaced(last_) && is_unspaced(c) ? 0.6f * em : most);
      const bool same_place = std::abs(x0 - last_x0_) < 0.12f * em && std::abs(y - word_.y) < 0.12f * em;
      if (same_place && last_ == c && last_object_ != object_) return;  // drawn twice
      near |= same_place && last_object_ == object_;                    // letters of one ligature
      joins =
          joins && near && std::abs(y - word_.y) < 0.12f * em && size > 0.8f * word_.size && size < 1.25f * word_.size;
    }
    if (!joins) {
      const bool raised =
          open_ && frame == frame_ && !spaced && near && std::abs(y - word_.y) < 0.65f * std::max(word_.size, size);
      end_word();
      open_ = true;
      frame_ = frame;
      word_ = {};
      word_.glued = raised;
      word_.x0 = x0, word_.x1 = x1, word_.y = y, word_.size = size;
      word_.bold = style_.bold, word_.mono = style_.mono;
      word_.heading = static_cast<int16_t>(style_.heading);
    }
    append_character(c, &word_.text);
    word_.x0 = std::min(word_.x0, x0);
    word_.x1 = std::max(word_.x1, x1);
    last_ = c;
    last_x0_ = x0, last_x1_ = x1;
    last_object_ = object_;
  }

  void end_word() {
    if (open_) page_->frames[frame_].words.push_back(std::move(word_));
    open_ = false;
  }

  const Pdfium& f_;
  FpdfTextPage* text_;
  const Place& place_;
  const std::map<int, int>& headings_;
  Page* page_;
  std::map<int, size_t> frames_;
  std::vector<Turn> turns_;
  std::unordered_map<FpdfFont*, Face> faces_;
  std::unordered_map<uint64_t, size_t> drawn_;             // a character and its place → the object
  std::map<size_t, std::vector<BackwardGlyph>> backward_;  // by frame
  std::vector<Glyph> glyphs_;                              // of one text object
  std::vector<float> gaps_;
  float tracking_ = 0;
  Style style_;
  Word word_;
  size_t frame_ = 0;
  bool open_ = false, spaced_ = false, suggested_ = false;
  char32_t last_ = 0;
  size_t object_ = 0, last_object_ = 0;  // text objects, counted
  float last_x0_ = 0, last_x1_ = 0;
};

}  // namespace

void load_words(const Pdfium& f, FpdfTextPage* text, const Place& place, const std::map<int, int>& headings,
                Page* page) {
  Words(f, text, place, headings, page).load();
}

}  // namespace tarn::document::pdf
