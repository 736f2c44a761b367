#include "index/definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "lake/link.h"

namespace tarn::index {
namespace {

constexpr int kSegmentVersion = 2;  // of the format and of the functions below that shape its content

std::string segment_path(std::string_view table, std::string_view part, const base::Hash128& definition,
                         const delta::DataFile& file) {
  return fmt::format("{}/_tarn/{}-{}/{}.seg", table, part, definition.hex(), source_hash(file).hex());
}

// Definitions were hashed before they named a length: this one goes without, so that segments of then are segments of
// now.
constexpr size_t kUnnamedPassageBytes = 1100;

std::string passage_rule(size_t bytes) {
  const std::string version = std::to_string(document::kPassageVersion);
  return bytes == kUnnamedPassageBytes ? version : fmt::format("{} of {} bytes", version, bytes);
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Title and headings; a heading that repeats the title is said once.
std::string join_context(std::string_view title, const std::vector<std::string>& heading, std::string_view separator) {
  std::string text(title);
  for (const std::string& name : heading) {
    if (name == title) continue;
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

std::string under(std::string_view context, std::string_view text) {
  return std::string(context) + '\n' + std::string(text);
}

}  // namespace

std::string lexicon_path(std::string_view table, const base::Hash128& definition, const base::Hash128& segment_set) {
  return fmt::format("{}/_tarn/lexical-{}/lexicon-{}.seg", table, definition.hex(), segment_set.hex());
}

base::Hash128 lexicon_source(const std::vector<delta::DataFile>& files) {
  base::Hasher128 set;
  for (const delta::DataFile& file : files) set.add(source_hash(file).hex());
  return set.finish();
}

base::Hash128 lexical_definition(std::string_view analyzer_identity, size_t passage_bytes) {
  return base::hash128(fmt::format("tarn lexical {} passages {} analyzer {}", kSegmentVersion,
                                   passage_rule(passage_bytes), analyzer_identity));
}

base::Hash128 vector_definition(std::string_view encoder_identity, size_t passage_bytes) {
  return base::hash128(fmt::format("tarn vector {} passages {} encoder {}", kSegmentVersion,
                                   passage_rule(passage_bytes), encoder_identity));
}

base::Hash128 source_hash(const delta::DataFile& file) {
  const auto time = file.tags.find(std::string(lake::kTimeTag));
  const std::string rest = time == file.tags.end() ? "" : "\n" + time->second;
  return base::hash128(fmt::format("{}\n{}{}", file.path, file.size_bytes, rest));
}

std::string lexical_path(std::string_view table, const base::Hash128& definition, const delta::DataFile& file) {
  return segment_path(table, "lexical", definition, file);
}

std::string vector_path(std::string_view table, const base::Hash128& definition, const delta::DataFile& file) {
  return segment_path(table, "vector", definition, file);
}

std::string context_text(std::string_view title, const std::vector<std::string>& heading, std::string_view context) {
  std::string text = join_context(title, heading, "\n");
  if (!context.empty() && !document::opens_code(context)) {
    if (!text.empty()) text += '\n';
    text += searchable_text(context);
  }
  return text;
}

std::string encoder_input(std::string_view title, const document::Passage& passage, std::string_view text,
                          std::string_view context) {
  std::string input = join_context(title, passage.heading, " > ");
  const std::string words = document::plain_text(context.empty() ? std::string(text) : under(context, text));
  // The passage's own first line is usually its last heading; said once is enough.
  const std::string_view last =
      passage.heading.empty() ? std::string_view(title) : std::string_view(passage.heading.back());
  std::string_view rest = words;
  if (!last.empty() && rest.starts_with(last)) rest.remove_prefix(last.size());
  while (!rest.empty() && (rest.front() == '\n' || rest.front() == ' ')) rest.remove_prefix(1);
  if (!rest.empty()) {
    if (!input.empty()) input += "\n";
    input += rest;
  }
  return input;
}

std::vector<document::Passage> passages_of(std::string_view title, std::string_view body,
                                           std::span<const document::Anchor> anchors, size_t passage_bytes) {
  std::vector<document::Passage> passages = document::split_passages(body, passage_bytes);
  if (!anchors.empty()) {
    document::AnchorWalk walk(anchors, body);
    for (document::Passage& passage : passages) passage.anchors = walk.next(passage.start, passage.end);
  }
  if (passages.empty() && !blank(title)) passages.push_back({{}, 0, 0});
  return passages;
}

}  // namespace tarn::index
