// The worked examples of format documents, for tests that hold the code against them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace tarn::base {

// The indented block after the line that has `mark` in a format document.
inline std::string example(const std::string& document, const std::string& mark) {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/" + document);
  EXPECT_TRUE(file.good()) << document;
  std::string line, block;
  bool found = false;
  while (std::getline(file, line)) {
    if (!found) {
      found = line.find(mark) != std::string::npos;
    } else if (line.starts_with("    ")) {
      block += line.substr(4) + "\n";
    } else if (!block.empty()) {
      return block;
    }
  }
  EXPECT_FALSE(block.empty()) << document << " has no example for " << mark;
  return block;
}

}  // namespace tarn::base
