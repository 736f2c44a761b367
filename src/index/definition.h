// What decides the content of a segment beside its data file: the index definition of a table, in two parts with a hash
// each.
// Shape:   a text table (lake/text_table.h) has one definition. The lexical part depends on the analyzer and
//          the way bodies are cut into passages, with the passages' length; the vector part on the encoder and that
//          way. A changed definition means new segments.
// Threads: values.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "delta/snapshot.h"
#include "document/document.h"

namespace tarn::index {

// How long passages are at most: the definition's own number, whatever window a model has (a longer text is cut there
// by the encoder).
inline constexpr size_t kPassageBytes = document::kPassageBytes;  // today's
base::Hash128 lexical_definition(std::string_view analyzer_identity, size_t passage_bytes = kPassageBytes);
base::Hash128 vector_definition(std::string_view encoder_identity, size_t passage_bytes = kPassageBytes);

// Names a data file in a segment's path and header: (add.path, size), of a linked folder's file also its time.
base::Hash128 source_hash(const delta::DataFile& file);

// `<table>/_tarn/lexical-<definition>/<source>.seg`, `…/vector-<definition>/…`
std::string lexical_path(std::string_view table, const base::Hash128& definition, const delta::DataFile& file);
std::string vector_path(std::string_view table, const base::Hash128& definition, const delta::DataFile& file);

// `<table>/_tarn/lexical-<definition>/lexicon-<hash of the segment set>.seg`
std::string lexicon_path(std::string_view table, const base::Hash128& definition, const base::Hash128& segment_set);

base::Hash128 lexicon_source(const std::vector<delta::DataFile>& files);

// What a passage is encoded as: title and headings, the names of a table's columns, then its words without marks. Equal
// inputs have equal vectors. `context` is the line that the passage is read under (document::Passage).
std::string encoder_input(std::string_view title, const document::Passage& passage, std::string_view text,
                          std::string_view context = {});

// The passage's text for the analyzer: byte for byte as long, with link targets and HTML tags blanked, so that offsets
// stay true.
std::string searchable_text(std::string_view text, std::string_view context = {});
// Title, headings and the names of a table's columns, which are searched with every passage below them.
std::string context_text(std::string_view title, const std::vector<std::string>& heading,
                         std::string_view context = {});
// Words of the context and of the text are this far apart, so that no phrase spans both.
inline constexpr uint32_t kContextGap = 100;

// Passages of a row: of the body, each with its anchors, and an empty one for a row that has a title only.
std::vector<document::Passage> passages_of(std::string_view title, std::string_view body,
                                           std::span<const document::Anchor> anchors = {},
                                           size_t passage_bytes = kPassageBytes);

}  // namespace tarn::index
