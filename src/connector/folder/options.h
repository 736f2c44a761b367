// The options of a folder as a source: what is taken of it, and how it is read.
#pragma once

#include <string>
#include <vector>

#include "connector/reading.h"
#include "operation/field.h"

namespace tarn::connector::folder {

struct Options : Reading {
  std::vector<std::string> include = {}, exclude = {};  // gitignore patterns; no include = everything
  bool no_ignore = false;                               // .gitignore and .tarnignore are not obeyed
  bool hidden = false;                                  // also names that start with '.'
  bool keep_originals = false;                          // which ingest does
  bool allow_empty = false;  // believe a source that lost all its items and changed its file system at once
};

}  // namespace tarn::connector::folder

namespace tarn::operation {

template <>
struct Describe<connector::folder::Options> {
  static auto fields() {
    using connector::folder::Options;
    return std::tuple_cat(
        std::tuple{
            field("include", &Options::include, "only paths that match one of these globs").metavar("GLOB"),
            field("exclude", &Options::exclude, "no paths that match one of these globs").metavar("GLOB"),
            field("no_ignore", &Options::no_ignore, "take what .gitignore and .tarnignore files leave out, too"),
            field("hidden", &Options::hidden, "take names that begin with a dot, too").hidden(),
            keep_originals_field(&Options::keep_originals),
            field("allow_empty", &Options::allow_empty,
                  "delete all rows of a source that is empty and on another file system than before"),
        },
        Describe<connector::Reading>::fields());
  }
};

}  // namespace tarn::operation
