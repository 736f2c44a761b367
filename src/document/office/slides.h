// Slides one after another as one Markdown text, with an anchor for each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/anchor.h"
#include "document/office/html.h"
#include "document/read.h"

namespace tarn::document::office {

struct Slides {
  std::string body;
  std::vector<Anchor> anchors;

  // exhausted where they are over kMaxBodyBytes.
  base::Status add(int64_t number, std::string_view html) {
    TARN_ASSIGN(const std::string text, markdown_of(html));
    if (body.size() + text.size() > kMaxBodyBytes) return over_body_limit();
    if (!body.empty()) body += '\n';
    anchors.push_back({body.size(), std::string(kSlide), std::to_string(number)});
    body += text;
    return {};
  }
};

}  // namespace tarn::document::office
