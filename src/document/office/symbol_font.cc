#include "document/office/symbol_font.h"

#include <cstdint>

#include "base/ascii.h"

namespace tarn::document::office {
namespace {

// The Greek letters and signs of the font Symbol that stand in texts, from 0x41 on. 0: none.
struct Sign {
  uint8_t code;
  char16_t character;
};
constexpr Sign kSymbol[] = {
    {0x2A, u'∗'}, {0x2D, u'−'}, {0x41, u'Α'}, {0x42, u'Β'}, {0x43, u'Χ'}, {0x44, u'Δ'}, {0x45, u'Ε'}, {0x46, u'Φ'},
    {0x47, u'Γ'}, {0x48, u'Η'}, {0x49, u'Ι'}, {0x4B, u'Κ'}, {0x4C, u'Λ'}, {0x4D, u'Μ'}, {0x4E, u'Ν'}, {0x4F, u'Ο'},
    {0x50, u'Π'}, {0x51, u'Θ'}, {0x52, u'Ρ'}, {0x53, u'Σ'}, {0x54, u'Τ'}, {0x55, u'Υ'}, {0x57, u'Ω'}, {0x58, u'Ξ'},
    {0x59, u'Ψ'}, {0x5A, u'Ζ'}, {0x61, u'α'}, {0x62, u'β'}, {0x63, u'χ'}, {0x64, u'δ'}, {0x65, u'ε'}, {0x66, u'φ'},
    {0x67, u'γ'}, {0x68, u'η'}, {0x69, u'ι'}, {0x6A, u'ϕ'}, {0x6B, u'κ'}, {0x6C, u'λ'}, {0x6D, u'μ'}, {0x6E, u'ν'},
    {0x6F, u'ο'}, {0x70, u'π'}, {0x71, u'θ'}, {0x72, u'ρ'}, {0x73, u'σ'}, {0x74, u'τ'}, {0x75, u'υ'}, {0x77, u'ω'},
    {0x78, u'ξ'}, {0x79, u'ψ'}, {0x7A, u'ζ'}, {0xA3, u'≤'}, {0xA5, u'∞'}, {0xAB, u'↔'}, {0xAC, u'←'}, {0xAD, u'↑'},
    {0xAE, u'→'}, {0xAF, u'↓'}, {0xB0, u'°'}, {0xB1, u'±'}, {0xB3, u'≥'}, {0xB4, u'×'}, {0xB6, u'∂'}, {0xB7, u'•'},
    {0xB8, u'÷'}, {0xB9, u'≠'}, {0xBA, u'≡'}, {0xBB, u'≈'}, {0xBC, u'…'}, {0xC5, u'⊕'}, {0xC6, u'∅'}, {0xC7, u'∩'},
    {0xC8, u'∪'}, {0xCE, u'∈'}, {0xD1, u'∇'}, {0xD5, u'∏'}, {0xD6, u'√'}, {0xD8, u'¬'}, {0xD9, u'∧'}, {0xDA, u'∨'},
    {0xDB, u'⇔'}, {0xDE, u'⇒'}, {0xE5, u'∑'}, {0xF2, u'∫'}};

// Arrows, boxes and bullets of Wingdings.
constexpr Sign kWingdings[] = {{0x4A, u'☺'}, {0x6C, u'●'}, {0x6E, u'■'}, {0x6F, u'□'}, {0x71, u'❑'},
                               {0x76, u'❖'}, {0x9F, u'•'}, {0xA7, u'▪'}, {0xA8, u'◻'}, {0xD8, u'➢'},
                               {0xDF, u'←'}, {0xE0, u'→'}, {0xE1, u'↑'}, {0xE2, u'↓'}, {0xE8, u'➔'},
                               {0xF0, u'⇨'}, {0xFB, u'✗'}, {0xFC, u'✓'}, {0xFD, u'☒'}, {0xFE, u'☑'}};

}  // namespace

char32_t sign_of_font(std::string_view font, char32_t c) {
  const bool is_private = c >= 0xF000 && c <= 0xF0FF;
  const bool is_sign_font = font == "Symbol" || base::lower(font).starts_with("wingdings");
  if (!is_private && (!is_sign_font || c > 0xFF)) {
    const bool has_place = c >= 0x20 && c <= 0x10FFFF && (c < 0xD800 || c > 0xF8FF) && c < 0xF0000;
    return has_place ? c : 0;
  }
  c &= 0xFF;
  if (base::lower(font).starts_with("wingdings")) {
    for (const Sign& sign : kWingdings) {
      if (sign.code == c) return sign.character;
    }
    return 0;
  }
  for (const Sign& sign : kSymbol) {
    if (sign.code == c) return sign.character;
  }
  const bool same = (c >= 0x20 && c <= 0x3F) || c == '[' || c == ']' || c == '{' || c == '|' || c == '}';
  return same ? c : 0;
}

}  // namespace tarn::document::office
