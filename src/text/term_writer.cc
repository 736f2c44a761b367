#include "text/term_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "text/hangul.h"
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

// Groups of digits with dots between them from `at` on, two at least: where they end, or `at`.
size_t dotted_digits_end(std::string_view s, size_t at) {
  const auto digit = [&](size_t i) { return i < s.size() && (class_of(s[i]) & kDigit); };
  size_t end = at;
  bool dots = false;
  for (size_t i = at; digit(i);) {
    while (digit(i)) ++i;
    end = i;
    if (i >= s.size() || s[i] != '.' || !digit(i + 1)) break;
    dots = true;
    ++i;
  }
  return dots ? end : at;
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

// One digit of U+00B2, B3, B9, U+2070 to 2089.
bool is_script_digit(std::string_view s) {
  if (s.size() == 2) return s == "\u00b2" || s == "\u00b3" || s == "\u00b9";
  if (s.size() != 3 || s[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(s[2]);
  return (s[1] == '\x81' && last >= 0xB0 && last <= 0xB9) || (s[1] == '\x82' && last >= 0x80 && last <= 0x89);
}

// Müller is written Mueller where there is no ü. "" when the word has no such letter.
void write_out_umlauts(std::string_view s, std::string* out) {
  static constexpr std::pair<std::string_view, std::string_view> kUmlauts[] = {
      {"\u00e4", "ae"}, {"\u00f6", "oe"}, {"\u00fc", "ue"}, {"\u00f8", "oe"}, {"\u00e5", "aa"}};
  out->clear();
  bool any = false;
  for (size_t at = 0; at < s.size();) {
    const std::string_view two = s.substr(at, 2);
    const auto found =
        std::find_if(std::begin(kUmlauts), std::end(kUmlauts), [&](const auto& u) { return u.first == two; });
    if (found == std::end(kUmlauts)) {
      out->push_back(s[at++]);
      continue;
    }
    any = true;
    out->append(found->second);
    at += 2;
  }
  if (!any) out->clear();
}

void replace_all(std::string* s, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = s->find(from, at)) != std::string::npos; at += to.size()) s->replace(at, from.size(), to);
}

}  // namespace

uint32_t TermWriter::next_in_chain(const Word& w) const {
  const uint32_t end = w.end;
  if (end >= text_.size()) return 0;
  if (text_[end] == '-') return end + 1;
  const std::string_view three = text_.substr(end, 3);
  if (three == "\u2010" || three == "\u2011") return end + 3;
  if ((class_of(text_[end]) & kLetter) && is_script_digit(text_.substr(w.start, end - w.start))) return end;
  return is_script_digit(three.substr(0, 2)) || is_script_digit(three) ? end : 0;
}

// 20240517T102030Z, and 17T10 behind 2024-05-.
uint32_t TermWriter::time_of_date(const Word& w) const {
  const std::string_view raw = text_.substr(w.start, w.end - w.start);
  const auto digits = [&](size_t from, size_t to) {
    return to <= raw.size() &&
           std::all_of(raw.begin() + static_cast<ptrdiff_t>(from), raw.begin() + static_cast<ptrdiff_t>(to),
                       [](char c) { return class_of(c) & kDigit; });
  };
  const auto is_t = [&](size_t i) { return i < raw.size() && (raw[i] == 'T' || raw[i] == 't'); };
  if (raw.size() == 5 && is_t(2) && digits(0, 2) && digits(3, 5)) {
    const bool date = chain_size_ == 2 && w.start == chain_next_ && chain_[0].end - chain_[0].start == 4 &&
                      chain_[1].end - chain_[1].start == 2 && is_number(text_.substr(chain_[0].start, 4)) &&
                      is_number(text_.substr(chain_[1].start, 2));
    return date ? w.start + 2 : 0;
  }
  const bool zone = raw.size() > 0 && (raw.back() == 'Z' || raw.back() == 'z');
  const size_t end = raw.size() - (zone ? 1 : 0);
  return is_t(8) && (end == 13 || end == 15) && digits(0, 8) && digits(9, end) ? w.start + 8 : 0;
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
      simple(joined_, chain_[0].start, chain_[count - 1].end, position_, Form::spelling);
    }
    ++position_;
  }
}

std::string_view TermWriter::normal_form(const Word& w, bool* plain) {
  umlauts_.clear();
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
    write_out_umlauts(folded_, &umlauts_);
    if (!is_ascii(umlauts_)) icu::fold_latin_accents(std::string(umlauts_), &umlauts_);
    icu::fold_latin_accents(folded_, &accents_);
    folded_.swap(accents_);
  }
  return std::string_view(folded_).substr(0, utf8_floor(folded_, kMaxTermBytes));
}

void TermWriter::single(const Word& w, uint32_t position) {
  bool plain = false;
  std::string_view form = normal_form(w, &plain);
  if (!plain) return compound(form, w, position);
  whole(form, w, position);
}

// A word that nothing joins within.
void TermWriter::whole(std::string_view form, const Word& w, uint32_t position) {
  const bool signs = with_signs(form, w, position);
  simple(form, w.start, w.end, position, signs ? Form::part : Form::word);
  if (!umlauts_.empty()) simple(umlauts_, w.start, w.end, position, Form::spelling);
  ampersand_name(form, w, position);
  // The seconds of a time: 10:20:30Z.
  if (form.size() == 3 && form[2] == 'z' && is_number(form.substr(0, 2)) && w.start > 0 && text_[w.start - 1] == ':') {
    emit(form.substr(0, 2), w.start, w.start + 2, position, Form::part);
  }
}

void TermWriter::compound(std::string_view form, const Word& w, uint32_t position) {
  // A part's span is its own where folding kept the bytes in place, else the word's.
  const bool in_place = is_ascii(text_.substr(w.start, w.end - w.start)) && is_ascii(form);
  if (rules_.apostrophes == Apostrophes::english) form = without_possessive(form);
  if (std::none_of(form.begin(), form.end(), is_joiner)) {
    return begins_with_hangul(form) ? korean(form, w, position) : whole(form, w, position);
  }
  if (is_acronym(form) || (is_number(form) && has_thousands(form))) {
    scratch_.clear();
    const char out = is_acronym(form) ? '.' : ',';
    std::copy_if(form.begin(), form.end(), std::back_inserter(scratch_), [out](char c) { return c != out; });
    return emit(scratch_, w.start, w.end, position);
  }
  emit(form, w.start, w.end, position);
  if (is_number(form) && form.find(',') == std::string_view::npos) return number(form, w, position, in_place);
  const std::string all(form);
  versions(all, w, position, in_place);
  size_t version_end = 0;
  for (size_t from = 0; from < all.size();) {
    size_t to = from;
    while (to < all.size() && !is_joiner(all[to])) ++to;
    if (to > from) {
      // Of a version the groups are found, but 4.5.6 does not look for every 5.
      size_t digits = from;
      while (digits < to && !(class_of(all[digits]) & kDigit)) ++digits;
      version_end = std::max(version_end, dotted_digits_end(all, digits) > digits ? dotted_digits_end(all, digits) : 0);
      const bool of_version = digits < version_end && digits - from <= (all[from] == 'v' ? 1U : 0U);
      const uint32_t start = in_place ? w.start + static_cast<uint32_t>(from) : w.start;
      const uint32_t end = in_place ? w.start + static_cast<uint32_t>(to) : w.end;
      simple(std::string_view(all).substr(from, to - from), start, end, position,
             of_version ? Form::opening : Form::part);
    }
    from = to + 1;
  }
}

// What stands behind a number with dots, which was emitted: 192.168.0.1 begins with 192.168, and 17.05.2024 is a date.
void TermWriter::number(std::string_view form, const Word& w, uint32_t position, bool in_place) {
  constexpr size_t kMaxGroups = 8;
  size_t groups = 1;
  for (size_t i = 0; i < form.size() && groups <= kMaxGroups; ++i) {
    if (form[i] != '.' || ++groups < 3) continue;
    emit(form.substr(0, i), w.start, in_place ? w.start + static_cast<uint32_t>(i) : w.end, position, Form::opening);
  }
  if (form.size() != 10 || groups != 3) return;
  const size_t first = form.find('.'), second = form.find('.', first + 1);
  scratch_.clear();
  if (first == 4 && second == 7) {
    scratch_.append(form.substr(0, 4)).append(form.substr(5, 2)).append(form.substr(8));
  } else if (first == 2 && second == 5) {
    scratch_.append(form.substr(6)).append(form.substr(3, 2)).append(form.substr(0, 2));
  }
  emit(scratch_, w.start, w.end, position, Form::spelling);
}

// Numbers with dots within a word: 1.2.3 of v1.2.3, 3.11 of python3.11.
void TermWriter::versions(std::string_view form, const Word& w, uint32_t position, bool in_place) {
  for (size_t from = 0; from < form.size();) {
    const size_t to = dotted_digits_end(form, from);
    if (to == from) {
      // Digits that no dot follows are passed over together: 11 of 2011 is no number of its own.
      const bool digit = class_of(form[from]) & kDigit;
      do {
        ++from;
      } while (digit && from < form.size() && (class_of(form[from]) & kDigit));
      continue;
    }
    const Word part{in_place ? w.start + static_cast<uint32_t>(from) : w.start,
                    in_place ? w.start + static_cast<uint32_t>(to) : w.end, false, false};
    const bool is_version = from == 1 && to == form.size() && form[0] == 'v';
    emit(form.substr(from, to - from), part.start, part.end, position, is_version ? Form::spelling : Form::part);
    number(form.substr(from, to - from), part, position, in_place);
    from = to;
  }
}

void TermWriter::korean(std::string_view form, const Word& w, uint32_t position) {
  const std::string all(form);
  const KoreanParts parts = korean_parts(all);
  const bool in_place = text_.substr(w.start, w.end - w.start) == form;
  const auto part = [&](size_t size, Form as) {
    const uint32_t end = in_place ? w.start + static_cast<uint32_t>(size) : w.end;
    simple(std::string_view(all).substr(0, size), w.start, end, position, as);
  };
  part(all.size(), Form::word);
  if (parts.noun > 0) part(parts.noun, Form::part);
  for (const size_t size : parts.beginnings) part(size, Form::opening);
}

// Variation selectors only say how it is drawn. With a skin tone it is found without one too.
void TermWriter::emoji(const Word& w) {
  flush();
  scratch_.clear();
  accents_.clear();
  const std::string_view raw = text_.substr(w.start, std::min<size_t>(w.end - w.start, kMaxTermBytes));
  for (size_t at = 0; at < raw.size();) {
    const Utf8Char c = utf8_at(raw, at);
    if (c.value != 0xFE0E && c.value != 0xFE0F && c.well_formed) {
      scratch_ += raw.substr(at, c.size);
      if (c.value < 0x1F3FB || c.value > 0x1F3FF) accents_ += raw.substr(at, c.size);
    }
    at += c.size;
  }
  emit(scratch_, w.start, w.end, position_);
  if (accents_ != scratch_) emit(accents_, w.start, w.end, position_, Form::part);
  ++position_;
}

// Whether the word begins with these signs: nothing that belongs to a word stands before them.
bool TermWriter::is_before(const Word& w, std::string_view signs) const {
  if (w.start < signs.size() || text_.substr(w.start - signs.size(), signs.size()) != signs) return false;
  if (w.start == signs.size()) return true;
  const char c = text_[w.start - signs.size() - 1];
  return (c & '\x80') == 0 && !(class_of(c) & (kLetter | kDigit | ascii::kUnderscore)) &&
         std::strchr(".-)]", c) == nullptr;
}

bool TermWriter::with_signs(std::string_view form, const Word& w, uint32_t position) {
  const auto is_at = [&](size_t i, uint8_t classes) { return i < text_.size() && (class_of(text_[i]) & classes); };
  const bool letters = std::all_of(form.begin(), form.end(), [](char c) { return class_of(c) & kLetter; });
  if (!letters || form.size() + 2 > kMaxTermBytes) return false;
  char term[kMaxTermBytes];
  // .NET, .env, --force: a dot or two hyphens that nothing stands before.
  const size_t front = is_before(w, ".") ? 1 : is_before(w, "--") ? 2 : 0;
  if (front > 0) {
    std::memcpy(term, text_.data() + w.start - front, front);
    std::memcpy(term + front, form.data(), form.size());
    emit({term, form.size() + front}, w.start - static_cast<uint32_t>(front), w.end, position);
    return true;
  }
  const std::string_view rest = text_.substr(w.end, 3);
  const bool plus = rest.starts_with("++") && !is_at(w.end + 2, kLetter) && rest != "+++";
  const bool sharp = rest.starts_with('#') && form.size() == 1 && !is_at(w.end + 1, kLetter | kDigit);
  if (!plus && !sharp) return false;
  std::memcpy(term, form.data(), form.size());
  const size_t symbols = plus ? 2 : 1;
  std::memcpy(term + form.size(), rest.data(), symbols);
  emit({term, form.size() + symbols}, w.start, w.end + static_cast<uint32_t>(symbols), position);
  return true;
}

// Short names with an ampersand (AT&T, R&D, also as HTML writes them) have a term of their own at their first word.
void TermWriter::ampersand_name(std::string_view form, const Word& w, uint32_t position) {
  constexpr size_t kMaxLetters = 3;
  if (w.end >= text_.size() || text_[w.end] != '&' || form.size() > kMaxLetters) return;
  const auto letter = [&](size_t i) { return i < text_.size() && (class_of(text_[i]) & kLetter); };
  if (!std::all_of(form.begin(), form.end(), [](char c) { return class_of(c) & kLetter; })) return;
  const std::string_view before = w.start > 0 ? text_.substr(w.start - 1, 1) : " ";
  size_t from = w.end + 1;
  if (text_.substr(from, 4) == "amp;") from += 4;
  size_t to = from;
  while (letter(to)) ++to;
  const std::string_view after = to < text_.size() ? text_.substr(to, 1) : " ";
  // ?a=1&b=2 is an address.
  if (to == from || to - from > kMaxLetters || before.find_first_of("?&=;") == 0 ||
      after.find_first_of("&=_0123456789") == 0) {
    return;
  }
  std::string term = std::string(form) + "&";
  for (size_t i = from; i < to; ++i) term += static_cast<char>(text_[i] | 0x20);
  emit(term, w.start, static_cast<uint32_t>(to), position, Form::spelling);
}

void TermWriter::simple(std::string_view form, uint32_t start, uint32_t end, uint32_t position, Form as) {
  const size_t apostrophe = form.find('\'');
  if (rules_.apostrophes == Apostrophes::keep || apostrophe == std::string_view::npos) {
    return inflected(form, start, end, position, as);
  }
  if (rules_.apostrophes == Apostrophes::elision) return inflected(without_elision(form), start, end, position, as);
  char kept[kMaxTermBytes];
  size_t n = 0;
  for (const char c : form) {
    if (c != '\'') kept[n++] = c;
  }
  inflected({kept, n}, start, end, position, as);
  // L'Oréal, d'Artagnan, O'Brien: also without what is put before the name.
  const std::string_view name = without_elision(form);
  const bool irish = apostrophe == 1 && form[0] == 'o';
  const std::string_view rest = irish ? form.substr(2) : name;
  if (rest.size() < form.size() && rest.size() > 2 && rest.find('\'') == std::string_view::npos) {
    inflected(rest, start, end, position, Form::part);
  }
}

void TermWriter::inflected(std::string_view form, uint32_t start, uint32_t end, uint32_t position, Form as) {
  if (stemmer_ != nullptr && !has_digit(form)) {
    const std::string_view stem = stemmer_->stem(form);
    if (!stem.empty()) form = stem;
  }
  emit(form, start, end, position, as);
}

}  // namespace tarn::text
