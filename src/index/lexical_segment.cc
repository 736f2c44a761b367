#include "index/lexical_segment.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/bytes.h"

namespace tarn::index {
namespace {

using base::Code;
using base::load_le;
using base::Result;
using base::Status;

constexpr size_t kPassageRecordBytes = 36;  // document, start, end, heading, block, offset in block, size, context
constexpr size_t kBlockRecordBytes = 24;    // offset u64, checksum u64, compressed u32, raw u32
constexpr size_t kBlockBytes = 16 << 10;    // raw text at which a block is closed
constexpr size_t kMaxBlockBytes = 256 << 20;
constexpr int kCompressionLevel = 3;

Status corrupt(const std::string& path, std::string_view what) {
  return {Code::corruption, fmt::format("{}: {}", path, what)};
}

uint32_t u32(const char* array, size_t index) { return load_le<uint32_t>(array + index * 4); }
uint64_t u64(const char* array, size_t index) { return load_le<uint64_t>(array + index * 8); }

}  // namespace

struct LexicalWriter::State {
  std::vector<uint32_t> rows, first_passages;
  std::vector<uint64_t> string_offsets;
  std::string strings;
  std::string passages;
  std::map<std::vector<std::string>, uint32_t> heading_ordinals;
  std::vector<uint32_t> heading_offsets;
  std::string headings;
  std::string block_records, blocks, open_block;
  std::vector<std::string> anchor_kinds;
  std::vector<uint32_t> anchor_offsets;
  std::string anchors;
  uint32_t passage_count = 0, block_count = 0;
  inverted::Builder inverted;

  uint32_t heading_ordinal(const std::vector<std::string>& path);
  void close_block();
  void add_anchors(const document::Passage& passage);
  std::string anchor_section() const;
};

LexicalWriter::LexicalWriter() : state_(std::make_unique<State>()) {}
LexicalWriter::~LexicalWriter() = default;

uint32_t LexicalWriter::State::heading_ordinal(const std::vector<std::string>& path) {
  const auto [it, fresh] = heading_ordinals.try_emplace(path, static_cast<uint32_t>(heading_ordinals.size()));
  if (fresh) {
    heading_offsets.push_back(static_cast<uint32_t>(headings.size()));
    base::ByteWriter writer(&headings);
    for (const std::string& name : path) writer.text(name);
  }
  return it->second;
}

void LexicalWriter::State::close_block() {
  if (open_block.empty()) return;
  const size_t bound = ZSTD_compressBound(open_block.size());
  const size_t offset = blocks.size();
  blocks.resize(offset + bound);
  const size_t size =
      ZSTD_compress(blocks.data() + offset, bound, open_block.data(), open_block.size(), kCompressionLevel);
  TARN_CHECK(!ZSTD_isError(size));
  blocks.resize(offset + size);
  base::ByteWriter writer(&block_records);
  writer.fixed(static_cast<uint64_t>(offset));
  writer.fixed(base::hash64(std::string_view(blocks).substr(offset)));
  writer.fixed(static_cast<uint32_t>(size));
  writer.fixed(static_cast<uint32_t>(open_block.size()));
  ++block_count;
  open_block.clear();
}

void LexicalWriter::State::add_anchors(const document::Passage& passage) {
  anchor_offsets.push_back(static_cast<uint32_t>(anchors.size()));
  base::ByteWriter writer(&anchors);
  for (const document::Anchor& anchor : passage.anchors) {
    const auto kind = std::find(anchor_kinds.begin(), anchor_kinds.end(), anchor.kind);
    writer.varint(anchor.start - passage.start);
    writer.varint(static_cast<uint64_t>(kind - anchor_kinds.begin()));
    writer.text(anchor.value);
    if (kind == anchor_kinds.end()) anchor_kinds.push_back(anchor.kind);
  }
  TARN_CHECK(anchors.size() <= std::numeric_limits<uint32_t>::max());
}

std::string LexicalWriter::State::anchor_section() const {
  std::string section;
  base::ByteWriter writer(&section);
  writer.fixed(static_cast<uint32_t>(anchor_kinds.size()));
  for (uint32_t offset : anchor_offsets) writer.fixed(offset);
  writer.fixed(static_cast<uint32_t>(anchors.size()));
  for (const std::string& kind : anchor_kinds) writer.text(kind);
  writer.bytes(anchors);
  return section;
}

void LexicalWriter::begin_document(const DocumentInput& document) {
  state_->rows.push_back(static_cast<uint32_t>(document.row.value));
  state_->first_passages.push_back(state_->passage_count);
  for (std::string_view s : {document.id, document.title, document.uri}) {
    state_->string_offsets.push_back(state_->strings.size());
    state_->strings.append(s);
  }
}

void LexicalWriter::add_passage(const document::Passage& passage, std::string_view text,
                                std::span<const inverted::Occurrence> occurrences) {
  TARN_CHECK(!state_->rows.empty());
  if (!state_->open_block.empty() && state_->open_block.size() + text.size() > kBlockBytes) state_->close_block();
  base::ByteWriter writer(&state_->passages);
  writer.fixed(static_cast<uint32_t>(state_->rows.size() - 1));
  writer.fixed(static_cast<uint32_t>(passage.start));
  writer.fixed(static_cast<uint32_t>(passage.end));
  writer.fixed(state_->heading_ordinal(passage.heading));
  writer.fixed(state_->block_count);
  writer.fixed(static_cast<uint32_t>(state_->open_block.size()));
  writer.fixed(static_cast<uint32_t>(text.size()));
  writer.fixed(static_cast<uint32_t>(passage.context_start));
  writer.fixed(static_cast<uint32_t>(passage.context_end));
  state_->open_block.append(text);
  state_->add_anchors(passage);
  ++state_->passage_count;
  state_->inverted.add_passage(occurrences);
}

std::string LexicalWriter::finish(const base::Hash128& definition, const base::Hash128& source) {
  State& s = *state_;
  s.close_block();
  s.first_passages.push_back(s.passage_count);
  s.string_offsets.push_back(s.strings.size());
  s.heading_offsets.push_back(static_cast<uint32_t>(s.headings.size()));

  std::string documents, headings, texts;
  base::ByteWriter writer(&documents);
  writer.fixed(static_cast<uint32_t>(s.rows.size()));
  writer.fixed(s.passage_count);
  for (uint64_t offset : s.string_offsets) writer.fixed(offset);
  for (uint32_t row : s.rows) writer.fixed(row);
  for (uint32_t first : s.first_passages) writer.fixed(first);
  writer.bytes(s.strings);

  base::ByteWriter heading_writer(&headings);
  heading_writer.fixed(static_cast<uint32_t>(s.heading_offsets.size() - 1));
  for (uint32_t offset : s.heading_offsets) heading_writer.fixed(offset);
  heading_writer.bytes(s.headings);

  base::ByteWriter text_writer(&texts);
  text_writer.fixed(s.block_count);
  text_writer.fixed(uint32_t{0});
  text_writer.fixed(base::hash64(s.block_records));
  text_writer.bytes(s.block_records);
  text_writer.bytes(s.blocks);

  std::vector<Section> sections;
  sections.push_back({SectionId::documents, std::move(documents)});
  sections.push_back({SectionId::passages, std::move(s.passages)});
  sections.push_back({SectionId::headings, std::move(headings)});
  sections.push_back({SectionId::texts, std::move(texts)});
  sections.push_back({SectionId::inverted, s.inverted.finish()});
  if (!s.anchors.empty()) sections.push_back({SectionId::anchors, s.anchor_section()});
  return write_container(Part::lexical, definition, source, sections);
}

Result<std::shared_ptr<const LexicalSegment>> LexicalSegment::open(std::shared_ptr<const Container> container) {
  std::shared_ptr<LexicalSegment> segment(new LexicalSegment());
  segment->container_ = container;
  TARN_ASSIGN(std::string_view documents, container->section(SectionId::documents));
  TARN_TRY(segment->open_documents(documents));
  TARN_ASSIGN(std::string_view headings, container->section(SectionId::headings));
  TARN_TRY(segment->open_headings(headings));
  TARN_ASSIGN(std::string_view texts, container->section_unverified(SectionId::texts));
  TARN_TRY(segment->open_texts(texts));
  TARN_ASSIGN(std::string_view passages, container->section(SectionId::passages));
  TARN_TRY(segment->open_passages(passages));
  if (container->has(SectionId::anchors)) {
    TARN_ASSIGN(std::string_view anchors, container->section(SectionId::anchors));
    TARN_TRY(segment->open_anchors(anchors));
  }
  TARN_ASSIGN(std::string_view inverted, container->section(SectionId::inverted));
  TARN_ASSIGN(segment->inverted_, inverted::Reader::open(inverted, container->path()));
  if (segment->inverted_->passage_count() != segment->passage_count_) {
    return corrupt(container->path(), "the inverted file has another number of passages");
  }
  return std::shared_ptr<const LexicalSegment>(std::move(segment));
}

Status LexicalSegment::open_documents(std::string_view bytes) {
  base::ByteReader reader(bytes, path());
  TARN_ASSIGN(document_count_, reader.fixed<uint32_t>());
  TARN_ASSIGN(passage_count_, reader.fixed<uint32_t>());
  const uint64_t n = document_count_;
  TARN_ASSIGN(std::string_view string_offsets, reader.bytes((3 * n + 1) * 8));
  TARN_ASSIGN(std::string_view rows, reader.bytes(n * 4));
  TARN_ASSIGN(std::string_view first_passages, reader.bytes((n + 1) * 4));
  string_offsets_ = string_offsets.data();
  rows_ = rows.data();
  first_passages_ = first_passages.data();
  TARN_ASSIGN(strings_, reader.bytes(reader.remaining()));
  uint64_t offset = 0;
  for (uint64_t i = 0; i <= 3 * n; ++i) {
    const uint64_t next = u64(string_offsets_, i);
    if (next < offset || next > strings_.size()) return reader.corrupt("a string lies outside its section");
    offset = next;
  }
  for (uint64_t i = 0; i < n; ++i) {
    if (u32(first_passages_, i) > u32(first_passages_, i + 1)) return reader.corrupt("passages of documents overlap");
    if (i > 0 && u32(rows_, i) <= u32(rows_, i - 1)) return reader.corrupt("rows are not ascending");
  }
  if (u32(first_passages_, 0) != 0 || u32(first_passages_, n) != passage_count_) {
    return reader.corrupt("documents do not cover the passages");
  }
  return base::ok();
}

Status LexicalSegment::open_headings(std::string_view bytes) {
  base::ByteReader reader(bytes, path());
  TARN_ASSIGN(heading_count_, reader.fixed<uint32_t>());
  TARN_ASSIGN(std::string_view offsets, reader.bytes((uint64_t{heading_count_} + 1) * 4));
  heading_offsets_ = offsets.data();
  TARN_ASSIGN(headings_, reader.bytes(reader.remaining()));
  uint32_t offset = 0;
  for (size_t i = 0; i <= heading_count_; ++i) {
    const uint32_t next = u32(heading_offsets_, i);
    if (next < offset || next > headings_.size()) return reader.corrupt("a heading lies outside its section");
    offset = next;
  }
  return base::ok();
}

Status LexicalSegment::open_texts(std::string_view bytes) {
  base::ByteReader reader(bytes, path());
  TARN_ASSIGN(block_count_, reader.fixed<uint32_t>());
  TARN_ASSIGN(uint32_t zero, reader.fixed<uint32_t>());
  TARN_ASSIGN(uint64_t checksum, reader.fixed<uint64_t>());
  TARN_ASSIGN(std::string_view records, reader.bytes(uint64_t{block_count_} * kBlockRecordBytes));
  if (zero != 0 || base::hash64(records) != checksum) {
    return reader.corrupt("the text blocks' directory does not match its checksum");
  }
  blocks_ = records.data();
  TARN_ASSIGN(texts_, reader.bytes(reader.remaining()));
  for (size_t i = 0; i < block_count_; ++i) {
    const char* record = blocks_ + i * kBlockRecordBytes;
    const uint64_t offset = u64(record, 0);
    const uint32_t size = u32(record + 16, 0), raw = u32(record + 16, 1);
    if (offset > texts_.size() || size > texts_.size() - offset || raw > kMaxBlockBytes) {
      return reader.corrupt("a text block lies outside its section");
    }
  }
  return base::ok();
}

Status LexicalSegment::open_passages(std::string_view bytes) {
  if (bytes.size() != uint64_t{passage_count_} * kPassageRecordBytes) {
    return corrupt(path(), "the passages' section has the wrong size");
  }
  passages_ = bytes.data();
  for (uint32_t document = 0; document < document_count_; ++document) {
    for (uint32_t p = u32(first_passages_, document); p < u32(first_passages_, document + 1); ++p) {
      const char* record = passages_ + size_t{p} * kPassageRecordBytes;
      const uint32_t block = u32(record, 4), offset = u32(record, 5), size = u32(record, 6);
      const bool placed = size == 0 || (block < block_count_ && [&] {
                            const uint32_t raw = u32(blocks_ + size_t{block} * kBlockRecordBytes + 16, 1);
                            return offset <= raw && size <= raw - offset;
                          }());
      if (u32(record, 0) != document || u32(record, 1) > u32(record, 2) || u32(record, 3) >= heading_count_ ||
          u32(record, 7) > u32(record, 8) || u32(record, 8) > u32(record, 1) || !placed ||
          size != u32(record, 2) - u32(record, 1)) {
        return corrupt(path(), fmt::format("passage {} does not agree with its document or text", p));
      }
    }
  }
  return base::ok();
}

Status LexicalSegment::open_anchors(std::string_view bytes) {
  base::ByteReader reader(bytes, path());
  TARN_ASSIGN(const uint32_t kinds, reader.fixed<uint32_t>());
  TARN_ASSIGN(const std::string_view offsets, reader.bytes((uint64_t{passage_count_} + 1) * 4));
  for (uint32_t i = 0; i < kinds; ++i) {
    TARN_ASSIGN(const std::string_view kind, reader.text());
    anchor_kinds_.emplace_back(kind);
  }
  TARN_ASSIGN(anchors_, reader.bytes(reader.remaining()));
  anchor_offsets_ = offsets.data();
  uint32_t offset = 0;
  for (size_t i = 0; i <= passage_count_; ++i) {
    const uint32_t next = u32(anchor_offsets_, i);
    if (next < offset || next > anchors_.size()) return reader.corrupt("an anchor lies outside its section");
    offset = next;
  }
  return base::ok();
}

LexicalSegment::Document LexicalSegment::document(uint32_t index) const {
  TARN_CHECK(index < document_count_);
  const auto text = [&](size_t i) {
    return strings_.substr(u64(string_offsets_, i), u64(string_offsets_, i + 1) - u64(string_offsets_, i));
  };
  return {base::RowIndex(u32(rows_, index)), text(3 * size_t{index}),     text(3 * size_t{index} + 1),
          text(3 * size_t{index} + 2),       u32(first_passages_, index), u32(first_passages_, index + 1)};
}

uint32_t LexicalSegment::document_of_row(base::RowIndex row) const {
  uint32_t low = 0, high = document_count_;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (u32(rows_, middle) < row.value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < document_count_ && u32(rows_, low) == row.value ? low : document_count_;
}

LexicalSegment::PassageSpan LexicalSegment::passage(base::PassageOrdinal passage) const {
  TARN_CHECK(passage.value < passage_count_);
  const char* record = passages_ + size_t{passage.value} * kPassageRecordBytes;
  return {u32(record, 0), u32(record, 1), u32(record, 2), u32(record, 7), u32(record, 8)};
}

std::vector<std::string> LexicalSegment::heading(base::PassageOrdinal passage) const {
  TARN_CHECK(passage.value < passage_count_);
  const uint32_t ordinal = u32(passages_ + size_t{passage.value} * kPassageRecordBytes, 3);
  const uint32_t start = u32(heading_offsets_, ordinal), end = u32(heading_offsets_, ordinal + 1);
  base::ByteReader reader(headings_.substr(start, end - start), path());
  std::vector<std::string> names;
  while (!reader.done()) {
    auto name = reader.text();
    if (!name.ok()) break;  // the section's checksum was right, so this cannot be
    names.emplace_back(*name);
  }
  return names;
}

Result<std::string> LexicalSegment::text(base::PassageOrdinal passage) const {
  TARN_CHECK(passage.value < passage_count_);
  const char* record = passages_ + size_t{passage.value} * kPassageRecordBytes;
  const uint32_t block = u32(record, 4), offset = u32(record, 5), size = u32(record, 6);
  if (size == 0) return std::string();
  const char* entry = blocks_ + size_t{block} * kBlockRecordBytes;
  const std::string_view compressed = texts_.substr(u64(entry, 0), u32(entry + 16, 0));
  std::string raw(u32(entry + 16, 1), '\0');
  if (base::hash64(compressed) != u64(entry, 1) ||
      ZSTD_decompress(raw.data(), raw.size(), compressed.data(), compressed.size()) != raw.size()) {
    return corrupt(path(), fmt::format("text block {} does not match its checksum", block))
        .with_hint("remove the file; the next pull or search builds it again");
  }
  return raw.substr(offset, size);
}

Result<std::string> LexicalSegment::context(base::PassageOrdinal passage) const {
  const PassageSpan span = this->passage(passage);
  if (span.context_start == span.context_end) return std::string();
  for (uint32_t p = passage.value; p-- > u32(first_passages_, span.document);) {
    const PassageSpan holder = this->passage(base::PassageOrdinal(p));
    if (holder.start > span.context_start || holder.end < span.context_end) continue;
    TARN_ASSIGN(const std::string text, this->text(base::PassageOrdinal(p)));
    return text.substr(span.context_start - holder.start, span.context_end - span.context_start);
  }
  return corrupt(path(), fmt::format("passage {} is read under a line that no passage holds", passage.value));
}

Result<std::vector<document::Anchor>> LexicalSegment::anchors(base::PassageOrdinal passage) const {
  std::vector<document::Anchor> found;
  if (!anchor_offsets_) return found;
  const PassageSpan span = this->passage(passage);
  const uint32_t start = u32(anchor_offsets_, passage.value), end = u32(anchor_offsets_, passage.value + 1);
  base::ByteReader reader(anchors_.substr(start, end - start), path());
  while (!reader.done()) {
    TARN_ASSIGN(const uint64_t offset, reader.varint());
    TARN_ASSIGN(const uint64_t kind, reader.varint());
    TARN_ASSIGN(const std::string_view value, reader.text());
    if (offset > span.end - span.start || kind >= anchor_kinds_.size()) {
      return corrupt(path(), fmt::format("passage {} has an anchor that lies outside it", passage.value));
    }
    found.push_back({span.start + offset, anchor_kinds_[kind], std::string(value)});
  }
  return found;
}

}  // namespace tarn::index
