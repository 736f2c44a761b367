#include "document/office/docx_comments.h"

#include "document/read.h"

namespace tarn::document::office {
namespace {

constexpr size_t kMaxAbout = 200;  // of what a comment stands on, as it is told

}  // namespace

Comment* Comments::find(std::string_view id) {
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : &found->second;
}

void Comments::range(std::string_view id, bool begins) {
  if (!begins) {
    if (const auto open = open_.find(id); open != open_.end()) open_.erase(open);
  } else if (Comment* comment = find(id)) {
    open_.emplace(id, comment);
  }
}

void Comments::say(std::string_view text) {
  for (const auto& [id, comment] : open_) {
    if (comment->about.size() > kMaxAbout) continue;
    comment->about += text;
    if (comment->about.size() > kMaxAbout) comment->about += "…";
  }
}

void Comments::tell(Comment* comment, Blocks* out) {
  if (comment->told || comment->html.empty()) return;
  comment->told = true;
  out->quote(comment_html(comment->author, title_line(comment->about), comment->html));
}

void Comments::tell_rest(Blocks* out) {
  for (auto& [id, comment] : all_) tell(&comment, out);
}

}  // namespace tarn::document::office
