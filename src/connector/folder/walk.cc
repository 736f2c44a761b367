#include "connector/folder/walk.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "connector/folder/ignore.h"

namespace tarn::connector::folder {
namespace {

constexpr std::pair<const char*, bool> kIgnoreFiles[] = {{".gitignore", true}, {".tarnignore", false}};
constexpr uint64_t kMaxIgnoreFileBytes = 1 << 20;
constexpr uint64_t kMaxGitFileBytes = 4096;  // of a .git that is a file

std::string join(std::string_view a, std::string_view b) {
  if (a.empty()) return std::string(b);
  return std::string(a) + "/" + std::string(b);
}

struct Rules {
  PatternList list;
  bool of_git = false;  // they end where another repository begins
};

// A directory on the way from the root to the place where the walk is, or above the root.
struct Level {
  std::string path;    // relative to the root, as named (through links); "" above it
  std::string prefix;  // above the root: the way from there to the root, with a '/' at its end
  FileStat stat;
  std::vector<Rules> rules;  // the later one has the last word
  bool repository = false;   // it has a .git

  std::string below(std::string_view path_below_root) const {
    if (!path.empty()) path_below_root.remove_prefix(path.size() + 1);
    return prefix + std::string(path_below_root);
  }
};

std::string parent_of(const std::string& path) { return path.substr(0, std::max<size_t>(path.rfind('/'), 1)); }

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
    if (!std::binary_search(names->begin(), names->end(), ".git") && !read_above()) return std::move(out_);
    TARN_TRY(directory("", *stat, std::move(*names), 0));
    std::sort(out_.files.begin(), out_.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(out_);
  }

 private:
  std::string absolute(const std::string& path) const { return path.empty() ? root_ : root_ + "/" + path; }

  void problem(std::string path, bool is_directory, std::string reason, bool keeps) {
    out_.problems.push_back({std::move(path), is_directory, std::move(reason), keeps, false});
  }
  // Nothing is behind it that could be read, or it is read under another name.
  void note(std::string path, bool is_directory, std::string reason) {
    out_.problems.push_back({std::move(path), is_directory, std::move(reason), false, true});
  }

  base::Status directory(const std::string& path, const FileStat& stat, std::vector<std::string> names, size_t links) {
    TARN_TRY(context_.check());
    Level level{path, {}, stat, {}, std::binary_search(names.begin(), names.end(), ".git")};
    if (!read_ignore_files(absolute(path), &names, level)) return {};
    out_.directories.push_back(path);
    levels_.push_back(std::move(level));
    base::Status status;
    for (const std::string& name : names) {
      if (status = entry(join(path, name), name, links); !status.ok()) break;
    }
    levels_.pop_back();
    return status;
  }

  // False when one is there and cannot be read: what it would hide must not be taken, so the directory is passed over.
  // `names` in the directory, where they are known.
  bool read_ignore_files(const std::string& directory, const std::vector<std::string>* names, Level& level) {
    if (options_.no_ignore) return true;
    if (level.repository && !read_rules(info_exclude(directory), "info/exclude", true, level)) return false;
    for (const auto& [name, of_git] : kIgnoreFiles) {
      if (names && !std::binary_search(names->begin(), names->end(), name)) continue;
      if (!read_rules(directory == "/" ? "/" + std::string(name) : directory + "/" + name, name, of_git, level)) {
        return false;
      }
    }
    return true;
  }

  bool read_rules(const std::string& path, std::string_view name, bool of_git, Level& level) {
    auto contents = disk_.read(path, kMaxIgnoreFileBytes + 1);
    base::Status status = contents.status();
    if (status.ok() && contents->bytes.size() > kMaxIgnoreFileBytes) {
      status = base::Status(base::Code::exhausted,
                            "larger than kMaxIgnoreFileBytes (" + std::to_string(kMaxIgnoreFileBytes) + ")");
    }
    if (status.code() == base::Code::not_found) return true;
    if (status.code() == base::Code::unsupported) return true;  // a directory of that name holds no patterns
    if (status.ok()) {
      auto list = PatternList::parse_file(contents->bytes);
      status = list.status();
      if (status.ok() && !list->empty()) level.rules.push_back({std::move(*list), of_git});
    }
    if (status.ok()) return true;
    const std::string whose = level.prefix.empty() ? "its " + std::string(name) : path;
    problem(level.path, true, whose + " cannot be read, so nothing below is: " + status.message(), true);
    return false;
  }

  // Of the repository whose folder that is. A worktree's and a submodule's .git is a file that names the real one, and
  // that of a worktree shares what lies in the first one's.
  std::string info_exclude(const std::string& directory) const {
    const auto line_of = [&](const std::string& path) {
      auto contents = disk_.read(path, kMaxGitFileBytes);
      std::string line = contents.ok() ? contents->bytes.substr(0, contents->bytes.find_first_of("\r\n")) : "";
      return line;
    };
    const auto at = [](const std::string& base, const std::string& path) {
      return path.starts_with('/') ? path : base + "/" + path;
    };
    std::string git = directory + "/.git";
    if (const std::string link = line_of(git); link.starts_with("gitdir: ")) git = at(directory, link.substr(8));
    if (const std::string common = line_of(git + "/commondir"); !common.empty()) git = at(git, common);
    return git + "/info/exclude";
  }

  // The rules above the root where it lies in a repository. False when they cannot be read.
  bool read_above() {
    if (options_.no_ignore || root_ == "/") return true;
    std::vector<std::string> directories;
    for (std::string at = parent_of(root_);; at = parent_of(at)) {
      directories.push_back(at);
      if (disk_.stat(at == "/" ? "/.git" : at + "/.git", true).ok()) break;
      if (at == "/") return true;  // in no repository
    }
    for (size_t i = directories.size(); i-- > 0;) {
      const std::string& at = directories[i];
      Level level;
      level.prefix = root_.substr(at == "/" ? 1 : at.size() + 1) + "/";
      level.repository = i + 1 == directories.size();
      if (!read_ignore_files(at, nullptr, level)) return false;
      above_.push_back(std::move(level));
    }
    out_.above = std::move(directories);
    return true;
  }

  // What the nearest rules say; `above` when those stand above the root.
  std::optional<bool> ignored(const std::string& path, bool is_directory, bool* above) const {
    bool same_repository = true;
    for (const auto* levels : {&levels_, &above_}) {
      *above = levels == &above_;
      for (size_t i = levels->size(); i-- > 0;) {
        const Level& level = (*levels)[i];
        if (!level.rules.empty()) {
          const std::string below = level.below(path);
          for (size_t k = level.rules.size(); k-- > 0;) {
            const Rules& rules = level.rules[k];
            if (rules.of_git && !same_repository) continue;
            if (auto verdict = rules.list.decide(below, is_directory)) return verdict;
          }
        }
        if (level.repository) same_repository = false;
      }
    }
    return std::nullopt;
  }

  // Without its parents, which were taken when the walk comes here.
  bool taken(const std::string& path, bool is_directory) {
    if (exclude_.decide(path, is_directory).value_or(false)) return false;
    bool above = false;
    if (!ignored(path, is_directory, &above).value_or(false)) return true;
    out_.left_out_above += above ? 1 : 0;
    return false;
  }

  // A pattern of --include may name a directory: then all below it is meant.
  bool included(const std::string& path) const {
    if (include_.empty()) return true;
    if (auto verdict = include_.decide(path, false)) return *verdict;
    for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
      if (auto verdict = include_.decide(std::string_view(path).substr(0, slash), true)) return *verdict;
    }
    return false;
  }

  base::Status entry(const std::string& path, const std::string& name, size_t links) {
    if (++entries_ > kMaxEntries) {
      return {base::Code::exhausted, "more than kMaxEntries (" + std::to_string(kMaxEntries) + ") names below " + root_,
              "pull parts of the folder, or leave some out with --exclude"};
    }
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
      if (!taken(path, false)) return {};  // said of the link itself: its target is not looked at
      if (!follow(path, *stat)) return {};
    }
    switch (stat->kind) {
      case FileStat::Kind::directory:
        return subdirectory(path, name, *stat, links + (is_link ? 1 : 0));
      case FileStat::Kind::file:
        if (taken(path, false) && included(path)) out_.files.push_back({path, *stat});
        return {};
      default:
        if (taken(path, false) && included(path)) note(path, false, "not a regular file but a pipe, socket or device");
        return {};
    }
  }

  // Replaces the stat of a link by that of its target; false (and a note) when it leads nowhere or out.
  bool follow(const std::string& path, FileStat& stat) {
    const auto reject_link = [&](std::string why) {
      if (included(path)) problem(path, false, std::move(why), true);
      return false;
    };
    const auto note_link = [&](std::string why) {
      if (included(path)) note(path, false, std::move(why));
      return false;
    };
    auto target = disk_.resolve(absolute(path));
    if (!target.ok()) {
      if (target.status().code() == base::Code::not_found) return note_link("a symbolic link to nothing");
      if (target.status().code() == base::Code::permission_denied) return reject_link(target.status().message());
      return note_link(target.status().message());  // a loop
    }
    bool inside = *target == root_ || root_ == "/" || (target->starts_with(root_) && (*target)[root_.size()] == '/');
    if (!inside) return note_link("a symbolic link that leads out of the folder");
    auto real = disk_.stat(absolute(path), true);
    if (real.status().code() == base::Code::not_found) return note_link("a symbolic link to nothing");
    if (!real.ok()) return reject_link(real.status().message());
    stat = *real;
    return true;
  }

  base::Status subdirectory(const std::string& path, const std::string& name, const FileStat& stat, size_t links) {
    if (!taken(path, true)) return {};
    for (const Level& level : levels_) {
      if (level.stat.same_place(stat)) {
        note(path, true,
             "a loop: this directory is " + (level.path.empty() ? std::string("the root") : level.path) + " again");
        return {};
      }
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
    if (is_ours(name, *names)) return {};
    return directory(path, stat, std::move(*names), links);
  }

  // A lake, or a Delta table: what is written there while it is pulled would be new with every pull.
  static bool is_ours(const std::string& name, const std::vector<std::string>& names) {
    return name == "_tarn" || std::binary_search(names.begin(), names.end(), "_tarn") ||
           std::binary_search(names.begin(), names.end(), "_delta_log");
  }

  const Disk& disk_;
  const std::string root_;
  const Options& options_;
  const base::Context& context_;
  PatternList include_, exclude_;
  std::vector<Level> levels_, above_;  // outermost first
  Listing out_;
  size_t entries_ = 0;
};

}  // namespace

base::Result<Listing> walk(const Disk& disk, const std::string& root, const Options& options,
                           const base::Context& context) {
  return Walk(disk, root, options, context).run();
}

}  // namespace tarn::connector::folder
