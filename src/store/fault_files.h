// Files whose n-th call fails. See fault_store.h.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "store/fault_store.h"
#include "store/files.h"

namespace tarn::store {

class FaultFiles final : public Files {
 public:
  explicit FaultFiles(std::shared_ptr<Files> below) : below_(std::move(below)) {}

  void arm(Fault fault, uint64_t nth, bool for_good);
  void disarm();
  uint64_t calls() const;
  std::string fired_at() const;  // "" when nothing failed

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
  enum class Takes { nothing, space, a_handle, space_and_a_handle, bytes };
  // 0, or the error that this call shall fail with (-1: a short write).
  int hit(std::string_view call, const std::string& path, Takes takes);

  std::shared_ptr<Files> below_;
  mutable std::mutex mutex_;
  bool armed_ = false, for_good_ = false;
  Fault fault_ = Fault::io_error;
  uint64_t nth_ = 0, calls_ = 0;
  std::string fired_at_;
};

}  // namespace tarn::store
