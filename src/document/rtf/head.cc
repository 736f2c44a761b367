#include "document/rtf/head.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "document/compound/characters.h"
#include "document/office/package.h"
#include "document/office/properties.h"
#include "document/read.h"
#include "document/rtf/destinations.h"

namespace tarn::document::rtf {
namespace {

constexpr size_t kMaxStyles = 10'000, kMaxFonts = 10'000;

// Names end with a semicolon.
std::string_view name_of(std::string_view text) {
  text = base::trimmed(text);
  if (text.ends_with(';')) text.remove_suffix(1);
  return text;
}

}  // namespace

const Font* Head::font(int number) const {
  const auto found = fonts_.find(number);
  return found == fonts_.end() ? nullptr : &found->second;
}

const office::Style& Head::style(int number) const {
  static const office::Style nothing;
  const auto found = styles_.find(number);
  return found == styles_.end() ? nothing : found->second;
}

void Head::font_word(const Token& t) {
  if (t.name == "f" && fonts_.size() < kMaxFonts) {
    font_number_ = t.number;
    fonts_[font_number_];
  }
  const auto found = fonts_.find(font_number_);
  if (found == fonts_.end()) return;
  if (t.name == "fcharset") {
    found->second.code_page = compound::code_page_of_charset(t.number);
    found->second.is_symbol = t.number == 2;
  }
  if (t.name == "cpg" && t.number > 0) found->second.code_page = t.number;
}

void Head::end_font(std::string_view text) {
  const std::string_view name = name_of(text);
  const auto found = fonts_.find(font_number_);
  if (name.empty() || found == fonts_.end()) return;
  Font& font = found->second;
  if (font.name.empty()) font.name = name;
  font.is_symbol |= font.name == "Symbol" || font.name.starts_with("Wingdings");
}

void Head::style_word(const Token& t) {
  if (t.name == "s" || t.name == "cs" || t.name == "ds" || t.name == "ts") style_number_ = t.number;
  if (t.name == "outlinelevel" && t.number >= 0 && t.number < 9) open_style_.heading = t.number + 1;
  if (t.name == "sbasedon") based_on_ = t.number;
  if (t.name == "v") open_style_.hidden = 1;
}

void Head::end_style(std::string_view text) {
  office::Style own = std::exchange(open_style_, {});
  const int number = std::exchange(style_number_, 0), based_on = std::exchange(based_on_, -1);
  if (styles_.size() >= kMaxStyles) return;
  const int outlined = own.heading;
  office::name_style(name_of(text), &own);
  if (own.heading == 0 && !own.title) own.heading = outlined;
  // What it is based on stands before it, or says nothing.
  if (based_on != number) office::base_style(style(based_on), &own);
  styles_[number] = std::move(own);
}

void Head::begin_property(std::string_view word) {
  property_ = is_property(word) ? word : std::string_view();
  year_ = month_ = day_ = hour_ = minute_ = 0;
}

void Head::time_word(const Token& t, Document* d) {
  if (t.name == "yr") year_ = t.number;
  if (t.name == "mo") month_ = t.number;
  if (t.name == "dy") day_ = t.number;
  if (t.name == "hr") hour_ = t.number;
  if (t.name == "min") minute_ = t.number;
  if (year_ < 1601 || year_ > 9999 || month_ < 1 || month_ > 12 || day_ < 1 || day_ > 31) return;
  if (hour_ < 0 || hour_ > 23 || minute_ < 0 || minute_ > 59) return;
  const auto time = stated_time(fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:00", year_, month_, day_, hour_, minute_));
  if (property_ == "creatim") d->created_at_us = time;
  if (property_ == "revtim") d->updated_at_us = time;
}

void Head::end_property(std::string_view stated, Document* d) {
  const std::string text = title_line(office::clean(stated)), name = std::exchange(property_, {});
  if (text.empty()) return;
  if (name == "title") d->title = text;
  if (name == "author") d->author = text;
  if (name == "keywords") office::add_labels(text, d);
  if (name == "subject") d->extra.set("subject", text);
  if (name == "doccomm") d->extra.set("description", text);
  if (name == "operator" && text != d->author) d->extra.set("modified_by", text);
  if (name == "company" || name == "manager" || name == "category") d->extra.set(name, text);
}

}  // namespace tarn::document::rtf
