#include "store/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/hash.h"
#include "base/random.h"
#include "store/path.h"

namespace tarn::store {
namespace {

using Bytes = std::shared_ptr<const std::string>;
const Bytes kNothing = std::make_shared<const std::string>();

constexpr std::string_view kKindNames[] = {"create", "write",  "truncate",       "sync",           "rename",
                                           "link",   "unlink", "make_directory", "sync_directory", "mark"};

struct Node {
  bool is_directory = false;
  Bytes durable = kNothing, current = kNothing;
  // Of a directory: its names, and the changes of them that were not synced. 0 removes the name.
  using Change = std::vector<std::pair<std::string, uint64_t>>;
  std::map<std::string, uint64_t> durable_names, names;
  std::vector<Change> unsynced;
};

struct File {
  bool is_directory = false;
  Bytes bytes;
};
using Tree = std::map<std::string, File>;  // by path; parents sort before what is in them

void apply_change(std::map<std::string, uint64_t>& names, const Node::Change& change) {
  for (const auto& [name, node] : change) {
    if (node == 0) {
      names.erase(name);
    } else {
      names[name] = node;
    }
  }
}

// A file system in memory that knows what of it is durable.
class Disk {
 public:
  explicit Disk(const Recording& recording) {
    nodes_[kRoot].is_directory = true;
    for (const auto& entry : recording.start) {
      const uint64_t id = entry.is_directory ? fresh() : entry.file;
      Node& node = nodes_[id];
      node.is_directory = entry.is_directory;
      node.durable = node.current = std::make_shared<const std::string>(entry.bytes);
      Node& parent = directory(parent_of(entry.path));
      parent.names[std::string(name_of(entry.path))] = id;
      parent.durable_names = parent.names;
    }
  }

  void apply_event(const Event& e) {
    switch (e.kind) {
      case Event::Kind::create:
        set_name(e.path, e.file);
        nodes_[e.file];
        break;
      case Event::Kind::write: {
        std::string bytes = *nodes_[e.file].current;
        bytes.resize(std::max<size_t>(bytes.size(), e.offset + e.bytes.size()));
        bytes.replace(e.offset, e.bytes.size(), e.bytes);
        nodes_[e.file].current = std::make_shared<const std::string>(std::move(bytes));
        break;
      }
      case Event::Kind::truncate:
        nodes_[e.file].current = kNothing;
        break;
      case Event::Kind::sync:
        nodes_[e.file].durable = nodes_[e.file].current;
        break;
      case Event::Kind::rename: {
        const uint64_t id = directory(parent_of(e.path)).names.at(std::string(name_of(e.path)));
        if (parent_of(e.path) == parent_of(e.to)) {
          change(parent_of(e.path), {{std::string(name_of(e.path)), 0}, {std::string(name_of(e.to)), id}});
        } else {
          set_name(e.to, id);
          set_name(e.path, 0);
        }
        break;
      }
      case Event::Kind::link:
        set_name(e.to, directory(parent_of(e.path)).names.at(std::string(name_of(e.path))));
        break;
      case Event::Kind::unlink:
        set_name(e.path, 0);
        break;
      case Event::Kind::make_directory: {
        const uint64_t id = fresh();
        nodes_[id].is_directory = true;
        set_name(e.path, id);
        break;
      }
      case Event::Kind::sync_directory: {
        Node& node = directory(e.path);
        node.durable_names = node.names;
        node.unsynced.clear();
        break;
      }
      case Event::Kind::mark:
        break;
    }
  }

  Tree after_power_cut(const Variant& variant, uint64_t salt) const {
    base::Random random(variant.seed ^ (salt * 0x9e3779b97f4a7c15u));
    Tree tree;
    std::map<uint64_t, Bytes> decided;  // one fate a file, whatever its names
    visit(kRoot, "", variant, random, decided, tree);
    return tree;
  }

 private:
  static constexpr uint64_t kRoot = 1;

  uint64_t fresh() { return next_directory_--; }
  Node& directory(std::string_view path) {
    uint64_t id = kRoot;
    while (!path.empty()) {
      const auto slash = std::min(path.find('/'), path.size());
      id = nodes_[id].names.at(std::string(path.substr(0, slash)));
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return nodes_[id];
  }
  void change(std::string_view path, Node::Change change) {
    Node& node = directory(path);
    apply_change(node.names, change);
    node.unsynced.push_back(std::move(change));
  }
  void set_name(const std::string& path, uint64_t id) { change(parent_of(path), {{std::string(name_of(path)), id}}); }

  static Bytes fate(const Node& node, Unsynced unsynced, base::Random& random) {
    if (node.durable == node.current) return node.current;
    if (unsynced == Unsynced::mixed) unsynced = static_cast<Unsynced>(random.below(4));
    if (unsynced == Unsynced::lost) return node.durable;
    if (unsynced == Unsynced::kept) return node.current;
    const std::string& before = *node.durable;
    std::string bytes = *node.current;
    const auto same = std::mismatch(before.begin(), before.end(), bytes.begin(), bytes.end()).second - bytes.begin();
    const size_t from = static_cast<size_t>(same);
    if (unsynced == Unsynced::torn) {
      bytes.resize(from + (bytes.size() - from) / 2);
    } else {
      for (size_t i = from; i < bytes.size(); ++i) bytes[i] = static_cast<char>(random.next());
    }
    return std::make_shared<const std::string>(std::move(bytes));
  }

  void visit(uint64_t id, const std::string& path, const Variant& variant, base::Random& random,
             std::map<uint64_t, Bytes>& decided, Tree& tree) const {
    const Node& node = nodes_.at(id);
    if (!node.is_directory) {
      Bytes& bytes = decided[id];
      if (bytes == nullptr) bytes = fate(node, variant.bytes, random);
      tree[path] = {false, bytes};
      return;
    }
    if (!path.empty()) tree[path] = {true, kNothing};
    auto names = variant.names == Names::kept ? node.names : node.durable_names;
    if (variant.names == Names::mixed) {
      for (const auto& change : node.unsynced) {
        if (random.below(2) == 0) apply_change(names, change);
      }
    }
    for (const auto& [name, child] : names) {
      visit(child, path.empty() ? name : path + "/" + name, variant, random, decided, tree);
    }
  }

  std::map<uint64_t, Node> nodes_;
  uint64_t next_directory_ = ~uint64_t{0};  // files count up from 2, directories down
};

base::Status write_tree(const Tree& tree, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return {base::Code::io, fmt::format("{}: {}", directory, error.message())};
  if (!std::filesystem::is_empty(directory, error)) {
    return {base::Code::invalid_argument, fmt::format("{}: not an empty directory", directory)};
  }
  for (const auto& [path, file] : tree) {
    const std::string at = directory + "/" + path;
    if (file.is_directory) {
      std::filesystem::create_directory(at, error);
      if (error) return {base::Code::io, fmt::format("{}: {}", at, error.message())};
      continue;
    }
    std::ofstream out(at, std::ios::binary);
    out << *file.bytes;
    out.close();
    if (!out) return {base::Code::io, fmt::format("{}: could not be written", at)};
  }
  return {};
}

base::Hash128 hash_of(const Tree& tree, size_t marks) {
  base::Hasher128 hasher;
  const auto number = [&](uint64_t n) { hasher.add({reinterpret_cast<const char*>(&n), sizeof n}); };
  number(marks);
  for (const auto& [path, file] : tree) {
    number(path.size());
    hasher.add(path);
    number(file.is_directory ? ~uint64_t{0} : file.bytes->size());
    hasher.add(*file.bytes);
  }
  return hasher.finish();
}

}  // namespace

std::string Event::describe() const {
  std::string text(kKindNames[static_cast<size_t>(kind)]);
  text += " " + (path.empty() ? "/" : path);
  if (!to.empty()) text += " -> " + to;
  if (kind == Kind::write) text += fmt::format(" ({} bytes at {})", bytes.size(), offset);
  return text;
}

size_t Recording::count(Event::Kind kind) const {
  return static_cast<size_t>(
      std::count_if(events.begin(), events.end(), [&](const Event& e) { return e.kind == kind; }));
}

std::string Variant::describe() const {
  constexpr std::string_view kBytes[] = {"lost", "kept", "torn", "garbage", "mixed"};
  constexpr std::string_view kNames[] = {"lost", "kept", "mixed"};
  return fmt::format("unsynced bytes {}, unsynced names {}, seed {}", kBytes[static_cast<size_t>(bytes)],
                     kNames[static_cast<size_t>(names)], seed);
}

std::vector<Variant> all_variants(uint64_t seed, int mixed) {
  std::vector<Variant> variants;
  for (const auto bytes : {Unsynced::lost, Unsynced::kept, Unsynced::torn, Unsynced::garbage}) {
    for (const auto names : {Names::lost, Names::kept}) variants.push_back({bytes, names, seed});
  }
  for (int i = 0; i < mixed; ++i) variants.push_back({Unsynced::mixed, Names::mixed, seed + static_cast<uint64_t>(i)});
  return variants;
}

std::string PowerCut::describe() const { return fmt::format("power cut after event {}; {}", cut, variant.describe()); }

base::Status materialise(const Recording& recording, size_t cut, const Variant& variant, const std::string& directory) {
  Disk disk(recording);
  for (size_t i = 0; i < cut && i < recording.events.size(); ++i) disk.apply_event(recording.events[i]);
  return write_tree(disk.after_power_cut(variant, cut), directory);
}

base::Result<size_t> for_each_power_cut(const Recording& recording, const std::vector<Variant>& variants,
                                        const std::string& scratch, const std::function<void(const PowerCut&)>& visit) {
  Disk disk(recording);
  PowerCut at;
  at.directory = scratch + "/power-cut";
  std::set<base::Hash128> seen;
  for (; at.cut <= recording.events.size(); ++at.cut) {
    if (at.cut > 0) {
      const Event& event = recording.events[at.cut - 1];
      disk.apply_event(event);
      if (event.kind == Event::Kind::mark) at.marks.push_back(event.path);
    }
    for (const Variant& variant : variants) {
      const Tree tree = disk.after_power_cut(variant, at.cut);
      if (!seen.insert(hash_of(tree, at.marks.size())).second) continue;
      at.variant = variant;
      std::error_code error;
      std::filesystem::remove_all(at.directory, error);
      TARN_TRY(write_tree(tree, at.directory));
      visit(at);
    }
  }
  std::error_code error;
  std::filesystem::remove_all(at.directory, error);
  return seen.size();
}

}  // namespace tarn::store
