#include "document/office/numbering.h"

#include <algorithm>

#include "base/ascii.h"

namespace tarn::document::office {
namespace {

constexpr int64_t kMaxRoman = 3'999;

std::string roman(int64_t n) {
  static constexpr std::pair<int64_t, std::string_view> kSigns[] = {
      {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
      {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
  std::string out;
  for (const auto& [worth, sign] : kSigns) {
    for (; n >= worth; n -= worth) out += sign;
  }
  return out;
}

std::string as_format(int64_t n, std::string_view format) {
  if (format == "bullet" || format == "none") return {};
  if (format == "lowerRoman" && n > 0 && n <= kMaxRoman) return roman(n);
  if (format == "upperRoman" && n > 0 && n <= kMaxRoman) return base::upper(roman(n));
  if ((format == "lowerLetter" || format == "upperLetter") && n > 0) {  // a … z, aa, bb …
    const std::string letters(std::min<size_t>(static_cast<size_t>((n - 1) / 26 + 1), 10),
                              static_cast<char>('a' + (n - 1) % 26));
    return format == "upperLetter" ? base::upper(letters) : letters;
  }
  return (format == "decimalZero" && n < 10 ? "0" : "") + std::to_string(n);
}

}  // namespace

Numbering::Label Numbering::next(const ListPlace& place) {
  Label label;
  const auto found = lists_.find(place.list);
  if (place.list.empty() || place.list == "0" || found == lists_.end()) return label;
  List& list = found->second;
  const auto form = forms_.find(list.form);
  if (form == forms_.end()) return label;
  const int at = std::clamp(place.level, 0, kListLevels - 1);
  const auto level = [&](int i) -> const ListLevel& {
    const auto own = list.own.find(i);
    return own == list.own.end() ? form->second[static_cast<size_t>(i)] : own->second;
  };
  const auto start = [&](int i) {
    const auto own = list.starts.find(i);
    return own == list.starts.end() ? level(i).start : own->second;
  };
  auto [counts, is_new] = counts_.try_emplace(list.form);
  if (is_new) counts->second.fill(-1);
  int64_t& count = counts->second[static_cast<size_t>(at)];
  const bool anew = list.begun.insert(at).second && list.starts.contains(at);
  count = count < 0 || anew ? start(at) : count + 1;
  std::fill(counts->second.begin() + at + 1, counts->second.end(), -1);
  const ListLevel& own = level(at);
  if (own.format == "none" && own.text.empty()) return label;
  label.listed = true;
  label.number = count;
  if (own.format == "bullet") return label;
  for (size_t i = 0; i < own.text.size(); ++i) {
    if (own.text[i] == '%' && i + 1 < own.text.size() && own.text[i + 1] >= '1' && own.text[i + 1] <= '9') {
      const int l = own.text[++i] - '1';
      const int64_t n = counts->second[static_cast<size_t>(l)];
      label.text += as_format(n < 0 ? start(l) : n, own.legal && l < at ? "decimal" : level(l).format);
    } else {
      label.text += own.text[i];
    }
  }
  const std::string alone = std::to_string(count);
  label.ordered =
      own.format == "decimal" && (label.text == alone + "." || label.text == alone + ")" || label.text == alone);
  return label;
}

}  // namespace tarn::document::office
