#include "document/rtf/destinations.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace tarn::document::rtf {
namespace {

template <typename Value>
std::optional<Value> found_in(const std::map<std::string_view, Value>& words, std::string_view word) {
  const auto found = words.find(word);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<Place> place_of(std::string_view word) {
  static const std::map<std::string_view, Place> kPlaces = {
      {"fonttbl", Place::fonts},        {"stylesheet", Place::styles},
      {"listtext", Place::label},       {"pntext", Place::label},
      {"fldinst", Place::instruction},  {"atnauthor", Place::author},
      {"colortbl", Place::nothing},     {"filetbl", Place::nothing},
      {"pict", Place::nothing},         {"object", Place::text},
      {"objdata", Place::nothing},      {"objclass", Place::nothing},
      {"nonshppict", Place::nothing},   {"shprslt", Place::nothing},
      {"nonesttables", Place::nothing}, {"xe", Place::nothing},
      {"tc", Place::nothing},           {"rxe", Place::nothing},
      {"listtable", Place::nothing},    {"revtbl", Place::nothing},
      {"bkmkstart", Place::nothing},    {"bkmkend", Place::nothing},
      {"listname", Place::nothing},     {"themedata", Place::nothing},
      {"upr", Place::nothing},          {"mmathPr", Place::nothing},
      {"falt", Place::nothing},         {"panose", Place::nothing},
      {"result", Place::text},          {"fldrslt", Place::text},
      {"atnid", Place::nothing},        {"atnref", Place::nothing},
      {"footnotesep", Place::nothing},  {"ftnsep", Place::nothing},
      {"ftnsepc", Place::nothing},      {"aftnsep", Place::nothing},
      {"aftnsepc", Place::nothing},     {"shp", Place::text},
      {"shpinst", Place::text},         {"shpgrp", Place::text},
      {"sp", Place::nothing},           {"do", Place::text},
      {"nesttableprops", Place::text},  {"txfieldtext", Place::text},
      {"background", Place::nothing},   {"datafield", Place::nothing},
      {"moMath", Place::text},          {"moMathPara", Place::text}};
  return found_in(kPlaces, word);
}

std::optional<Kind> kind_of(std::string_view word) {
  static const std::map<std::string_view, Kind> kKinds = {
      {"footnote", Kind::note},  {"header", Kind::header}, {"headerl", Kind::header}, {"headerr", Kind::header},
      {"headerf", Kind::header}, {"footer", Kind::footer}, {"footerl", Kind::footer}, {"footerr", Kind::footer},
      {"footerf", Kind::footer}, {"shptxt", Kind::box},    {"dptxbxtext", Kind::box}, {"annotation", Kind::comment}};
  return found_in(kKinds, word);
}

bool is_property(std::string_view word) {
  static constexpr std::string_view kProperties[] = {"title",   "author",  "keywords", "subject", "doccomm", "operator",
                                                     "company", "manager", "category", "creatim", "revtim"};
  return std::find(std::begin(kProperties), std::end(kProperties), word) != std::end(kProperties);
}

std::string_view character_of(std::string_view word) {
  static const std::map<std::string_view, std::string_view> kCharacters = {
      {"tab", " "},     {"emdash", "—"},    {"endash", "–"},    {"bullet", "•"},  {"lquote", "‘"},
      {"rquote", "’"},  {"ldblquote", "“"}, {"rdblquote", "”"}, {"emspace", " "}, {"enspace", " "},
      {"qmspace", " "}, {"~", "\xC2\xA0"},  {"_", "-"},         {"page", " "},    {"column", " "}};
  return found_in(kCharacters, word).value_or(std::string_view());
}

}  // namespace tarn::document::rtf
