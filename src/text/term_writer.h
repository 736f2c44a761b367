// Words → terms with positions: the rules that the analyzer's README.md states (compounds, hyphens, numbers, "C++", apostrophes,
// stems). It works on any source of words, so that both ways of finding words give the same terms.
// Shape:   the first term at a position is the word itself; what follows at the same position are other ways to find it.
// Threads: one writer a call of analyze().
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "text/analyzer.h"
#include "text/stemmer.h"
#include "text/words.h"

namespace tarn::text {

enum class Apostrophes {
  keep,     // a letter like others
  english,  // 's and s' say whose, others are left out: O'Reilly → oreilly
  elision,  // what stands before it is an article: l'homme → homme
};

struct Rules {
  std::string name;
  bool stems = false;
  size_t algorithm = 0;  // of Stemmer::algorithms()
  Apostrophes apostrophes = Apostrophes::keep;
  bool fold_accents = false;
  bool dotless_i = false;   // Turkish: I is ı in lower case, İ is i
  bool always_icu = false;  // no ASCII way
};

class TermWriter {
 public:
  using Sink = std::function<void(const Token&)>;
  TermWriter(const Rules& rules, std::string_view text, Stemmer* stemmer, bool force_icu, const Sink& sink)
      : rules_(rules), text_(text), stemmer_(stemmer), force_icu_(force_icu), sink_(sink) {}

  void word(const Word& w) {
    const uint32_t next = after_hyphen(w.end);
    if (chain_size_ == 0 && next == 0) return single(w, position_++);  // most words
    in_chain(w, next);
  }
  void finish() { flush(); }

 private:
  static constexpr size_t kMaxChain = 8;

  uint32_t after_hyphen(uint32_t end) const;  // where the word after a hyphen at `end` begins, 0 without one
  void in_chain(const Word& w, uint32_t next);
  void flush();
  void single(const Word& w, uint32_t position);
  std::string_view normal_form(const Word& w, bool* plain);
  void compound(std::string_view form, const Word& w, uint32_t position);
  void simple(std::string_view form, uint32_t start, uint32_t end, uint32_t position);
  void symbol_suffix(std::string_view form, const Word& w, uint32_t position);
  void emit(std::string_view term, uint32_t start, uint32_t end, uint32_t position) {
    if (!term.empty()) sink_(Token{term, position, start, end});
  }

  const Rules& rules_;
  std::string_view text_;
  Stemmer* stemmer_;  // null without stems
  bool force_icu_;
  const Sink& sink_;
  uint32_t position_ = 0;

  std::array<Word, kMaxChain> chain_;
  size_t chain_size_ = 0;
  uint32_t chain_next_ = 0;  // where the chain's next word would begin
  bool chain_too_long_ = false;

  char ascii_[kMaxTermBytes];
  std::string folded_, accents_, joined_, scratch_;
};

}  // namespace tarn::text
