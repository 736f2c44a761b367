#include "document/rtf/state.h"

#include <algorithm>
#include <utility>

namespace tarn::document::rtf {
namespace {

constexpr size_t kMaxEdges = 1'000;
constexpr int kMaxDepth = 100;

}  // namespace

int State::table_depth() const { return in_table ? std::max(depth, 1) : 0; }

bool State::take_character(std::string_view word, int32_t number, bool on, int default_font) {
  if (word == "b") {
    strong = on;
  } else if (word == "i") {
    emphasis = on;
  } else if (word == "strike" || word == "striked") {
    strike = on;
  } else if (word == "v") {
    hidden = on;
  } else if (word == "deleted") {
    deleted = on;
  } else if (word == "f") {
    font = number;
  } else if (word == "cs") {
    character_style = number;
  } else if (word == "plain") {
    strong = emphasis = strike = hidden = deleted = false;
    font = default_font;
    character_style = -1;
  } else {
    return false;
  }
  return true;
}

bool State::take_paragraph(std::string_view word, int32_t number) {
  if (word == "pard") {
    in_table = false;
    depth = list = level = style = 0;
    outline = -1;
  } else if (word == "s") {
    style = number;
  } else if (word == "outlinelevel") {
    outline = number;
  } else if (word == "intbl") {
    in_table = true;
  } else if (word == "itap") {
    depth = std::clamp(number, 0, kMaxDepth);
    in_table |= number > 0;
  } else if (word == "ls") {
    list = number;
  } else if (word == "ilvl") {
    level = number;
  } else {
    return false;
  }
  return true;
}

bool RowShape::take(std::string_view word, int32_t number) {
  if (word == "trowd") {
    *this = {};
  } else if (word == "trleft") {
    left = number;
  } else if (word == "trhdr") {
    head = true;
  } else if (word == "clmrg") {
    next.merged = true;
  } else if (word == "clvmgf") {
    next.begins = true;
  } else if (word == "clvmrg") {
    next.goes_on = true;
  } else if (word == "cellx") {
    next.right = number;
    const office::CellEdge edge = std::exchange(next, {});
    if (edges.size() < kMaxEdges) edges.push_back(edge);
  } else {
    return false;
  }
  return true;
}

}  // namespace tarn::document::rtf
