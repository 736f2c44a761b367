// Words → terms with positions: the rules that the analyzer's README.md states (compounds, hyphens, numbers, "C++",
// apostrophes, stems). It works on any source of words, so that both ways of finding words give the same terms.
// Shape:   the first term at a position is the word itself; what follows at the same position are other ways to find
//          it.
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
    if (w.emoji) return emoji(w);
    if (const uint32_t time = time_within(w); time != 0) {
      word({w.start, time, w.plain, false});
      return word({time + 1, w.end, w.plain, false});
    }
    const uint32_t next = next_in_chain(w);
    if (chain_size_ == 0 && next == 0) return single(w, position_++);  // most words
    in_chain(w, next);
  }
  void finish() { flush(); }

 private:
  static constexpr size_t kMaxChain = 8;

  // Where the word begins that a hyphen joins to this one, or that is its raised or lowered digits (CO₂); 0 without
  // one.
  uint32_t next_in_chain(const Word& w) const;
  uint32_t time_within(const Word& w) const {  // where the T of a date with a time stands, or 0
    const uint32_t size = w.end - w.start;
    return size < 5 || size > 16 || !(ascii::class_of(text_[w.start]) & ascii::kDigit) ? 0 : time_of_date(w);
  }
  uint32_t time_of_date(const Word& w) const;
  void in_chain(const Word& w, uint32_t next);
  void flush();
  void single(const Word& w, uint32_t position);
  std::string_view normal_form(const Word& w, bool* plain);
  void whole(std::string_view form, const Word& w, uint32_t position);
  void compound(std::string_view form, const Word& w, uint32_t position);
  void number(std::string_view form, const Word& w, uint32_t position, bool in_place);
  void versions(std::string_view form, const Word& w, uint32_t position, bool in_place);
  void korean(std::string_view form, const Word& w, uint32_t position);
  void emoji(const Word& w);
  void simple(std::string_view form, uint32_t start, uint32_t end, uint32_t position, Form as = Form::word);
  void inflected(std::string_view form, uint32_t start, uint32_t end, uint32_t position, Form as);
  bool is_before(const Word& w, std::string_view signs) const;
  // C++, .NET, --force: true when the word with its signs was emitted, so that the letters alone are a part of it.
  bool with_signs(std::string_view form, const Word& w, uint32_t position);
  void ampersand_name(std::string_view form, const Word& w, uint32_t position);  // AT&T
  void emit(std::string_view term, uint32_t start, uint32_t end, uint32_t position, Form form = Form::word) {
    if (!term.empty()) sink_(Token{term, position, start, end, form});
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
  std::string umlauts_;  // the word at hand with its umlauts written out (Mueller), or ""
};

}  // namespace tarn::text
