// The container of a segment file: a header that names what the file is, and sections with a checksum each.
// Shape:   doc/format/segment.md. Sections start on 64-byte edges, so that arrays in them can be used where they are
//          mapped.
// Errors:  open() returns corruption (file, offset) for a header that does not agree with itself or the file's size;
//          section() for a section whose bytes do not match their checksum. Nothing is read outside.
// Threads: a Container is immutable; section() may be called from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/status.h"
#include "store/store.h"

namespace tarn::index {

enum class Part : uint32_t { lexical = 1, vector = 2, lexicon = 3 };

enum class SectionId : uint32_t {
  documents = 1,
  passages = 2,
  headings = 3,
  texts = 4,
  inverted = 5,
  vectors = 6,
  input_hashes = 7,
  lexicon = 8,
  anchors = 9,
  lexicon_segments = 10,
};

struct Section {
  SectionId id;
  std::string bytes;
};

// The whole file as bytes. `definition` and `source` are repeated in the header, so that a file in the wrong place is
// refused.
std::string write_container(Part part, const base::Hash128& definition, const base::Hash128& source,
                            const std::vector<Section>& sections);

class Container {
 public:
  static base::Result<std::shared_ptr<const Container>> open(const store::Store& store, const std::string& path,
                                                             Part part, const base::Hash128& definition,
                                                             const base::Hash128& source);
  // For tests and fuzzing: over bytes that outlive it.
  static base::Result<std::shared_ptr<const Container>> open(std::string_view bytes, std::string path, Part part,
                                                             const base::Hash128& definition,
                                                             const base::Hash128& source);
  // A section that a reader does not know is passed over, and one may not be there.
  bool has(SectionId id) const { return find(id) != nullptr; }
  // The bytes of a section after its checksum was verified.
  base::Result<std::string_view> section(SectionId id) const;
  // The same without looking at the checksum: for sections whose blocks carry their own.
  base::Result<std::string_view> section_unverified(SectionId id) const;
  // Every byte: each section against its checksum, and the gaps between them.
  base::Status check() const;
  const std::string& path() const { return path_; }
  size_t size_bytes() const { return bytes_.size(); }

 private:
  struct Entry {
    SectionId id;
    uint64_t offset, size, checksum;
  };
  Container() = default;
  const Entry* find(SectionId id) const;

  store::Local file_;
  std::string_view bytes_;
  std::string path_;
  std::vector<Entry> entries_;
};

}  // namespace tarn::index
