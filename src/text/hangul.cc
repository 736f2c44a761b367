#include "text/hangul.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/utf8.h"

namespace tarn::text {
namespace {

constexpr char32_t kFirst = 0xAC00, kLast = 0xD7A3;
constexpr size_t kMaxBeginnings = 12;

// What a particle asks of the syllable before it.
enum class After : uint8_t { any, consonant, vowel, not_consonant_but_l };

struct Particle {
  std::string_view text;
  After after = After::any;
  bool clear = false;  // also behind a single syllable it is most likely a particle
};

// Particles, and the endings by which a noun becomes a verb; the longest that fits is taken.
constexpr std::array kParticles = {
    Particle{"을", After::consonant, true},
    Particle{"를", After::vowel, true},
    Particle{"은", After::consonant, true},
    Particle{"는", After::vowel, true},
    Particle{"이", After::consonant},
    Particle{"가", After::vowel},
    Particle{"과", After::consonant},
    Particle{"와", After::vowel},
    Particle{"의"},
    Particle{"에"},
    Particle{"도"},
    Particle{"만"},
    Particle{"들"},
    Particle{"로", After::not_consonant_but_l},
    Particle{"나", After::vowel},
    Particle{"랑", After::vowel},
    Particle{"으로", After::consonant, true},
    Particle{"에서", After::any, true},
    Particle{"에게", After::any, true},
    Particle{"에는", After::any, true},
    Particle{"에도", After::any, true},
    Particle{"에서는"},
    Particle{"에서도"},
    Particle{"에서의"},
    Particle{"에게서"},
    Particle{"에게는"},
    Particle{"에서부터"},
    Particle{"으로는", After::consonant},
    Particle{"으로도", After::consonant},
    Particle{"으로서", After::consonant},
    Particle{"으로써", After::consonant},
    Particle{"으로부터", After::consonant},
    Particle{"로는", After::not_consonant_but_l},
    Particle{"로도", After::not_consonant_but_l},
    Particle{"로서", After::not_consonant_but_l},
    Particle{"로써", After::not_consonant_but_l},
    Particle{"로부터", After::not_consonant_but_l},
    Particle{"까지"},
    Particle{"까지는"},
    Particle{"부터"},
    Particle{"부터는"},
    Particle{"마다"},
    Particle{"처럼"},
    Particle{"보다"},
    Particle{"조차"},
    Particle{"마저"},
    Particle{"밖에"},
    Particle{"만큼"},
    Particle{"대로"},
    Particle{"하고"},
    Particle{"한테"},
    Particle{"께서"},
    Particle{"이나", After::consonant},
    Particle{"이랑", After::consonant},
    Particle{"이라", After::consonant},
    Particle{"이란", After::consonant},
    Particle{"이라고", After::consonant},
    Particle{"이라는", After::consonant},
    Particle{"라고", After::vowel},
    Particle{"라는", After::vowel},
    Particle{"라도", After::vowel},
    Particle{"과의", After::consonant},
    Particle{"와의", After::vowel},
    Particle{"들은"},
    Particle{"들을"},
    Particle{"들이"},
    Particle{"들의"},
    Particle{"입니다"},
    Particle{"이다", After::consonant},
    Particle{"하다"},
    Particle{"하는"},
    Particle{"하기"},
    Particle{"하면"},
    Particle{"하여"},
    Particle{"하려면"},
    Particle{"한다"},
    Particle{"합니다"},
    Particle{"해서"},
    Particle{"했다"},
    Particle{"했습니다"},
    Particle{"되다"},
    Particle{"되는"},
    Particle{"된다"},
    Particle{"됩니다"},
    Particle{"되었습니다"},
};

bool is_syllable(char32_t c) { return c >= kFirst && c <= kLast; }

// The final consonant's number; 0: the syllable ends with a vowel. 8 is ㄹ.
uint32_t final_of(char32_t syllable) { return (syllable - kFirst) % 28; }

bool fits(After after, char32_t before) {
  if (!is_syllable(before)) return true;  // how it is read aloud is not known
  const uint32_t last = final_of(before);
  switch (after) {
    case After::any:
      return true;
    case After::consonant:
      return last != 0;
    case After::vowel:
      return last == 0;
    case After::not_consonant_but_l:
      return last == 0 || last == 8;
  }
  return true;
}

}  // namespace

bool begins_with_hangul(std::string_view word) { return !word.empty() && is_syllable(utf8_at(word, 0).value); }

KoreanParts korean_parts(std::string_view word) {
  std::vector<size_t> starts;  // of its characters
  std::vector<char32_t> characters;
  for (size_t at = 0; at < word.size();) {
    const Utf8Char c = utf8_at(word, at);
    starts.push_back(at);
    characters.push_back(c.value);
    at += c.size;
  }
  KoreanParts parts;
  const Particle* longest = nullptr;
  for (const Particle& p : kParticles) {
    if (!word.ends_with(p.text) || word.size() == p.text.size()) continue;
    const auto left =
        static_cast<size_t>(std::find(starts.begin(), starts.end(), word.size() - p.text.size()) - starts.begin());
    if ((left >= 2 || p.clear) && fits(p.after, characters[left - 1]) &&
        (longest == nullptr || p.text.size() > longest->text.size())) {
      longest = &p;
    }
  }
  if (longest != nullptr) parts.noun = word.size() - longest->text.size();
  for (size_t i = 2; i < starts.size() && parts.beginnings.size() < kMaxBeginnings; ++i) {
    if (starts[i] != parts.noun) parts.beginnings.push_back(starts[i]);
  }
  return parts;
}

}  // namespace tarn::text
