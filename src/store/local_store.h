// The store in a directory of this machine, over the system's files or a test's.
// Durable: a directory's entry is durable before anything is made in it; a file's bytes are durable before it gets its
//          name; the name is durable before the answer. So whatever a power cut leaves is the old state or the new one.
// Errors:  as store.h. A failed sync drops the file that it was for: the system may have forgotten the bytes and would
//          call a second sync of them a success.
// Threads: all calls may come from any thread and from several processes at once.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"
#include "store/files.h"
#include "store/store.h"

namespace tarn::store {

class LocalStore : public Store {
 public:
  // `directory` exists; open() makes it first.
  LocalStore(const std::string& directory, std::shared_ptr<Files> files, const base::Clock& clock);
  static base::Result<std::unique_ptr<Store>> open(const std::string& directory, std::shared_ptr<Files> files,
                                                   const base::Clock& clock);

  base::Result<std::string> read(std::string_view path) const override;
  base::Result<std::string> read_at(std::string_view path, uint64_t offset, uint64_t length) const override;
  base::Result<Entry> stat(std::string_view path) const override;
  base::Result<std::vector<Entry>> list(std::string_view directory, Detail detail) const override;
  base::Result<Local> local(std::string_view path) const override;
  base::Result<LocalFiles> local_files(const std::vector<std::string>& paths) const override;
  std::string local_root() const override { return root_; }
  std::string address(std::string_view path) const override { return absolute(path); }
  base::Status put_if_absent(std::string_view path, std::string_view bytes) override;
  base::Status put(std::string_view path, std::string_view bytes) override;
  base::Status put_volatile(std::string_view path, std::string_view bytes) override;
  base::Result<std::string> stage(std::string_view directory) override;
  base::Status publish(const std::string& staged, std::string_view path) override;
  void discard(const std::string& staged) override;
  base::Status rename_directory(std::string_view from, std::string_view to) override;
  base::Status remove(std::string_view path) override;

  // Where a path lies; one that leaves the root names nothing.
  std::string absolute(std::string_view path) const;

 private:
  base::Status prepare_directory(std::string_view directory);
  base::Status make_durable(const std::string& directory);
  void sweep(const std::string& directory);
  base::Result<std::string> write_temporary(std::string_view path, std::string_view bytes);
  base::Status write_all(int handle, const std::string& path, std::string_view bytes);
  base::Status name_if_absent(const std::string& temporary, std::string_view path);
  base::Status sync_parent(std::string_view path);
  base::Status check_staged(const std::string& staged) const;
  void drop(const std::string& temporary);

  std::string root_;
  std::shared_ptr<Files> files_;
  const base::Clock& clock_;
  std::mutex mutex_;
  // Directories (absolute) whose own entry is durable and that were swept.
  std::set<std::string, std::less<>> prepared_;
};

}  // namespace tarn::store
