// What a table is called: "main.docs" for people and in SQL, main/docs below the lake's root.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::lake {

// What is written as a name, in full: "docs" → "main.docs". invalid_argument for anything but [A-Za-z0-9_-] with one
// dot at most, and for a part that begins with '_' or '-'.
base::Result<std::string> full_name(std::string_view written);
bool is_full_name(std::string_view text);

// The parts of a full name.
std::string_view namespace_of(std::string_view name);
std::string_view name_within(std::string_view name);

std::string path_of_table(std::string_view name);  // "main.docs" → "main/docs"
std::string name_of_table(std::string_view path);  // and back

}  // namespace tarn::lake
