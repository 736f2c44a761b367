// The programming languages whose files are read, by their names' endings and by a script's first line.
#pragma once

#include <array>
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

inline constexpr Language kLanguages[] = {
    {"c", "c h", ""},
    {"cpp", "cc cpp cxx hpp hh hxx cu", ""},
    {"csharp", "cs", ""},
    {"java", "java", ""},
    {"kotlin", "kt kts", ""},
    {"go", "go", ""},
    {"rust", "rs", ""},
    {"python", "py pyi pyw", "python python2 python3", Form::python},
    {"javascript", "js mjs cjs jsx", "node nodejs deno bun"},
    {"typescript", "ts tsx", "ts-node"},
    {"ruby", "rb rake", "ruby", Form::ends},
    {"php", "php", "php"},
    {"bash", "sh bash zsh ksh", "sh bash zsh ksh dash", Form::shell},
    {"sql", "sql", "", Form::sql},
    {"swift", "swift", "swift"},
    {"lua", "lua", "lua luajit", Form::ends},
    {"scala", "scala", "scala"},
    {"perl", "pl pm", "perl"},
    {"dart", "dart", "dart"},
    {"protobuf", "proto", ""},
    {"groovy", "groovy gradle", "groovy"},
    {"zig", "zig", ""},
    {"r", "r", "Rscript", Form::none},
    {"julia", "jl", "julia", Form::ends},
    {"powershell", "ps1 psm1", "pwsh"},
    {"elixir", "ex exs", "elixir", Form::ends},
    {"haskell", "hs", "runhaskell", Form::none},
    {"tcl", "tcl", "tclsh wish expect"},
    {"awk", "awk", "awk gawk mawk"},
};

// All endings, with blanks between them.
inline constexpr auto kJoinedEndings = [] {
  constexpr size_t kBytes = [] {
    size_t bytes = 0;
    for (const Language& language : kLanguages) bytes += language.endings.size() + 1;
    return bytes;
  }();
  std::array<char, kBytes> out{};
  size_t at = 0;
  for (const Language& language : kLanguages) {
    for (const char c : language.endings) out[at++] = c;
    out[at++] = ' ';
  }
  return out;
}();
inline constexpr std::string_view kEndings(kJoinedEndings.data(), kJoinedEndings.size() - 1);

const Language* language_of_name(std::string_view file_name);  // null: none
const Language* language_of_script(std::string_view head);     // by "#!"

}  // namespace tarn::document::code
