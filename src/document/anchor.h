// Places of a source that a body's bytes came from: pages, slides, sheets, cells, lines, seconds, parts of a message,
// cells of a notebook.
// Shape:   an anchor holds from its byte of the body to the next one. A line's number is that of the line in which the
//          anchor stands: those after it are counted in the body, so that one anchor does for a file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document {

// Kinds that there are. A later program may know more: they are words, and shown as they stand.
inline constexpr std::string_view kPage = "page", kSlide = "slide", kSheet = "sheet", kCells = "cells", kLine = "line",
                                  kSecond = "second", kMessagePart = "message part", kCell = "cell";
inline constexpr size_t kMaxAnchorBytes = 1000;  // of kind and value

struct Anchor {
  uint64_t start = 0;  // byte of the body
  std::string kind, value;
  bool operator==(const Anchor&) const = default;
};

// The place of the byte `at`, by the nearest anchor at or before it; nothing before the first one. `text` is the body
// from byte `from` on, and reaches from that anchor to `at` where it counts lines.
std::optional<Anchor> anchor_at(std::span<const Anchor> anchors, uint64_t at, std::string_view text, uint64_t from = 0);

// Goes through a body once, span by span.
class AnchorWalk {
 public:
  AnchorWalk(std::span<const Anchor> anchors, std::string_view body) : anchors_(anchors), body_(body) {}
  // Of the bytes [start, end): the place of the first, and the anchors that stand behind it. `start` never goes down.
  std::vector<Anchor> next(uint64_t start, uint64_t end);

 private:
  std::span<const Anchor> anchors_;  // that are still to come
  std::string_view body_;
  std::optional<Anchor> at_;
};

// Whether anchors may be a body's: ascending, within it, no longer than their limits. They come from workers and files.
bool are_valid(std::span<const Anchor> anchors, uint64_t body_bytes);

}  // namespace tarn::document
