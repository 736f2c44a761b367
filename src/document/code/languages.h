// The programming languages whose files are read, by their names' endings and by a script's first line.
#pragma once

#include <string_view>

namespace tarn::document::code {

// How its declarations are found.
enum class Form { braces, python, ends, shell, sql, none };

struct Language {
  std::string_view name;  // as a fence has it
  std::string_view endings;
  std::string_view interpreters;
  Form form = Form::braces;
};

const Language* language_of_name(std::string_view file_name);  // null: none
const Language* language_of_script(std::string_view head);     // by "#!"

inline constexpr std::string_view kEndings =
    "c h cc cpp cxx hpp hh hxx cs java kt kts go rs py pyi pyw js mjs cjs jsx ts tsx rb rake php sh bash zsh ksh sql "
    "swift "
    "lua scala pl pm dart proto groovy gradle zig cu r jl ps1 psm1 ex exs hs tcl awk";

}  // namespace tarn::document::code
