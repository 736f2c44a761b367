#include "store/local_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "store/failure.h"
#include "store/path.h"

namespace tarn::store {
namespace {

std::string parent_directory(const std::string& absolute) {
  const size_t slash = absolute.rfind('/');
  return slash == 0 ? "/" : absolute.substr(0, slash);
}

}  // namespace

LocalStore::LocalStore(const std::string& directory, std::shared_ptr<Files> files, const base::Clock& clock)
    : root_(std::filesystem::absolute(directory).lexically_normal().string()), files_(std::move(files)), clock_(clock) {
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
}

base::Result<std::unique_ptr<Store>> LocalStore::open(const std::string& directory, std::shared_ptr<Files> files,
                                                      const base::Clock& clock) {
  if (directory.empty() || directory.find('\0') != std::string::npos) {
    return base::Status(base::Code::invalid_argument, "a directory's name is needed");
  }
  auto store = std::make_unique<LocalStore>(directory, std::move(files), clock);
  Entry root;
  const int error = store->files_->stat(store->root_, &root);
  if (error == ENOENT) {
    TARN_TRY(store->make_durable(store->root_));
  } else if (error != 0) {
    return failure(error, "open", store->root_);
  } else if (!root.is_directory) {
    return base::Status(base::Code::invalid_argument, fmt::format("{}: not a directory", store->root_));
  }
  return std::unique_ptr<Store>(std::move(store));
}

// Makes what is missing of an absolute directory. One that is there may have been made by a process that died
// before its sync, so its entry is synced too; its parents' entries are durable, because nothing is made in a
// directory whose own entry is not.
base::Status LocalStore::make_durable(const std::string& directory) {
  if (directory == "/" || prepared_.contains(directory)) return {};
  const std::string parent = parent_directory(directory);
  Entry entry;
  int error = files_->stat(directory, &entry);
  const bool existed = error == 0;
  if (existed && !entry.is_directory) return failure(ENOTDIR, "write", directory);
  if (error == ENOENT) {
    TARN_TRY(make_durable(parent));
    error = files_->make_directory(directory);
    if (error == EEXIST) error = 0;
  }
  if (error != 0) return write_failure(error, "making the directory", directory, 0);
  error = files_->sync_directory(parent);
  // Above the root a parent may be closed to us; then it is not ours to make durable.
  if (error == EACCES && existed && directory.size() <= root_.size()) error = 0;
  if (error != 0) return sync_failure(error, parent);
  prepared_.insert(directory);
  return {};
}

base::Status LocalStore::prepare_directory(std::string_view directory) {
  const std::string at = absolute(directory);
  const std::lock_guard lock(mutex_);
  if (prepared_.contains(at)) {
    // Someone may have removed it since.
    Entry entry;
    if (files_->stat(at, &entry) == 0) return {};
    prepared_.clear();
  }
  TARN_TRY(make_durable(at));
  sweep(at);
  return {};
}

// What fails here is left for the next writer.
void LocalStore::sweep(const std::string& directory) {
  std::vector<Entry> entries;
  if (files_->list(directory, Detail::sizes, &entries) != 0) return;
  const int64_t now_us = clock_.now_us();
  for (const Entry& entry : entries) {
    if (!entry.is_directory && is_temporary(entry.name) && is_abandoned(entry.name, now_us - entry.modified_us)) {
      drop(directory + "/" + entry.name);
    }
  }
}

void LocalStore::drop(const std::string& temporary) { (void)files_->unlink(temporary); }

base::Status LocalStore::write_all(int handle, const std::string& path, std::string_view bytes) {
  const size_t size = bytes.size();
  while (!bytes.empty()) {
    size_t written = 0;
    int error = files_->write(handle, bytes, &written);
    if (error == 0 && written == 0) error = EIO;  // a write that never gets on must not loop
    if (error != 0) return write_failure(error, "write", path, size);
    bytes.remove_prefix(written);
  }
  return {};
}

// A synced file without a name yet, beside the one that it is going to be.
base::Result<std::string> LocalStore::write_temporary(std::string_view path, std::string_view bytes) {
  TARN_TRY(prepare_directory(parent_of(path)));
  const std::string final_path = absolute(path);
  const std::string temporary = parent_directory(final_path) + "/" + temporary_name();
  int handle = -1;
  if (int error = files_->create(temporary, &handle)) return write_failure(error, "write", final_path, bytes.size());
  base::Status status = write_all(handle, final_path, bytes);
  if (status.ok()) {
    if (int error = files_->sync(handle)) status = sync_failure(error, final_path);
  }
  files_->close(handle);
  if (!status.ok()) {
    drop(temporary);
    return status;
  }
  return temporary;
}

base::Status LocalStore::sync_parent(std::string_view path) {
  const std::string at = absolute(path);
  if (int error = files_->sync_directory(parent_directory(at))) {
    return sync_failure(error, parent_directory(at)).with_context(at + " is written, but a power cut may take it away");
  }
  return {};
}

base::Status LocalStore::name_if_absent(const std::string& temporary, std::string_view path) {
  const std::string final_path = absolute(path);
  int error = files_->rename_no_replace(temporary, final_path);
  if (error == EINVAL || error == ENOSYS || error == ENOTSUP) {
    // The file system lacks it (NFS): a second name for the file, then the first one goes.
    error = files_->link(temporary, final_path);
    if (error == 0) drop(temporary);
  }
  if (error == EEXIST) {
    // Its writer may have died before this sync; who is told "already exists" may build on it.
    TARN_TRY(sync_parent(path));
    return {base::Code::already_exists, fmt::format("{}: already exists", final_path)};
  }
  if (error != 0) return write_failure(error, "naming the file", final_path, 0);
  return sync_parent(path);
}

base::Status LocalStore::put_if_absent(std::string_view path, std::string_view bytes) {
  TARN_TRY(check_file_path(path));
  Entry entry;
  if (files_->stat(absolute(path), &entry) == 0) {  // spares the write; the rename decides
    TARN_TRY(sync_parent(path));
    return {base::Code::already_exists, fmt::format("{}: already exists", absolute(path))};
  }
  TARN_ASSIGN(const std::string temporary, write_temporary(path, bytes));
  base::Status status = name_if_absent(temporary, path);
  if (!status.ok()) drop(temporary);
  return status;
}

base::Status LocalStore::put(std::string_view path, std::string_view bytes) {
  TARN_TRY(check_file_path(path));
  TARN_ASSIGN(const std::string temporary, write_temporary(path, bytes));
  if (int error = files_->rename(temporary, absolute(path))) {
    drop(temporary);
    return write_failure(error, "naming the file", absolute(path), bytes.size());
  }
  return sync_parent(path);
}

base::Status LocalStore::put_volatile(std::string_view path, std::string_view bytes) {
  TARN_TRY(check_file_path(path));
  const std::string final_path = absolute(path);
  const std::string temporary = parent_directory(final_path) + "/" + temporary_name();
  int handle = -1;
  int error = files_->create(temporary, &handle);
  if (error == ENOENT) {
    TARN_TRY(prepare_directory(parent_of(path)));
    error = files_->create(temporary, &handle);
  }
  if (error != 0) return write_failure(error, "write", final_path, bytes.size());
  const base::Status written = write_all(handle, final_path, bytes);
  files_->close(handle);
  error = written.ok() ? files_->rename(temporary, final_path) : 0;
  if (!written.ok() || error != 0) drop(temporary);
  if (!written.ok()) return written;
  return error == 0 ? base::Status() : write_failure(error, "naming the file", final_path, bytes.size());
}

base::Result<std::string> LocalStore::stage(std::string_view directory) {
  TARN_TRY(check_path(directory));
  TARN_TRY(prepare_directory(directory));
  return absolute(directory) + "/" + temporary_name();
}

base::Status LocalStore::check_staged(const std::string& staged) const {
  const size_t below = root_ == "/" ? 1 : root_.size() + 1;
  const bool inside = staged.size() > below && staged.starts_with(root_) && staged[below - 1] == '/';
  if (inside && check_path(std::string_view(staged).substr(below)).ok() && is_temporary(name_of(staged))) return {};
  return {base::Code::invalid_argument, fmt::format("{}: not a path that stage() gave", staged)};
}

base::Status LocalStore::publish(const std::string& staged, std::string_view path) {
  TARN_TRY(check_staged(staged));
  TARN_TRY(check_file_path(path));
  TARN_TRY(prepare_directory(parent_of(path)));
  int handle = -1;
  uint64_t size_bytes = 0;
  if (int error = files_->open(staged, &handle, &size_bytes)) return failure(error, "open", staged);
  const int error = files_->sync(handle);
  files_->close(handle);
  if (error != 0) {
    drop(staged);
    return sync_failure(error, staged);
  }
  return name_if_absent(staged, path);
}

void LocalStore::discard(const std::string& staged) {
  if (check_staged(staged).ok()) drop(staged);
}

base::Status LocalStore::rename_directory(std::string_view from, std::string_view to) {
  TARN_TRY(check_file_path(from));
  TARN_TRY(check_file_path(to));
  if (parent_of(from) != parent_of(to)) {
    return {base::Code::invalid_argument,
            fmt::format("{} and {} are in different directories: it cannot be renamed in one step", from, to)};
  }
  Entry entry;
  int error = files_->stat(absolute(from), &entry);
  if (error == 0 && !entry.is_directory) error = ENOTDIR;
  if (error == 0) error = files_->rename_no_replace(absolute(from), absolute(to));
  if (error == EINVAL || error == ENOSYS || error == ENOTSUP) {
    // The file system lacks it (NFS): a plain rename replaces nothing but an empty directory.
    error = files_->rename(absolute(from), absolute(to));
    if (error == ENOTEMPTY || error == ENOTDIR) error = EEXIST;
  }
  if (error == EEXIST) return {base::Code::already_exists, fmt::format("{}: already exists", absolute(to))};
  if (error != 0) return failure(error, "rename", absolute(from));
  {
    const std::lock_guard lock(mutex_);
    prepared_.clear();
  }
  return sync_parent(to);
}

base::Status LocalStore::remove(std::string_view path) {
  TARN_TRY(check_file_path(path));
  const int error = files_->unlink(absolute(path));
  return error == 0 || error == ENOENT || error == ENOTDIR ? base::Status() : failure(error, "remove", absolute(path));
}

std::string LocalStore::absolute(std::string_view path) const {
  // A path that leaves the root names nothing, rather than something else.
  if (!check_path(path).ok()) path = ".tmp-invalid-path";
  if (path.empty()) return root_;
  return fmt::format("{}{}{}", root_, root_ == "/" ? "" : "/", path);
}

base::Result<std::unique_ptr<Store>> open_local(const std::string& directory) {
  return LocalStore::open(directory, system_files(), base::system_clock());
}

}  // namespace tarn::store
