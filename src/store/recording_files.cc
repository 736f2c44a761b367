#include "store/recording_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace tarn::store {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

RecordingFiles::RecordingFiles(std::string root, std::shared_ptr<Files> below, std::optional<Omission> omission,
                               NewNames new_names)
    : root_(std::move(root)), below_(std::move(below)), omission_(omission), new_names_(new_names) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
    const std::string path = *relative(entry.path().string());
    const bool is_directory = entry.is_directory();
    const uint64_t file = is_directory ? 0 : next_file_++;
    if (!is_directory) files_[path] = file;
    recording_.start.push_back({path, is_directory, file, is_directory ? "" : content_of(entry.path().string())});
  }
  std::sort(recording_.start.begin(), recording_.start.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
}

void RecordingFiles::mark(std::string label) {
  const std::lock_guard lock(mutex_);
  add({Event::Kind::mark, std::move(label), {}, 0, 0, {}});
}

Recording RecordingFiles::recording() const {
  const std::lock_guard lock(mutex_);
  return recording_;
}

std::optional<std::string> RecordingFiles::relative(const std::string& path) const {
  if (path == root_) return "";
  if (!path.starts_with(root_) || path[root_.size()] != '/') return {};
  return path.substr(root_.size() + 1);
}

bool RecordingFiles::omit(Event::Kind kind, const std::string& path) {
  if (!omission_ || omission_->kind != kind) return false;
  return omission_->path.empty() ? ++omittable_ == omission_->nth : omission_->path == path;
}

int RecordingFiles::create(const std::string& path, int* handle) {
  const std::lock_guard lock(mutex_);
  const int e = below_->create(path, handle);
  if (e != 0) return e;
  if (const auto at = relative(path)) {
    const uint64_t file = next_file_++;
    files_[*at] = file;
    open_[*handle] = {*at, file, 0};
    add({Event::Kind::create, *at, {}, file, 0, {}});
  }
  return 0;
}

int RecordingFiles::open(const std::string& path, int* handle, uint64_t* size_bytes) {
  const std::lock_guard lock(mutex_);
  const int e = below_->open(path, handle, size_bytes);
  if (e != 0) return e;
  if (const auto at = relative(path)) {
    if (!files_.contains(*at)) {  // another library wrote it
      const uint64_t file = next_file_++;
      files_[*at] = file;
      add({Event::Kind::create, *at, {}, file, 0, {}});
      add({Event::Kind::write, *at, {}, file, 0, content_of(path)});
    }
    open_[*handle] = {*at, files_[*at], *size_bytes};
  }
  return 0;
}

void RecordingFiles::close(int handle) {
  const std::lock_guard lock(mutex_);
  open_.erase(handle);
  below_->close(handle);
}

int RecordingFiles::write(int handle, std::string_view bytes, size_t* written) {
  const std::lock_guard lock(mutex_);
  const int e = below_->write(handle, bytes, written);
  if (e != 0) return e;
  if (const auto open = open_.find(handle); open != open_.end()) {
    const Open& o = open->second;
    add({Event::Kind::write, o.path, {}, o.file, o.end, std::string(bytes.substr(0, *written))});
    open->second.end += *written;
  }
  return 0;
}

int RecordingFiles::read(int handle, uint64_t offset, char* into, size_t size, size_t* got) {
  return below_->read(handle, offset, into, size, got);
}

int RecordingFiles::map(int handle, size_t size, const char** bytes) { return below_->map(handle, size, bytes); }

int RecordingFiles::sync(int handle) {
  // Not synced on the real disk: only the recording counts, and tests are quicker.
  const std::lock_guard lock(mutex_);
  const auto open = open_.find(handle);
  if (open == open_.end() || omit(Event::Kind::sync, open->second.path)) return 0;
  add({Event::Kind::sync, open->second.path, {}, open->second.file, 0, {}});
  return 0;
}

void RecordingFiles::moved(const std::string& from, const std::string& to) {
  if (const auto file = files_.find(from); file != files_.end()) {
    files_[to] = file->second;
    files_.erase(from);
    return;
  }
  // A directory: all that is in it goes along.
  std::vector<std::pair<std::string, uint64_t>> inside;
  for (auto file = files_.lower_bound(from + "/"); file != files_.end() && file->first.starts_with(from + "/");) {
    inside.emplace_back(to + file->first.substr(from.size()), file->second);
    file = files_.erase(file);
  }
  files_.insert(inside.begin(), inside.end());
}

int RecordingFiles::copy_in_place(const std::string& from, const std::string& to, bool replace) {
  const std::string source = root_ + "/" + from, target = root_ + "/" + to;
  const bool exists = std::filesystem::exists(target);
  if (exists && !replace) return EEXIST;
  const std::string bytes = content_of(source);
  std::ofstream(target, std::ios::binary | std::ios::trunc) << bytes;
  if (!exists) files_[to] = next_file_++;
  add({exists ? Event::Kind::truncate : Event::Kind::create, to, {}, files_[to], 0, {}});
  add({Event::Kind::write, to, {}, files_[to], 0, bytes});
  add({Event::Kind::sync, to, {}, files_[to], 0, {}});
  add({Event::Kind::unlink, from, {}, 0, 0, {}});
  files_.erase(from);
  return below_->unlink(source);
}

int RecordingFiles::move(const std::string& from, const std::string& to, bool replace) {
  const std::lock_guard lock(mutex_);
  const auto a = relative(from), b = relative(to);
  if (a && b && omit(Event::Kind::rename, *b)) return copy_in_place(*a, *b, replace);
  const int e = replace ? below_->rename(from, to) : below_->rename_no_replace(from, to);
  if (e != 0 || !a || !b) return e;
  add({Event::Kind::rename, *a, *b, 0, 0, {}});
  moved(*a, *b);
  return 0;
}

int RecordingFiles::rename(const std::string& from, const std::string& to) { return move(from, to, true); }
int RecordingFiles::rename_no_replace(const std::string& from, const std::string& to) {
  return new_names_ == NewNames::by_link ? EINVAL : move(from, to, false);
}

int RecordingFiles::link(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const auto a = relative(from), b = relative(to);
  if (a && b && omit(Event::Kind::link, *b)) return copy_in_place(*a, *b, false);
  const int e = below_->link(from, to);
  if (e != 0 || !a || !b) return e;
  add({Event::Kind::link, *a, *b, 0, 0, {}});
  files_[*b] = files_[*a];
  return 0;
}

int RecordingFiles::unlink(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const int e = below_->unlink(path);
  const auto at = relative(path);
  // A file that was never recorded was another library's and never published: no cut shows it.
  if (e == 0 && at && files_.erase(*at) > 0) add({Event::Kind::unlink, *at, {}, 0, 0, {}});
  return e;
}

int RecordingFiles::make_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const int e = below_->make_directory(path);
  if (const auto at = relative(path); e == 0 && at) add({Event::Kind::make_directory, *at, {}, 0, 0, {}});
  return e;
}

int RecordingFiles::sync_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto at = relative(path);
  if (!at) return 0;
  Entry entry;
  if (int e = below_->stat(path, &entry)) return e;
  if (!omit(Event::Kind::sync_directory, *at)) add({Event::Kind::sync_directory, *at, {}, 0, 0, {}});
  return 0;
}

int RecordingFiles::stat(const std::string& path, Entry* entry) { return below_->stat(path, entry); }
int RecordingFiles::list(const std::string& path, Detail detail, std::vector<Entry>* entries) {
  return below_->list(path, detail, entries);
}

}  // namespace tarn::store
