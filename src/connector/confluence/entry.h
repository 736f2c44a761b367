// One thing of a wiki, as both of its APIs tell it: a page, a blog post, a comment, an attached file.
// Source:  the objects "content" of REST v1 and those of v2; what one of them does not tell stays empty.
// Threads: values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.h"

namespace tarn::connector::confluence {

enum class Kind : char { page = 'p', post = 'b', comment = 'c', attachment = 'a' };

struct Entry {
  Kind kind = Kind::page;
  std::string id, title, status, space;  // space: its key
  int64_t version = 0;
  std::string parent;  // of a page: the id of its parent page; of a comment: of the comment that it answers
  std::vector<std::pair<std::string, std::string>>
      above;              // of a page, where they were told: ids and titles, outermost first
  std::string container;  // of a comment or an attachment: the id of its page
  std::string author;     // an id, or a name
  std::string webui;      // its address for people, below the base
  std::optional<int64_t> created_at_us, updated_at_us;
  std::vector<std::string> labels;
  // Of comments.
  bool is_inline = false, is_resolved = false;
  std::string selection;  // the words on which it stands
  // Of attachments.
  std::string media_type, download, note;
  uint64_t size_bytes = 0;

  std::string storage;  // where it was asked for
};

inline bool is_page(Kind kind) { return kind == Kind::page || kind == Kind::post; }

std::optional<Kind> kind_of(std::string_view type);

Entry entry_v1(const json::Value& content);
// `space_keys`: by id, which is all that v2 tells of a space.
Entry entry_v2(const json::Value& content, Kind kind, const std::map<std::string, std::string>& space_keys);

// How people call somebody, or his id.
std::string name_of(const json::Value& user);

}  // namespace tarn::connector::confluence
