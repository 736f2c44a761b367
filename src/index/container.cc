#include "index/container.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace tarn::index {
namespace {

using base::Code;
using base::Hash128;
using base::Result;
using base::Status;

constexpr std::string_view kMagic = "TARNSEG1";
constexpr size_t kHeaderBytes = 8 + 4 + 4 + 8 + 16 + 16;  // magic, part, section count, file size, definition, source
constexpr size_t kEntryBytes = 4 + 4 + 8 + 8 + 8;         // id, zero, offset, size, checksum
constexpr size_t kAlignment = 64;
constexpr uint32_t kMaxSections = 64;

size_t aligned(size_t n) { return (n + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

std::string write_container(Part part, const Hash128& definition, const Hash128& source,
                            const std::vector<Section>& sections) {
  TARN_CHECK(sections.size() <= kMaxSections);
  size_t offset = aligned(kHeaderBytes + sections.size() * kEntryBytes + 8);
  std::vector<size_t> offsets;
  for (const Section& section : sections) {
    offsets.push_back(offset);
    offset = aligned(offset + section.bytes.size());
  }
  std::string out;
  out.reserve(offset);
  base::ByteWriter writer(&out);
  writer.bytes(kMagic);
  writer.fixed(static_cast<uint32_t>(part));
  writer.fixed(static_cast<uint32_t>(sections.size()));
  writer.fixed(static_cast<uint64_t>(offset));
  for (const Hash128& hash : {definition, source}) writer.hash(hash);
  for (size_t i = 0; i < sections.size(); ++i) {
    writer.fixed(static_cast<uint32_t>(sections[i].id));
    writer.fixed(uint32_t{0});
    writer.fixed(static_cast<uint64_t>(offsets[i]));
    writer.fixed(static_cast<uint64_t>(sections[i].bytes.size()));
    writer.fixed(base::hash64(sections[i].bytes));
  }
  writer.fixed(base::hash64(out));
  for (const Section& section : sections) {
    writer.align(kAlignment);
    writer.bytes(section.bytes);
  }
  writer.align(kAlignment);
  TARN_CHECK(out.size() == offset);
  return out;
}

Result<std::shared_ptr<const Container>> Container::open(const store::Store& store, const std::string& path, Part part,
                                                         const Hash128& definition, const Hash128& source) {
  TARN_ASSIGN(store::Local file, store.local(path));
  TARN_ASSIGN(const std::string_view bytes, file->bytes());
  TARN_ASSIGN(std::shared_ptr<const Container> container, open(bytes, path, part, definition, source));
  std::const_pointer_cast<Container>(container)->file_ = std::move(file);
  return container;
}

Result<std::shared_ptr<const Container>> Container::open(std::string_view bytes, std::string path, Part part,
                                                         const Hash128& definition, const Hash128& source) {
  std::shared_ptr<Container> container(new Container());
  container->bytes_ = bytes;
  container->path_ = path;
  base::ByteReader reader(bytes, path);
  TARN_ASSIGN(std::string_view magic, reader.bytes(kMagic.size()));
  if (magic != kMagic) return reader.corrupt("not a segment of this format");
  TARN_ASSIGN(uint32_t found_part, reader.fixed<uint32_t>());
  TARN_ASSIGN(uint32_t count, reader.fixed<uint32_t>());
  TARN_ASSIGN(uint64_t size, reader.fixed<uint64_t>());
  if (count > kMaxSections) return reader.corrupt("too many sections");
  if (size != bytes.size()) {
    return Status(Code::corruption,
                  fmt::format("{}: the file has {} bytes, its header says {}", path, bytes.size(), size));
  }
  TARN_ASSIGN(const Hash128 found_definition, reader.hash());
  TARN_ASSIGN(const Hash128 found_source, reader.hash());
  for (uint32_t i = 0; i < count; ++i) {
    Entry entry{};
    TARN_ASSIGN(uint32_t id, reader.fixed<uint32_t>());
    TARN_ASSIGN(uint32_t zero, reader.fixed<uint32_t>());
    entry.id = static_cast<SectionId>(id);
    TARN_ASSIGN(entry.offset, reader.fixed<uint64_t>());
    TARN_ASSIGN(entry.size, reader.fixed<uint64_t>());
    TARN_ASSIGN(entry.checksum, reader.fixed<uint64_t>());
    if (zero != 0 || entry.offset % kAlignment != 0 || entry.offset > size || entry.size > size - entry.offset) {
      return reader.corrupt("a section lies outside the file");
    }
    container->entries_.push_back(entry);
  }
  const uint64_t header_checksum = base::hash64(bytes.substr(0, reader.offset()));
  TARN_ASSIGN(uint64_t stated_checksum, reader.fixed<uint64_t>());
  if (header_checksum != stated_checksum) return reader.corrupt("the header's checksum is wrong");
  if (found_part != static_cast<uint32_t>(part) || found_definition != definition || found_source != source) {
    return Status(Code::corruption, fmt::format("{}: the segment belongs to another data file or definition", path));
  }
  return std::shared_ptr<const Container>(std::move(container));
}

const Container::Entry* Container::find(SectionId id) const {
  for (const Entry& entry : entries_) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

Result<std::string_view> Container::section_unverified(SectionId id) const {
  const Entry* entry = find(id);
  if (!entry) {
    return Status(Code::corruption, fmt::format("{}: section {} is missing", path_, static_cast<uint32_t>(id)));
  }
  return bytes_.substr(entry->offset, entry->size);
}

Result<std::string_view> Container::section(SectionId id) const {
  TARN_ASSIGN(std::string_view bytes, section_unverified(id));
  if (base::hash64(bytes) != find(id)->checksum) {
    return Status(Code::corruption, fmt::format("{}: section {} at byte {} does not match its checksum", path_,
                                                static_cast<uint32_t>(id), find(id)->offset));
  }
  return bytes;
}

Status Container::check() const {
  size_t at = kHeaderBytes + entries_.size() * kEntryBytes + 8;
  const auto gap_to = [&](size_t next) {
    const size_t byte = next < at ? at : bytes_.substr(0, next).find_first_not_of('\0', at);
    if (next >= at && byte == std::string_view::npos) return base::ok();
    return Status(Code::corruption, fmt::format("{}: byte {} lies between sections and is not 0", path_, byte));
  };
  for (const Entry& entry : entries_) {
    TARN_TRY(gap_to(entry.offset));
    TARN_TRY(base::as_status(section(entry.id)));
    at = entry.offset + entry.size;
  }
  return gap_to(bytes_.size());
}

}  // namespace tarn::index
