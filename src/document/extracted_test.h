// A file as its reader gives it, as a test asks for it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "document/document.h"

namespace tarn::document {

inline Document extracted(std::string_view bytes, std::string_view mime, std::string_view name) {
  auto d = extract(bytes, mime, name);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? std::move(*d) : Document();
}

// Of the type that its name and its bytes say.
inline Document doc(std::string_view bytes, std::string_view name) {
  return extracted(bytes, detect_type(name, bytes.substr(0, 4096)), name);
}

// Where the words come from: "line 7".
inline std::string place_of(const Document& d, std::string_view words) {
  const auto anchor = anchor_at(d.anchors, d.body.find(words), d.body);
  return anchor ? anchor->kind + " " + anchor->value : "nowhere";
}

}  // namespace tarn::document
