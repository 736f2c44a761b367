// The text of a Word document: paragraphs, headings, lists, tables, notes, comments, text boxes; changes as accepted.
// Source:  ECMA-376, part 1, section 17 (WordprocessingML).
#pragma once

#include <map>
#include <memory>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"
#include "document/office/docx_comments.h"
#include "document/office/fields.h"
#include "document/office/html.h"
#include "document/office/numbering.h"
#include "document/office/package.h"
#include "document/office/word_styles.h"

namespace tarn::document::office {

class DocxText {
 public:
  // `name`: of the main part.
  DocxText(Package& package, std::string name) : package_(package), name_(std::move(name)) {}
  base::Status read(pugi::xml_node root, Document* d);

 private:
  // A part beside the main one, with what it leads to.
  struct Part {
    std::unique_ptr<pugi::xml_document> xml;
    std::map<std::string, Relation> relations;
  };
  struct Note {
    pugi::xml_node node;
    const Part* part = nullptr;
  };

  Part part(std::string_view type);
  void load_notes(std::string_view kind, const Part& part);
  void load_comments(const Part& part);
  void heads(pugi::xml_node content, std::string_view reference, Blocks* out);
  void blocks(pugi::xml_node parent, Blocks* out, int depth, bool top);
  // A whole text, or a cell of one: its last paragraph ends with it.
  void whole(pugi::xml_node parent, Blocks* out, int depth, bool top);
  void paragraph(pugi::xml_node p, Blocks* out, int depth, bool top);
  void table(pugi::xml_node t, Blocks* out, int depth);
  void end_paragraph(Blocks* out);
  void flush_after(Blocks* out);
  void flush_notes(Blocks* out);
  void say(std::string_view text, Marks marks);
  void runs(pugi::xml_node parent, int depth);
  void run(pugi::xml_node r, int depth);
  void piece(pugi::xml_node n, Marks marks, bool hidden, int depth);
  Marks marks_of(pugi::xml_node properties, bool* hidden) const;
  void symbol(pugi::xml_node n);
  void ruby(pugi::xml_node n, int depth);
  void drawing(pugi::xml_node n, int depth);
  void field(std::string_view type);
  void note(const std::string& kind, std::string_view id);
  std::string aside(pugi::xml_node n, int depth);

  Package& package_;
  const std::string name_;
  std::map<std::string, Relation> main_relations_;
  const std::map<std::string, Relation>* relations_ = &main_relations_;  // of the part that is read
  Styles styles_;
  Numbering numbering_;
  Comments comments_;
  std::map<std::string, Note> notes_;  // by kind and id
  std::set<std::string> heads_read_, heads_told_, told_pictures_;
  std::vector<std::string> pending_;  // notes of this section
  int note_depth_ = 0;
  std::vector<Comment*> due_;       // of this block
  std::vector<std::string> after_;  // text boxes of this block
  Fields fields_;
  Inline inline_;
  const Style* style_ = &styles_.get("");
  std::string title_, said_;
  int cell_depth_ = 0;
  bool in_heading_ = false;
  int notes_told_ = 0;
  int64_t hidden_ = 0, deleted_ = 0;
};

}  // namespace tarn::document::office
