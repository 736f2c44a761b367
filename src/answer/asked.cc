#include "answer/asked.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "search/function_words.h"

namespace tarn::answer {
namespace {

using base::is_digit;
using base::is_upper;

// A list of words, with blanks around each.
using Words = std::string_view;

bool in(Words list, std::string_view word) {
  return list.find(" " + std::string(word) + " ") != std::string_view::npos;
}

constexpr Words kCosting =
    " cost costs costing price prices priced fee fees charge charges rent tariff deposit fare pay paid salary budget "
    "fine allowance ";
constexpr Words kMoney =
    " euro euros eur usd gbp chf dollar dollars pound pounds cent cents franc francs yen rupee rupees crown crowns "
    "gratis money refunded ";
constexpr Words kNumbers =
    " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half "
    "quarter twice once both none no single double third fifth all every several couple pair ";
constexpr Words kSpans =
    " second seconds minute minutes hour hours day days week weeks month months year years night nights s sec min h "
    "ms decade decades century until always forever m metre metres meter meters km kilometre kilometres mm cm inch "
    "inches feet foot mile "
    "miles page pages ";
constexpr Words kWeights =
    " kg g gram grams kilo kilos kilogram kilograms kilogrammes pound pounds lb ton tons tonne tonnes t mg ounce "
    "ounces ";
constexpr Words kHeat = " degree degrees celsius fahrenheit kelvin c f temperature ";
constexpr Words kSound = " db decibel decibels quiet quietly loud silent noise noiseless ";
constexpr Words kTimes =
    " january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays weekday weekdays "
    "weekend weekends today tomorrow yesterday noon midnight morning evening night afternoon spring summer autumn "
    "winter o clock am pm daily weekly monthly yearly every each hour hours day days week weeks month months year "
    "years before after until since during while when if once whitsun easter christmas season seasons immediately "
    "always never ";
constexpr Words kRhythms =
    " every each daily weekly monthly yearly annually hourly nightly twice once times time per whenever always never "
    "after regularly ";
constexpr Words kColours =
    " red green blue yellow white black grey gray brown orange purple pink violet amber silver gold golden beige "
    "turquoise colour color coloured colored dark light ";
constexpr Words kPeople =
    " we i he she they everybody everyone anyone anybody whoever nobody people person persons team department "
    "management staff member members owner owners head user users admin admins clerk company club school employee "
    "employees parents parent pupils pupil students student child children adults volunteers volunteer crew crews "
    "guests guest visitors council committee landlord tenant neighbour janitor director president chairman secretary "
    "treasurer nurse doctor engineer firm foundation ministry players women men females males group mr mrs ms dr ";

constexpr Words kSpoken =
    " please tell know think thought hear heard meant sure want wanted wish interested interesting wonder wondering "
    "curious maybe perhaps ok okay thanks thank hello hi oops ";

struct Word {
  std::string lower;
  bool capital = false, opens = false;  // a capital first letter; the first word of a sentence or line
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  bool opens = true;
  for (size_t at = 0; at < text.size();) {
    if (!base::may_be_letter(text[at])) {
      const char c = text[at++];
      if (c == '.' || c == '!' || c == '?' || c == '\n' || c == ':' || c == '|') opens = true;
      continue;
    }
    Word word{{}, is_upper(text[at]), opens};
    for (; at < text.size() && base::may_be_letter(text[at]); ++at) {
      word.lower += is_upper(text[at]) ? static_cast<char>(text[at] + ('a' - 'A')) : text[at];
    }
    opens = false;
    words.push_back(std::move(word));
  }
  return words;
}

// "free for pupils", not "free of frost".
bool is_free(const std::vector<Word>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string next = i + 1 < words.size() ? words[i + 1].lower : "";
    if (words[i].lower == "free" && next != "of" && next != "from") return true;
  }
  return false;
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

// A name: a capital within a sentence; at its head a word that builds no sentence.
bool names_someone(const std::vector<Word>& words) {
  return std::any_of(words.begin(), words.end(), [](const Word& word) {
    if (in(kPeople, word.lower)) return true;
    if (word.capital) return !word.opens || !search::is_function_word(word.lower);
    const std::string_view w = word.lower;
    return w.size() > 4 && (w.ends_with("or") || w.ends_with("er") || w.ends_with("ist") || w.ends_with("ian"));
  });
}

}  // namespace

Kind asked_kind(std::string_view question) {
  const std::vector<Word> words = words_of(question);
  const auto has_word = [&](Words list) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) { return in(list, word.lower); });
  };
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].lower;
    const std::string next = i + 1 < words.size() ? words[i + 1].lower : "";
    if (word == "who" || word == "whom" || word == "whose") return Kind::person;
    if (word == "when") return Kind::time;
    if (word == "what" || word == "which") {
      if (in(" time day date year month hour weekday ", next)) return Kind::time;
      if (in(" colour color ", next) || has_word(" colour color ")) return Kind::colour;
      if (has_word(" phone telephone ")) return Kind::phone;
      if (has_word(" mail email ")) return Kind::mail;
      if (in(" is are was ", next) && has_word(" temperature ")) return Kind::heat;
      if (has_word(" cost costs ") ||
          (in(" is are was ", next) && has_word(" price fee rent deposit fare salary allowance "))) {
        return Kind::money;
      }
      return Kind::any;
    }
    if (word != "how") continue;
    if (next == "many") return Kind::number;
    if (next == "much") return has_word(kCosting) || has_word(" money ") ? Kind::money : Kind::number;
    if (next == "long") return Kind::span;
    if (next == "often" || next == "frequently") return Kind::rhythm;
    if (next == "heavy" || (next == "much" && has_word(" weigh "))) return Kind::weight;
    if (next == "hot" || next == "cold" || next == "warm") return Kind::heat;
    if (next == "loud" || next == "noisy" || next == "quiet") return Kind::sound;
    if (in(" high tall wide thick deep big large far fast old small narrow strong expensive ", next)) {
      return next == "expensive" ? Kind::money : Kind::number;
    }
    return Kind::any;
  }
  return Kind::any;
}

bool has_kind(Kind kind, std::string_view text) {
  if (kind == Kind::any) return true;
  const std::vector<Word> words = words_of(text);
  const auto has_word = [&](Words list) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) { return in(list, word.lower); });
  };
  const bool counts = has_digit(text) || has_word(kNumbers);
  const auto has_sign = [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; };
  switch (kind) {
    case Kind::any:
      return true;
    case Kind::person:
      return names_someone(words);
    case Kind::money:
      return has_word(kMoney) || is_free(words) || has_sign("€") || has_sign("$") || has_sign("£") ||
             (counts && has_word(kCosting));
    case Kind::number:
      return counts;
    case Kind::span:
      return has_word(kSpans);
    case Kind::weight:
      return counts && has_word(kWeights);
    case Kind::heat:
      return counts && (has_word(kHeat) || has_sign("°"));
    case Kind::sound:
      return has_word(kSound);
    case Kind::time:
      return has_digit(text) || has_word(kTimes);
    case Kind::rhythm:
      return counts || has_word(kRhythms);
    case Kind::colour:
      return has_word(kColours);
    case Kind::phone:
      return std::count_if(text.begin(), text.end(), is_digit) >= 5;
    case Kind::mail:
      return has_sign("@");
  }
  return true;
}

bool is_asking_word(std::string_view word) {
  return in(" many much long often time day date year hour number take takes last name kind ", word);
}

std::string_view spoken_words() { return kSpoken; }

bool is_spoken_word(std::string_view word) { return in(kSpoken, word); }

}  // namespace tarn::answer
