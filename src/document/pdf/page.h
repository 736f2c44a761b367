// What lies on one page: words with their places, ruled lines, and what the page says beside its text.
// Shape:   a word is glyphs that follow each other without a gap. Places are in a frame in which the text is upright:
//          x to the right, y downwards from the page's top, points. Text of another direction (a rotated table, a
//          watermark) has a frame of its own.
// Limits:  kMaxPageGlyphs (values of fields and remarks count with them), kMaxPageObjects: what is beyond them is left
//          out, and `cut` says so. What is beyond kMaxRules, kMaxLinks and kMaxAnnotations is left out only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "document/pdf/pdfium.h"

namespace tarn::document::pdf {

inline constexpr int kMaxPageGlyphs = 400'000;
inline constexpr int kMaxPageObjects = 50'000;  // that are looked at for ruled lines and pictures
inline constexpr size_t kMaxRules = 4'000;
inline constexpr int kMaxLinks = 5'000;
inline constexpr int kMaxAnnotations = 5'000;
inline constexpr size_t kMaxWordBytes = 4'096;
inline constexpr float kWordGap = 0.14f;                       // of the type size: wider gaps part words
inline constexpr float kUsualWidth = 612, kUsualHeight = 792;  // of a page that states no size

struct Word {
  std::string text;
  float x0 = 0, x1 = 0, y = 0;  // y of the baseline
  float size = 0;
  bool bold = false, mono = false;
  bool right_to_left = false;
  bool glued = false;   // to the word before it, whose size or height is another
  int16_t heading = 0;  // 1 … 6, by the tags of the file; 0: none
  int link = -1;        // of the page's
};

struct Rule {
  float x0, y0, x1, y1;  // horizontal where y0 == y1, else vertical
  bool horizontal() const { return y0 == y1; }
};

struct Frame {
  int angle = 0;  // of its text, in degrees clockwise as the page is seen
  std::vector<Word> words;
};

struct Note {
  std::string kind, author, text;
};

struct Field {
  std::string name, value;
};

struct Page {
  float width = 0, height = 0;
  std::vector<Frame> frames;  // the upright one first
  std::vector<Rule> rules;    // of the upright frame
  std::vector<std::string> links;
  std::vector<Note> notes;
  std::vector<Field> fields;  // of a form, that have a value; that of a button is "Off" or how it calls what is on
  size_t glyphs = 0, unmapped = 0;  // unmapped: the file does not say which characters they are
  size_t said = 0;                  // bytes of values of fields and of remarks
  bool picture = false;             // a picture covers most of it
  size_t clipped = 0;               // glyphs that lie off the page, and are left out
  bool cut = false;
};

// Page `index` of the document; `form` may be null. Nothing where it cannot be read.
std::optional<Page> load_page(const Pdfium& f, FpdfDocument* document, FpdfForm* form, int index);

}  // namespace tarn::document::pdf
