// What a message quotes of another one, and what it says itself.
// Shape:   a quote is lines that begin with ">", or all that stands below "-----Original Message-----" or below the
//          block of From, Sent, To and Subject that Outlook writes. A paragraph of it is known where every four words
//          in a row stand so in the other message too; marks and line breaks do not count.
// Limits:  kMaxComparedBytes of a text; a quote with less than kShortQuote that is known stays, since it gives what is
//          said below it its sense.
// Threads: a Words is shared freely once it is made.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace tarn::document::mail {

inline constexpr size_t kMaxComparedBytes = size_t{1} << 20;
inline constexpr size_t kShortQuote = 240;
inline constexpr size_t kLongestRow = 4;  // of words that are compared

// The words of a text, in their order.
class Words {
 public:
  explicit Words(std::string_view text);
  bool have(std::string_view paragraph) const;

 private:
  std::array<std::unordered_set<uint64_t>, kLongestRow> rows_;  // by their length
};

// Puts one line that names the message in place of what its quotes have of the other one; gives how many bytes went.
size_t fold_quotes(std::string* text, const Words& other, std::string_view other_id);

// A long quote at the start of a text goes behind what is said below it, where nothing else is quoted.
void own_words_first(std::string* text);

}  // namespace tarn::document::mail
