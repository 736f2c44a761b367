// Markdown blocks with the containers they stand in: each line begins with the prefixes of its block quotes and list
// items.
// Shape:   one blank line between blocks, none between the items of a tight list.
// Limits:  containers deeper than kMaxNesting write into the deepest one; full() at kMaxBodyBytes, after which nothing
//          is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::document {

class BlockWriter {
 public:
  void open_quote();
  // `marker` is "- " or "3. ". In a tight list an item that follows another has no blank line before it.
  void open_item(std::string_view marker, bool tight, bool first_in_list, bool nested_in_tight);
  // Goes on with an item that was closed, whose marker had so many bytes.
  void reopen_item(size_t marker_bytes);
  void close_container();

  // One block; its lines get the containers' prefixes. Empty text writes nothing. Where its first line begins.
  size_t write(std::string_view block);

  bool full() const { return full_; }
  int depth() const { return static_cast<int>(containers_.size()) + flattened_; }
  std::string take();

 private:
  struct Container {
    std::string first, rest;  // prefixes of its first line and the others
    bool fresh = true;        // its first line is still to come
    bool joins = false;       // no blank line before it
  };
  std::string out_;
  std::vector<Container> containers_;
  int flattened_ = 0;
  bool full_ = false;
};

// Code between fences that are longer than any in it. It ends without a line break.
std::string fenced(std::string_view code, std::string_view language);

}  // namespace tarn::document
