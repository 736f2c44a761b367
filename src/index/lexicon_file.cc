#include "index/lexicon_file.h"

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "index/definition.h"

namespace tarn::index {
namespace {

using base::Hash128;
using base::Result;

constexpr std::string_view kPrefix = "lexicon-", kSuffix = ".seg";
// The newest of the other lexicons that are looked at: the set before is among them, or too much has changed.
constexpr size_t kMaxLooks = 4;

std::string segments_section(const std::vector<Hash128>& sources) {
  std::string bytes;
  base::ByteWriter writer(&bytes);
  for (const Hash128& source : sources) writer.hash(source);
  return bytes;
}

Result<std::vector<Hash128>> read_segments(const Container& file, const inverted::Lexicon& lexicon) {
  TARN_ASSIGN(const std::string_view bytes, file.section(SectionId::lexicon_segments));
  if (bytes.size() != base::kHashBytes * lexicon.segment_count()) {
    return base::Status(base::Code::corruption, file.path() + ": it names another number of segments than it has");
  }
  std::vector<Hash128> sources;
  for (size_t at = 0; at < bytes.size(); at += base::kHashBytes) sources.push_back(base::load_hash(bytes.data() + at));
  return sources;
}

class Opener {
 public:
  Opener(store::Store& store, const std::string& table_path, const Hash128& definition,
         const std::vector<delta::DataFile>& files, const std::vector<const inverted::Reader*>& readers)
      : store_(store),
        definition_(definition),
        set_(lexicon_source(files)),
        readers_(readers),
        path_(lexicon_path(table_path, definition, set_)) {
    for (const delta::DataFile& file : files) sources_.push_back(source_hash(file));
  }

  LexiconFile open() {
    if (auto own = read(path_, set_); own.ok() && own->lexicon->segment_count() == readers_.size()) {
      return {LexiconFile::From::file, own->file, own->lexicon};
    }
    std::string made = of_another_set();
    const auto from = made.empty() ? LexiconFile::From::segments : LexiconFile::From::another_set;
    const auto bytes =
        std::make_shared<const std::string>(made.empty() ? inverted::build_lexicon(readers_) : std::move(made));
    const auto lexicon = inverted::Lexicon::open(*bytes, path_);
    if (!lexicon.ok()) return {};
    (void)store_.put(path_, write_container(Part::lexicon, definition_, set_,
                                            {{SectionId::lexicon, *bytes},
                                             {SectionId::lexicon_segments, segments_section(sources_)}}));
    return {from, bytes, *lexicon};
  }

 private:
  struct InFile {
    std::shared_ptr<const Container> file;
    std::shared_ptr<const inverted::Lexicon> lexicon;
  };
  Result<InFile> read(const std::string& path, const Hash128& set) const {
    InFile found;
    TARN_ASSIGN(found.file, Container::open(store_, path, Part::lexicon, definition_, set));
    TARN_ASSIGN(const std::string_view bytes, found.file->section(SectionId::lexicon));
    TARN_ASSIGN(found.lexicon, inverted::Lexicon::open(bytes, path));
    return found;
  }

  // "" when there is none that shares at least half of the segments: reading it would cost more than it saves.
  std::string of_another_set() const {
    const std::string directory = path_.substr(0, path_.rfind('/'));
    // By name first: a segment for each data file lies here too.
    const auto entries = store_.list(directory, store::Detail::names);
    if (!entries.ok()) return "";
    std::vector<std::pair<int64_t, std::string>> found;
    for (const store::Entry& entry : *entries) {
      if (entry.is_directory || !entry.name.starts_with(kPrefix) || !entry.name.ends_with(kSuffix)) continue;
      const auto file = store_.stat(directory + "/" + entry.name);
      if (file.ok()) found.emplace_back(file->modified_us, entry.name);
    }
    std::sort(found.rbegin(), found.rend());
    for (size_t i = 0; i < std::min(found.size(), kMaxLooks); ++i) {
      const std::string& name = found[i].second;
      const auto set = Hash128::from_hex(
          std::string_view(name).substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size()));
      if (!set) continue;
      const auto other = read(directory + "/" + name, *set);
      if (!other.ok()) continue;
      const auto theirs = read_segments(*other->file, *other->lexicon);
      if (!theirs.ok()) continue;
      if (std::string bytes = updated(*other->lexicon, *theirs); !bytes.empty()) return bytes;
    }
    return "";
  }

  std::string updated(const inverted::Lexicon& before, const std::vector<Hash128>& theirs) const {
    std::map<Hash128, uint32_t> numbers;
    for (uint32_t i = 0; i < sources_.size(); ++i) numbers[sources_[i]] = i;
    if (numbers.size() != sources_.size()) return "";
    std::vector<uint32_t> renumber(theirs.size(), inverted::kGone);
    std::vector<inverted::AddedSegment> added;
    for (size_t i = 0; i < theirs.size(); ++i) {
      const auto found = numbers.find(theirs[i]);
      if (found == numbers.end()) continue;
      renumber[i] = found->second;
      numbers.erase(found);
    }
    if (numbers.size() * 2 > sources_.size()) return "";
    for (const auto& [source, number] : numbers) added.push_back({number, readers_[number]});
    std::sort(added.begin(), added.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return update_lexicon(before, renumber, added, static_cast<uint32_t>(sources_.size()));
  }

  store::Store& store_;
  const Hash128& definition_;
  const Hash128 set_;
  const std::vector<const inverted::Reader*>& readers_;
  const std::string path_;
  std::vector<Hash128> sources_;
};

}  // namespace

LexiconFile open_lexicon(store::Store& store, const std::string& table_path, const base::Hash128& definition,
                         const std::vector<delta::DataFile>& files,
                         const std::vector<const inverted::Reader*>& readers) {
  return Opener(store, table_path, definition, files, readers).open();
}

}  // namespace tarn::index
