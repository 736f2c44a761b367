// Files that write down each call that changes something below one root. See fault_store.h.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/fault_store.h"
#include "store/files.h"

namespace tarn::store {

class RecordingFiles final : public Files {
 public:
  // `root` is absolute and exists; calls outside it go through unrecorded.
  RecordingFiles(std::string root, std::shared_ptr<Files> below, std::optional<Omission> omission,
                 NewNames new_names = NewNames::by_rename);
  void mark(std::string label);
  Recording recording() const;

  int create(const std::string& path, int* handle) override;
  int open(const std::string& path, int* handle, uint64_t* size_bytes) override;
  void close(int handle) override;
  int write(int handle, std::string_view bytes, size_t* written) override;
  int read(int handle, uint64_t offset, char* into, size_t size, size_t* got) override;
  int map(int handle, size_t size, const char** bytes) override;
  int sync(int handle) override;
  int rename(const std::string& from, const std::string& to) override;
  int rename_no_replace(const std::string& from, const std::string& to) override;
  int link(const std::string& from, const std::string& to) override;
  int unlink(const std::string& path) override;
  int make_directory(const std::string& path) override;
  int sync_directory(const std::string& path) override;
  int stat(const std::string& path, Entry* entry) override;
  int list(const std::string& path, Detail detail, std::vector<Entry>* entries) override;

 private:
  struct Open {
    std::string path;
    uint64_t file = 0;
    uint64_t end = 0;  // where the next write goes
  };
  std::optional<std::string> relative(const std::string& path) const;
  void add(Event event) { recording_.events.push_back(std::move(event)); }
  bool omit(Event::Kind kind, const std::string& path);
  void moved(const std::string& from, const std::string& to);
  int copy_in_place(const std::string& from, const std::string& to, bool replace);
  int move(const std::string& from, const std::string& to, bool replace);

  const std::string root_;
  std::shared_ptr<Files> below_;
  mutable std::mutex mutex_;  // held over call and note, so that the order is the true one
  std::optional<Omission> omission_;
  const NewNames new_names_;
  uint64_t omittable_ = 0;  // calls of the omission's kind so far
  Recording recording_;
  std::map<std::string, uint64_t> files_;  // by relative path
  std::map<int, Open> open_;
  uint64_t next_file_ = 2;
};

}  // namespace tarn::store
