#include "connector/folder/walk.h"

#include <algorithm>
#include <string_view>

#include "connector/folder/ignore.h"

namespace tarn::connector::folder {
namespace {

constexpr const char* kIgnoreFiles[] = {".gitignore", ".tarnignore"};  // the later one has the last word
constexpr uint64_t kMaxIgnoreFileBytes = 1 << 20;

std::string join(std::string_view a, std::string_view b) {
  if (a.empty()) return std::string(b);
  return std::string(a) + "/" + std::string(b);
}

// A directory on the way from the root to the place where the walk is.
struct Level {
  std::string path;  // relative, as named (through links)
  FileStat stat;
  std::vector<PatternList> ignore;  // in the order of kIgnoreFiles
};

class Walk {
 public:
  Walk(const Disk& disk, std::string root, const Options& options, const base::Context& context)
      : disk_(disk), root_(std::move(root)), options_(options), context_(context) {}

  base::Result<Listing> run() {
    TARN_ASSIGN(include_, PatternList::parse_lines(options_.include));
    TARN_ASSIGN(exclude_, PatternList::parse_lines(options_.exclude));
    auto stat = disk_.stat(root_, true);
    if (!stat.ok()) return stat.status().with_context("cannot read the folder " + root_);
    auto names = disk_.list(root_);
    if (!names.ok()) return names.status().with_context("cannot list the folder " + root_);
    TARN_TRY(directory("", *stat, std::move(*names), 0));
    std::sort(out_.files.begin(), out_.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(out_);
  }

 private:
  std::string absolute(const std::string& path) const { return path.empty() ? root_ : root_ + "/" + path; }

  void problem(std::string path, bool is_directory, std::string reason, bool keeps) {
    out_.problems.push_back({std::move(path), is_directory, std::move(reason), keeps});
  }

  base::Status directory(const std::string& path, const FileStat& stat, std::vector<std::string> names, size_t links) {
    TARN_TRY(context_.check());
    Level level{path, stat, {}};
    if (!read_ignore_files(names, level)) return {};
    out_.directories.push_back(path);
    levels_.push_back(std::move(level));
    base::Status status;
    for (const std::string& name : names)
      if (status = entry(join(path, name), name, links); !status.ok()) break;
    levels_.pop_back();
    return status;
  }

  // False when one is there and cannot be read: what it would hide must not be taken, so the directory is passed over.
  bool read_ignore_files(const std::vector<std::string>& names, Level& level) {
    if (!options_.ignore_files) return true;
    for (const char* name : kIgnoreFiles) {
      if (!std::binary_search(names.begin(), names.end(), name)) continue;
      std::string path = join(level.path, name);
      auto contents = disk_.read(absolute(path), kMaxIgnoreFileBytes + 1);
      base::Status status = contents.status();
      if (status.ok() && contents->bytes.size() > kMaxIgnoreFileBytes)
        status = base::Status(base::Code::exhausted,
                              "larger than kMaxIgnoreFileBytes (" + std::to_string(kMaxIgnoreFileBytes) + ")");
      if (status.code() == base::Code::not_found) continue;
      if (status.code() == base::Code::unsupported) continue;  // a directory of that name holds no patterns
      if (status.ok()) {
        auto list = PatternList::parse_file(contents->bytes);
        status = list.status();
        if (status.ok()) level.ignore.push_back(std::move(*list));
      }
      if (!status.ok()) {
        problem(level.path, true,
                "its " + std::string(name) + " cannot be read, so nothing below is: " + status.message(), true);
        return false;
      }
    }
    return true;
  }

  // Without its parents, which were taken when the walk comes here.
  bool taken(const std::string& path, std::string_view name, bool is_directory) const {
    if (auto verdict = exclude_.decide(path, is_directory)) {
      if (*verdict) return false;
    }
    for (size_t i = levels_.size(); i-- > 0;) {
      const Level& level = levels_[i];
      std::string_view below(path);
      if (!level.path.empty()) below.remove_prefix(level.path.size() + 1);
      for (size_t k = level.ignore.size(); k-- > 0;)
        if (auto verdict = level.ignore[k].decide(below, is_directory)) return !*verdict;
    }
    return true;
  }

  // A pattern of --include may name a directory: then all below it is meant.
  bool included(const std::string& path) const {
    if (include_.empty()) return true;
    if (auto verdict = include_.decide(path, false)) return *verdict;
    for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1))
      if (auto verdict = include_.decide(std::string_view(path).substr(0, slash), true)) return *verdict;
    return false;
  }

  base::Status entry(const std::string& path, const std::string& name, size_t links) {
    if (++entries_ > kMaxEntries)
      return {base::Code::exhausted, "more than kMaxEntries (" + std::to_string(kMaxEntries) + ") names below " + root_,
              "pull parts of the folder, or leave some out with --exclude"};
    if (entries_ % 1024 == 0) context_.update("listing", entries_, 0, "names");
    if (!options_.hidden && name.starts_with('.')) return {};
    auto stat = disk_.stat(absolute(path), false);
    if (stat.status().code() == base::Code::not_found) return {};  // gone since the directory was listed
    if (!stat.ok()) {
      problem(path, false, stat.status().message(), true);
      return {};
    }
    bool is_link = stat->kind == FileStat::Kind::link;
    if (is_link) {
      if (!taken(path, name, false)) return {};  // said of the link itself: its target is not looked at
      if (!follow(path, *stat)) return {};
    }
    switch (stat->kind) {
      case FileStat::Kind::directory:
        return subdirectory(path, name, *stat, links + (is_link ? 1 : 0));
      case FileStat::Kind::file:
        if (taken(path, name, false) && included(path)) out_.files.push_back({path, *stat});
        return {};
      default:
        if (taken(path, name, false) && included(path)) problem(path, false, "not a regular file", false);
        return {};
    }
  }

  // Replaces the stat of a link by that of its target; false (and a reject) when it leads nowhere or out.
  bool follow(const std::string& path, FileStat& stat) {
    auto reject_link = [&](std::string why, bool keeps) {
      if (included(path)) problem(path, false, std::move(why), keeps);
      return false;
    };
    auto target = disk_.resolve(absolute(path));
    if (!target.ok()) {
      bool dangling = target.status().code() == base::Code::not_found;
      return reject_link(dangling ? "a symbolic link to nothing" : target.status().message(),
                         target.status().code() == base::Code::permission_denied);
    }
    bool inside = *target == root_ || root_ == "/" || (target->starts_with(root_) && (*target)[root_.size()] == '/');
    if (!inside) return reject_link("a symbolic link that leads out of the folder", false);
    auto real = disk_.stat(absolute(path), true);
    if (!real.ok()) return reject_link(real.status().message(), real.status().code() != base::Code::not_found);
    stat = *real;
    return true;
  }

  base::Status subdirectory(const std::string& path, const std::string& name, const FileStat& stat, size_t links) {
    if (!taken(path, name, true)) return {};
    for (const Level& level : levels_)
      if (level.stat.same_place(stat)) {
        problem(path, true,
                "a loop: this directory is " + (level.path.empty() ? std::string("the root") : level.path) + " again",
                false);
        return {};
      }
    if (levels_.size() >= kMaxDepth) {
      problem(path, true, "deeper than kMaxDepth (" + std::to_string(kMaxDepth) + ") directories", false);
      return {};
    }
    if (links > kMaxLinkDepth) {
      problem(path, true, "behind more than kMaxLinkDepth (" + std::to_string(kMaxLinkDepth) + ") linked directories",
              false);
      return {};
    }
    auto names = disk_.list(absolute(path));
    if (names.status().code() == base::Code::not_found) return {};
    if (!names.ok()) {
      problem(path, true, names.status().message(), true);
      return {};
    }
    return directory(path, stat, std::move(*names), links);
  }

  const Disk& disk_;
  const std::string root_;
  const Options& options_;
  const base::Context& context_;
  PatternList include_, exclude_;
  std::vector<Level> levels_;
  Listing out_;
  size_t entries_ = 0;
};

}  // namespace

base::Result<Listing> walk(const Disk& disk, const std::string& root, const Options& options,
                           const base::Context& context) {
  return Walk(disk, root, options, context).run();
}

}  // namespace tarn::connector::folder
