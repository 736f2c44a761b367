// What kind of thing a question asks for, and whether a text has one: "how much does it cost?" is not answered where no
// sum stands.
// Shape:   words and signs of English; a kind that cannot be told is Kind::any, which everything has.
// Source:  written for Tarn; the kinds follow Li and Roth, "Learning Question Classifiers", COLING 2002.
// Threads: pure.
#pragma once

#include <string_view>

namespace tarn::answer {

enum class Kind { any, person, money, number, span, weight, heat, sound, time, rhythm, colour, phone, mail };

Kind asked_kind(std::string_view question);

// False where nothing in the text is of this kind.
bool has_kind(Kind kind, std::string_view text);

// A word that only helps to ask (how many, how long, what time) and need not stand where the answer stands.
bool is_asking_word(std::string_view word);

// Words by which a person speaks to whoever answers (please tell me, I heard that, do you know, thanks): the question
// is about the others. Each with blanks around it.
std::string_view spoken_words();
bool is_spoken_word(std::string_view word);

}  // namespace tarn::answer
