// A document written as HTML, which the reader of HTML makes Markdown of: its lists, tables and escapes are then one.
// Shape:   Inline gathers a paragraph, Blocks what stands below each other; lists open and close by their levels.
// Limits:  kMaxHtmlBytes; what comes after is left out, and full() says so.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace tarn::document::office {

inline constexpr size_t kMaxHtmlBytes = size_t{128} << 20;

std::string escaped(std::string_view text);

struct Marks {
  bool strong = false, emphasis = false, strike = false;
  bool operator==(const Marks&) const = default;
};

class Inline {
 public:
  void add(std::string_view text, Marks marks);
  void add_html(std::string_view html);
  void add_label(std::string_view label);  // of a note: outside of all marks
  void open_link(std::string_view target);
  void close_link();
  bool is_blank() const { return blank_; }
  std::string take();

 private:
  void set(Marks marks);
  std::string out_;
  Marks open_;
  bool link_ = false, blank_ = true;
};

class Blocks {
 public:
  void paragraph(std::string_view html);
  void heading(int level, std::string_view html);  // 1 to 6
  void item(int level, bool ordered, int64_t number, std::string_view html);
  void more(std::string_view html) { put(html); }  // of the item or block that is open
  void quote(std::string_view html);
  void raw(std::string_view html);
  bool full() const { return out_.size() > kMaxHtmlBytes; }
  bool empty() const { return out_.empty(); }
  std::string take();

 private:
  struct List {
    int level;
    bool ordered;
  };
  void close_lists();
  void put(std::string_view html) {
    if (!full()) out_ += html;
  }
  std::string out_;
  std::vector<List> lists_;
};

// A word before the first paragraph of `html`: a note's label, a comment's author.
std::string introduced(std::string_view head, std::string_view html);

// What somebody says of some words: 'Comment (Ann) on "the buoy": …'. Author and words may be missing.
std::string comment_html(std::string_view author, std::string_view about, std::string_view html);

base::Result<std::string> markdown_of(std::string_view html);

}  // namespace tarn::document::office
