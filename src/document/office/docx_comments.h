// The comments of a Word document: who says what, and on which words.
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "document/office/html.h"

namespace tarn::document::office {

struct Comment {
  std::string author, html;
  std::string about;  // the words that it stands on
  bool told = false;
};

class Comments {
 public:
  void add(std::string id, Comment comment) { all_.emplace(std::move(id), std::move(comment)); }
  Comment* find(std::string_view id);
  // A range of words begins or ends.
  void range(std::string_view id, bool begins);
  // Words that stand in the ranges that are open.
  void say(std::string_view text);
  void tell(Comment* comment, Blocks* out);
  void tell_rest(Blocks* out);
  // The ranges that are open; what stands beside the text is in none.
  using Open = std::map<std::string, Comment*, std::less<>>;
  Open exchange_open(Open open) { return std::exchange(open_, std::move(open)); }

 private:
  std::map<std::string, Comment, std::less<>> all_;
  Open open_;
};

}  // namespace tarn::document::office
