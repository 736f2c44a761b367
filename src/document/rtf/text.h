// What an RTF file says, written as it comes: characters, paragraphs, cells and rows of the main text and of those
// beside it (notes, comments, text boxes, headers).
// Shape:   a stack of texts: one that begins within another is written where it ends. What holds for the characters and
//          paragraphs comes with each call, as the State of their group.
// Limits:  kMaxFlows texts within each other, and office::kMaxHtmlBytes, of which full() tells.
// Errors:  those of office::markdown_of, and the limit of a body.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"
#include "document/office/fields.h"
#include "document/office/html.h"
#include "document/office/numbering.h"
#include "document/office/tables.h"
#include "document/rtf/destinations.h"
#include "document/rtf/head.h"
#include "document/rtf/state.h"

namespace tarn::document::rtf {

inline constexpr size_t kMaxFlows = 20;

class Text {
 public:
  explicit Text(const Head& head) : head_(head), flows_(1) {}

  void add(std::string_view text, const State& now);
  void add_label(std::string_view text);  // of a list's item
  void add_break(const State& now);
  void begin_field();
  void instruct(std::string_view text) { flow().fields.instruct(text); }
  void separate_field();
  void end_field();

  // `depth`: of the tables that it lies in.
  void end_paragraph(int depth, const State& now);
  void end_cell(int depth, const State& now);
  void end_row(int depth, const State& now);
  RowShape& row(const State& now) { return now.nested_row ? flow().nested_row : flow().row; }

  // A text beside the one that is open; false for one too deep.
  bool begin(Kind kind);
  void end(const State& now);
  void set_author(std::string_view name) { author_ = name; }  // of the next comment

  bool full() const { return flows_[0].out.full(); }
  // The body, the title where nothing said it, and how much was hidden.
  base::Status finish(const State& now, Document* d);

 private:
  // A text of its own, as far as it is read.
  struct Flow {
    Kind kind = Kind::main;
    office::Blocks out;
    office::Inline line;
    office::Fields fields;
    office::OpenTables tables;
    RowShape row, nested_row;
    std::string words;  // whose marks are the same
    std::string said;   // of this paragraph
    std::string label;  // of its list
    std::string mark;   // of a note
    office::Marks marks;
    std::vector<std::string> after;
  };

  Flow& flow() { return flows_.back(); }
  int heading(const State& now) const;
  void say();
  office::Numbering::Label take_label(const State& now);
  void close(const State& now);
  void flush_after();
  void flush_notes();

  const Head& head_;
  std::vector<Flow> flows_;
  std::string author_, title_;
  std::vector<std::string> pending_;  // notes of this section
  std::vector<std::string> heads_, feet_;
  std::set<std::string> told_;
  int notes_ = 0;
  int64_t hidden_ = 0;
};

}  // namespace tarn::document::rtf
