// What the first control word of a group says of its characters, and the control words that stand for a character.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tarn::document::rtf {

// Where the characters of a group go.
enum class Place : uint8_t { text, nothing, instruction, fonts, styles, label, property, author };
std::optional<Place> place_of(std::string_view word);

// A text of its own: the main one, a note, a header, a text box, a comment.
enum class Kind : uint8_t { main, note, header, footer, box, comment };
std::optional<Kind> kind_of(std::string_view word);

// What the document says of itself: "title", "creatim".
bool is_property(std::string_view word);

// "emdash" → "—"; "" for a word that stands for no character.
std::string_view character_of(std::string_view word);

}  // namespace tarn::document::rtf
