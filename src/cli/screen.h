// The one way to a terminal: nothing that a document, a file's name or a cell holds can act on it.
// Shape:   what passes is printable text, '\n', '\t' and, where colour is on, exactly the marks that Style makes.
//          Control characters (C0, DEL, C1 in either form), the overrides of direction and bytes that are not UTF-8
//          become U+FFFD; "\r\n" becomes "\n". A character or mark that is cut between two writes is put together
//          again.
// Rule:    this is for terminals. What goes to a file or a pipe is byte for byte what the format says.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace tarn::cli {

class ScreenOutput final : public Output {
 public:
  explicit ScreenOutput(Output& terminal) : terminal_(terminal) {}
  void allow_marks(bool allowed) override {
    flush();
    marks_ = allowed;
  }
  void erase_line() override;

 private:
  base::Status put(std::string_view text, bool* closed) override;
  std::string filtered(std::string_view text);

  Output& terminal_;
  bool marks_ = false;
  std::string held_;  // the beginning of a character or of a mark
};

// JSON with what a terminal must not get written as \u escapes: the same values.
std::string json_for_screen(std::string_view json);

}  // namespace tarn::cli
