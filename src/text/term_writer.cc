#include "text/term_writer.h"

#include <algorithm>
#include <cstring>

#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

using ascii::class_of;
using ascii::kDigit;
using ascii::kLetter;

bool is_ascii(std::string_view s) { return find_non_ascii(s, 0) == s.size(); }
bool is_joiner(char c) { return c == '_' || c == '.' || c == ',' || c == ';' || c == ':'; }
bool has_digit(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return class_of(c) & kDigit; });
}

// "u.s.a": single letters between dots.
bool is_acronym(std::string_view s) {
  if (s.size() < 3 || s.size() % 2 == 0) return false;
  for (size_t i = 0; i < s.size(); ++i) {
    if (i % 2 ? s[i] != '.' : !(class_of(s[i]) & kLetter)) return false;
  }
  return true;
}

bool is_number(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return (class_of(c) & kDigit) || c == '.' || c == ','; });
}

// "1,000,000" and "1,000.5": commas between groups of three.
bool has_thousands(std::string_view s) {
  const size_t whole = std::min(s.find('.'), s.size());
  const size_t first = s.find(',');
  if (first == std::string_view::npos || first == 0 || first > 3 || first >= whole) return false;
  for (size_t i = first; i < whole; i += 4) {
    if (s[i] != ',' || i + 4 > whole) return false;
    for (size_t j = i + 1; j < i + 4; ++j) {
      if (!(class_of(s[j]) & kDigit)) return false;
    }
  }
  return s.find(',', whole) == std::string_view::npos;
}

constexpr std::string_view kElided[] = {"l",    "d",     "j",      "m",      "t",      "s",  "n",   "c",
                                        "qu",   "jusqu", "lorsqu", "puisqu", "quoiqu", "un", "all", "dall",
                                        "dell", "nell",  "sull",   "coll",   "pell",   "gl", "agl", "dagl",
                                        "degl", "negl",  "sugl",   "quest",  "quell"};

std::string_view without_elision(std::string_view s) {
  const size_t at = s.find('\'');
  if (at == std::string_view::npos || at + 1 == s.size()) return s;
  const bool known = std::find(std::begin(kElided), std::end(kElided), s.substr(0, at)) != std::end(kElided);
  return known ? s.substr(at + 1) : s;
}

std::string_view without_possessive(std::string_view s) {
  if (s.ends_with("'s")) return s.substr(0, s.size() - 2);
  if (s.ends_with("'")) return s.substr(0, s.size() - 1);
  return s;
}

void replace_all(std::string* s, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = s->find(from, at)) != std::string::npos; at += to.size()) s->replace(at, from.size(), to);
}

}  // namespace

uint32_t TermWriter::after_hyphen(uint32_t end) const {
  if (end >= text_.size()) return 0;
  if (text_[end] == '-') return end + 1;
  const std::string_view three = text_.substr(end, 3);
  return three == "\u2010" || three == "\u2011" ? end + 3 : 0;
}

void TermWriter::in_chain(const Word& w, uint32_t next) {
  if (chain_size_ > 0 && w.start != chain_next_) flush();
  if (chain_size_ == kMaxChain) {
    chain_too_long_ = true;
    flush();
    chain_too_long_ = true;
  }
  if (chain_size_ == 0 && next == 0) {
    chain_too_long_ = false;
    single(w, position_++);
    return;
  }
  chain_[chain_size_++] = w;
  chain_next_ = next;
  if (next == 0) flush();
}

void TermWriter::flush() {
  joined_.clear();
  bool join = chain_size_ > 1 && !chain_too_long_;
  for (size_t i = 0; join && i < chain_size_; ++i) {
    bool plain = false;
    const std::string_view form = normal_form(chain_[i], &plain);
    join = joined_.size() + form.size() <= kMaxTermBytes && form.find('\'') == std::string_view::npos &&
           std::none_of(form.begin(), form.end(), is_joiner);
    joined_ += form;
  }
  const size_t count = chain_size_;
  chain_size_ = 0;
  chain_too_long_ = false;
  for (size_t i = 0; i < count; ++i) {
    single(chain_[i], position_);
    if (i == 0 && join) {
      simple(joined_, chain_[0].start, chain_[count - 1].end, position_);
    }
    ++position_;
  }
}

std::string_view TermWriter::normal_form(const Word& w, bool* plain) {
  const std::string_view raw = text_.substr(w.start, w.end - w.start);
  if (w.plain || (!rules_.always_icu && !force_icu_ && is_ascii(raw))) {
    *plain = w.plain;
    const size_t size = std::min(raw.size(), kMaxTermBytes);
    for (size_t i = 0; i < size; ++i) {
      ascii_[i] = static_cast<char>(raw[i] | ((class_of(raw[i]) & ascii::kUpper) ? 0x20 : 0));
    }
    return {ascii_, size};
  }
  *plain = false;
  // Folding can shorten a word, by nothing like this much.
  std::string_view cut = raw.substr(0, utf8_floor(raw, kMaxTermBytes * 4));
  if (rules_.dotless_i) {
    scratch_ = cut;
    replace_all(&scratch_, "I", "\u0131");
    replace_all(&scratch_, "\u0130", "i");
    cut = scratch_;
  }
  icu::nfkc_casefold(cut, &folded_);
  replace_all(&folded_, "\u2019", "'");
  if (rules_.fold_accents && !is_ascii(folded_)) {
    icu::fold_latin_accents(folded_, &accents_);
    folded_.swap(accents_);
  }
  return std::string_view(folded_).substr(0, utf8_floor(folded_, kMaxTermBytes));
}

void TermWriter::single(const Word& w, uint32_t position) {
  bool plain = false;
  std::string_view form = normal_form(w, &plain);
  if (plain) {
    symbol_suffix(form, w, position);
    return simple(form, w.start, w.end, position);
  }
  compound(form, w, position);
}

void TermWriter::compound(std::string_view form, const Word& w, uint32_t position) {
  // A part's span is its own where folding kept the bytes in place, else the word's.
  const bool in_place = is_ascii(text_.substr(w.start, w.end - w.start)) && is_ascii(form);
  if (rules_.apostrophes == Apostrophes::english) form = without_possessive(form);
  if (std::none_of(form.begin(), form.end(), is_joiner)) {
    symbol_suffix(form, w, position);
    return simple(form, w.start, w.end, position);
  }
  if (is_acronym(form) || (is_number(form) && has_thousands(form))) {
    scratch_.clear();
    const char out = is_acronym(form) ? '.' : ',';
    std::copy_if(form.begin(), form.end(), std::back_inserter(scratch_), [out](char c) { return c != out; });
    return emit(scratch_, w.start, w.end, position);
  }
  emit(form, w.start, w.end, position);
  if (is_number(form) && form.find(',') == std::string_view::npos) return;  // 15.2, 192.168.0.1
  const std::string whole(form);
  for (size_t from = 0; from < whole.size();) {
    size_t to = from;
    while (to < whole.size() && !is_joiner(whole[to])) ++to;
    if (to > from) {
      const uint32_t start = in_place ? w.start + static_cast<uint32_t>(from) : w.start;
      const uint32_t end = in_place ? w.start + static_cast<uint32_t>(to) : w.end;
      simple(std::string_view(whole).substr(from, to - from), start, end, position);
    }
    from = to + 1;
  }
}

void TermWriter::symbol_suffix(std::string_view form, const Word& w, uint32_t position) {
  const std::string_view rest = text_.substr(w.end, 3);
  if (rest.empty() || (rest[0] != '+' && rest[0] != '#')) return;
  const auto follows = [&](size_t i, uint8_t classes) { return rest.size() > i && (class_of(rest[i]) & classes); };
  const bool letters = std::all_of(form.begin(), form.end(), [](char c) { return class_of(c) & kLetter; });
  const bool plus = rest.starts_with("++") && !follows(2, kLetter) && !rest.ends_with("+++");
  const bool sharp = rest[0] == '#' && form.size() == 1 && !follows(1, kLetter | kDigit);
  if (!letters || form.size() + 2 > kMaxTermBytes || (!plus && !sharp)) return;
  char term[kMaxTermBytes];
  std::memcpy(term, form.data(), form.size());
  const size_t symbols = plus ? 2 : 1;
  std::memcpy(term + form.size(), rest.data(), symbols);
  emit({term, form.size() + symbols}, w.start, w.end + static_cast<uint32_t>(symbols), position);
}

void TermWriter::simple(std::string_view form, uint32_t start, uint32_t end, uint32_t position) {
  char kept[kMaxTermBytes];
  if (rules_.apostrophes != Apostrophes::keep && std::memchr(form.data(), '\'', form.size()) != nullptr) {
    if (rules_.apostrophes == Apostrophes::elision) {
      form = without_elision(form);
    } else {
      size_t n = 0;
      for (const char c : form) {
        if (c != '\'') kept[n++] = c;
      }
      form = {kept, n};
    }
  }
  if (stemmer_ != nullptr && !has_digit(form)) {
    const std::string_view stem = stemmer_->stem(form);
    if (!stem.empty()) form = stem;
  }
  emit(form, start, end, position);
}

}  // namespace tarn::text
