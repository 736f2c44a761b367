// A store for tests that keeps what store.h promises without a directory behind it, as object storage would: no rename,
// no mapped files, directories only where something lies below them, copies on this machine for as long as somebody
// holds their lease and no longer.
// Threads: as store.h.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/path.h"
#include "store/scratch_test.h"
#include "store/store.h"

namespace tarn::store {

class MemoryStore final : public Store {
 public:
  MemoryStore() {
    std::filesystem::create_directory(state_->scratch.path() + "/staged");
    std::filesystem::create_directory(local_root());
  }

  base::Result<std::string> read(std::string_view path) const override {
    TARN_ASSIGN(const File file, find(path));
    return *file.bytes;
  }
  base::Result<std::string> read_at(std::string_view path, uint64_t offset, uint64_t length) const override {
    TARN_ASSIGN(const File file, find(path));
    const uint64_t size = file.bytes->size();
    if (offset > size || length > size - offset) {
      return base::Status(base::Code::corruption, std::string(path) + ": ends at byte " + std::to_string(size));
    }
    return file.bytes->substr(offset, length);
  }
  base::Result<Entry> stat(std::string_view path) const override {
    TARN_TRY(check_path(path));
    const std::lock_guard lock(state_->mutex);
    if (const auto file = state_->files.find(path); file != state_->files.end()) return entry_of(path, file->second);
    const auto below = path.empty() ? state_->files.begin() : state_->files.lower_bound(std::string(path) + "/");
    const bool there = path.empty() || (below != state_->files.end() && is_below(below->first, path));
    if (!there) return missing(path);
    return Entry{std::string(name_of(path)), true, 0, newest_below(path)};
  }
  base::Result<std::vector<Entry>> list(std::string_view directory, Detail detail = Detail::sizes) const override {
    TARN_TRY(check_path(directory));
    const std::lock_guard lock(state_->mutex);
    std::map<std::string, Entry> found;
    const size_t skip = directory.empty() ? 0 : directory.size() + 1;
    for (const auto& [path, file] : state_->files) {
      if (!directory.empty() && !is_below(path, directory)) continue;
      const size_t slash = path.find('/', skip);
      const std::string name = path.substr(skip, slash == std::string::npos ? slash : slash - skip);
      if (slash == std::string::npos) {
        found[name] = detail == Detail::names ? Entry{name, false, 0, 0} : entry_of(path, file);
      } else {
        found[name] = {name, true, 0, detail == Detail::names ? 0 : newest_below(path.substr(0, slash))};
      }
    }
    std::vector<Entry> entries;
    for (auto& [name, entry] : found) entries.push_back(std::move(entry));
    return entries;
  }

  base::Result<Local> local(std::string_view path) const override {
    TARN_ASSIGN(const File file, find(path));
    const std::string key(path);
    Local older;  // let go without the lock, which it takes
    const std::lock_guard lock(state_->mutex);
    auto& known = state_->copies[key];
    older = known.lock();
    if (older && std::static_pointer_cast<const Copy>(older)->bytes_ == file.bytes) return older;
    const auto copy = std::make_shared<const Copy>(state_, key, file.bytes, ++state_->copied);
    known = copy;
    return Local(copy);
  }
  std::string local_root() const override { return state_->scratch.path() + "/copies"; }
  std::string address(std::string_view path) const override { return "memory:" + std::string(path); }

  base::Status put_if_absent(std::string_view path, std::string_view bytes) override {
    return write(path, bytes, false);
  }
  base::Status put(std::string_view path, std::string_view bytes) override { return write(path, bytes, true); }
  base::Status put_volatile(std::string_view path, std::string_view bytes) override { return write(path, bytes, true); }

  base::Result<std::string> stage(std::string_view directory) override {
    TARN_TRY(check_path(directory));
    return state_->scratch.path() + "/staged/" + temporary_name();
  }
  base::Status publish(const std::string& staged, std::string_view path) override {
    if (!is_staged(staged)) return {base::Code::invalid_argument, staged + ": not a path that stage() gave"};
    TARN_TRY(check_file_path(path));
    std::ifstream in(staged, std::ios::binary);
    if (!in) return {base::Code::not_found, staged + ": not there"};
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    TARN_TRY(write(path, bytes, false));
    discard(staged);
    return {};
  }
  void discard(const std::string& staged) override {
    std::error_code ignored;
    if (is_staged(staged)) std::filesystem::remove(staged, ignored);
  }
  base::Status rename_directory(std::string_view from, std::string_view to) override {
    TARN_TRY(check_file_path(from));
    TARN_TRY(check_file_path(to));
    return {base::Code::unsupported, "objects are not renamed"};
  }
  base::Status remove(std::string_view path) override {
    TARN_TRY(check_file_path(path));
    const std::lock_guard lock(state_->mutex);
    const auto below = state_->files.lower_bound(std::string(path) + "/");
    if (below != state_->files.end() && is_below(below->first, path)) {
      return {base::Code::io, std::string(path) + ": the directory is not empty"};
    }
    state_->files.erase(std::string(path));
    return {};
  }

  // Files of this machine that a lease keeps.
  size_t copies() const {
    size_t n = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(local_root())) n += !entry.is_directory();
    return n;
  }

 private:
  struct File {
    std::shared_ptr<const std::string> bytes;
    int64_t modified_us = 0;
  };
  struct State;
  class Copy final : public LocalCopy {
   public:
    // With the state's mutex held.
    Copy(std::shared_ptr<State> state, const std::string& path, std::shared_ptr<const std::string> bytes,
         uint64_t number)
        : state_(std::move(state)),
          key_(path),
          path_(state_->scratch.path() + "/copies/" + path),
          bytes_(std::move(bytes)),
          number_(number) {
      std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
      std::ofstream(path_ + ".new", std::ios::binary) << *bytes_;
      std::filesystem::rename(path_ + ".new", path_);
      state_->newest_copy[key_] = number_;
    }
    ~Copy() override {
      const std::lock_guard lock(state_->mutex);
      std::error_code ignored;
      if (state_->newest_copy[key_] != number_) return;
      // Emptied first: who reads on without a lease finds nothing, also in a file that is open.
      std::filesystem::resize_file(path_, 0, ignored);
      std::filesystem::remove(path_, ignored);
    }
    const std::string& path() const override { return path_; }
    base::Result<std::string_view> bytes() const override { return std::string_view(*bytes_); }

   private:
    friend class MemoryStore;
    const std::shared_ptr<State> state_;
    const std::string key_, path_;
    const std::shared_ptr<const std::string> bytes_;
    const uint64_t number_;
  };
  struct State {
    ScratchDirectory scratch;
    std::mutex mutex;
    std::map<std::string, File, std::less<>> files;
    std::map<std::string, std::weak_ptr<const LocalCopy>> copies;
    std::map<std::string, uint64_t> newest_copy;
    uint64_t copied = 0;
  };

  static bool is_below(std::string_view path, std::string_view directory) {
    return directory.empty() ||
           (path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/');
  }
  static base::Status missing(std::string_view path) {
    return {base::Code::not_found, std::string(path) + ": not there"};
  }
  static Entry entry_of(std::string_view path, const File& file) {
    return {std::string(name_of(path)), false, file.bytes->size(), file.modified_us};
  }
  int64_t newest_below(std::string_view directory) const {
    int64_t newest = 0;
    for (const auto& [path, file] : state_->files) {
      if (is_below(path, directory)) newest = std::max(newest, file.modified_us);
    }
    return newest;
  }
  bool is_staged(const std::string& staged) const {
    return parent_of(staged) == state_->scratch.path() + "/staged" && is_temporary(name_of(staged));
  }
  base::Result<File> find(std::string_view path) const {
    TARN_TRY(check_path(path));
    const std::lock_guard lock(state_->mutex);
    const auto file = state_->files.find(path);
    if (file != state_->files.end()) return file->second;
    const auto below = state_->files.lower_bound(std::string(path) + "/");
    if (path.empty() || (below != state_->files.end() && is_below(below->first, path))) {
      return base::Status(base::Code::invalid_argument, std::string(path) + ": a directory");
    }
    return missing(path);
  }
  base::Status write(std::string_view path, std::string_view bytes, bool replace) {
    TARN_TRY(check_file_path(path));
    const std::lock_guard lock(state_->mutex);
    if (!replace && state_->files.contains(path)) {
      return {base::Code::already_exists, std::string(path) + ": already exists"};
    }
    state_->files[std::string(path)] = {std::make_shared<const std::string>(bytes), base::system_clock().now_us()};
    return {};
  }

  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace tarn::store
