// The fields of a text of Word: an instruction, which is not shown, and the result that it had last.
// Shape:   begin, the instruction's text, separate, the result, end; within each other. A field that links makes a link
//          of its result; numbers of pages are left out: there are no pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/office/html.h"

namespace tarn::document::office {

class Fields {
 public:
  void begin();
  void instruct(std::string_view text);
  void separate(Inline* line);
  void end(Inline* line);
  // Whether what comes now is shown: it is no instruction, nor within one.
  bool shows() const;
  bool in_instruction() const { return !open_.empty() && !open_.back().result; }
  bool empty() const { return open_.empty(); }

 private:
  struct Field {
    std::string instruction;
    bool result = false, link = false, silent = false;
  };
  std::vector<Field> open_;
  size_t too_deep_ = 0;
};

bool is_page_number(std::string_view instruction);
// ` HYPERLINK "https://…" ` → its address; "" for a place in the document, or another instruction.
std::string link_of(std::string_view instruction);

}  // namespace tarn::document::office
