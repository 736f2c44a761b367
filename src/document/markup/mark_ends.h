// Where marks within a paragraph end. What was looked through once without finding an end is not looked through again,
// so that a text of a million marks that never end takes no longer than any other.
// Limits:  kMaxMarkBytes from a mark to its end.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace tarn::document::markup {

inline constexpr size_t kMaxMarkBytes = 5000;

class MarkEnds {
 public:
  explicit MarkEnds(std::string_view text) : text_(text) {}

  // The first `sign` from `first` on that `ends` takes, and that begins less than kMaxMarkBytes behind `mark`; npos:
  // there is none. `mark` never gets smaller from call to call; `ends` says the same of a place whatever began before.
  template <typename Ends>
  size_t find(std::string_view sign, size_t mark, size_t first, Ends&& ends) {
    auto known = looked_.find(sign);
    if (known == looked_.end()) known = looked_.emplace(std::string(sign), 0).first;
    size_t& looked = known->second;
    const std::string_view near = text_.substr(0, std::min(text_.size(), mark + kMaxMarkBytes + sign.size() - 1));
    for (size_t at = near.find(sign, std::max(first, looked)); at != std::string_view::npos;
         at = near.find(sign, at + 1)) {
      looked = at;
      if (ends(at)) return at;
    }
    looked = std::max(looked, near.size() - std::min(near.size(), sign.size() - 1));
    return std::string_view::npos;
  }

 private:
  std::string_view text_;
  std::map<std::string, size_t, std::less<>> looked_;  // of each sign: none that begins before it ends a mark
};

}  // namespace tarn::document::markup
