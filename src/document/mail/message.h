// A message as the parts that it is made of (MIME).
// Limits:  kMaxDepth of parts within each other: what is deeper is text of the part above. kMaxEntities of a message:
//          what is beyond is left out, and the part above says so. A boundary longer than kMaxBoundaryBytes is none.
// Source:  RFC 2045, 2046.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/mail/header.h"

namespace tarn::document::mail {

inline constexpr int kMaxDepth = 30;
inline constexpr size_t kMaxEntities = 5'000;
inline constexpr size_t kMaxBoundaryBytes = 250;  // RFC 2046 has 70

struct Entity {
  Header header;
  Typed type;         // "text/plain" where it says nothing
  Typed disposition;  // "inline", "attachment", ""
  std::string_view body;
  std::vector<Entity> parts;
  std::string number;  // "1.2": its place in the message; "" of the message itself
  bool cut = false;    // it has more parts than stand here

  std::string file_name() const;
  std::string decoded() const;  // the body without its transfer encoding
};

Entity parse_message(std::string_view message);

}  // namespace tarn::document::mail
