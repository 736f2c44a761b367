#include "store/fault_files.h"

#include <fmt/format.h>

#include <cerrno>

namespace tarn::store {

namespace {
constexpr int kShort = -1;
}

void FaultFiles::arm(Fault fault, uint64_t nth, bool for_good) {
  const std::lock_guard lock(mutex_);
  armed_ = true;
  fault_ = fault;
  nth_ = nth;
  for_good_ = for_good;
  calls_ = 0;
  fired_at_.clear();
}

void FaultFiles::disarm() {
  const std::lock_guard lock(mutex_);
  armed_ = false;
}

uint64_t FaultFiles::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::string FaultFiles::fired_at() const {
  const std::lock_guard lock(mutex_);
  return fired_at_;
}

int FaultFiles::hit(std::string_view call, const std::string& path, Takes takes) {
  const std::lock_guard lock(mutex_);
  if (!armed_) return 0;
  const bool space = takes == Takes::space || takes == Takes::space_and_a_handle || takes == Takes::bytes;
  const bool handle = takes == Takes::a_handle || takes == Takes::space_and_a_handle;
  if (fault_ == Fault::no_space && !space) return 0;
  if (fault_ == Fault::too_many_files && !handle) return 0;
  if (fault_ == Fault::short_write && takes != Takes::bytes) return 0;
  ++calls_;
  if (for_good_ ? calls_ < nth_ : calls_ != nth_) return 0;
  if (fired_at_.empty()) fired_at_ = fmt::format("{} {}", call, path);
  switch (fault_) {
    case Fault::io_error:
      return EIO;
    case Fault::no_space:
      return ENOSPC;
    case Fault::too_many_files:
      return EMFILE;
    case Fault::short_write:
      break;
  }
  return kShort;
}

int FaultFiles::create(const std::string& path, int* handle) {
  if (int e = hit("create", path, Takes::space_and_a_handle)) return e;
  return below_->create(path, handle);
}

int FaultFiles::open(const std::string& path, int* handle, uint64_t* size_bytes) {
  if (int e = hit("open", path, Takes::a_handle)) return e;
  return below_->open(path, handle, size_bytes);
}

void FaultFiles::close(int handle) { below_->close(handle); }

int FaultFiles::write(int handle, std::string_view bytes, size_t* written) {
  const int e = hit("write", "", Takes::bytes);
  if (e == 0) return below_->write(handle, bytes, written);
  // A failing write may have taken some of the bytes; a short one takes at least one.
  const size_t half = bytes.size() / 2;
  const int below = below_->write(handle, bytes.substr(0, e == kShort && half == 0 ? 1 : half), written);
  return e == kShort ? below : e;
}

int FaultFiles::read(int handle, uint64_t offset, char* into, size_t size, size_t* got) {
  if (int e = hit("read", "", Takes::nothing)) return e;
  return below_->read(handle, offset, into, size, got);
}

int FaultFiles::map(int handle, size_t size, const char** bytes) {
  if (int e = hit("map", "", Takes::nothing)) return e;
  return below_->map(handle, size, bytes);
}

int FaultFiles::sync(int handle) {
  if (int e = hit("sync", "", Takes::space)) return e;
  return below_->sync(handle);
}

int FaultFiles::rename(const std::string& from, const std::string& to) {
  if (int e = hit("rename", to, Takes::space)) return e;
  return below_->rename(from, to);
}

int FaultFiles::rename_no_replace(const std::string& from, const std::string& to) {
  if (int e = hit("rename_no_replace", to, Takes::space)) return e;
  return below_->rename_no_replace(from, to);
}

int FaultFiles::link(const std::string& from, const std::string& to) {
  if (int e = hit("link", to, Takes::space)) return e;
  return below_->link(from, to);
}

int FaultFiles::unlink(const std::string& path) {
  if (int e = hit("unlink", path, Takes::nothing)) return e;
  return below_->unlink(path);
}

int FaultFiles::make_directory(const std::string& path) {
  if (int e = hit("make_directory", path, Takes::space)) return e;
  return below_->make_directory(path);
}

int FaultFiles::sync_directory(const std::string& path) {
  if (int e = hit("sync_directory", path, Takes::space_and_a_handle)) return e;
  return below_->sync_directory(path);
}

int FaultFiles::stat(const std::string& path, Entry* entry) {
  if (int e = hit("stat", path, Takes::nothing)) return e;
  return below_->stat(path, entry);
}

int FaultFiles::list(const std::string& path, Detail detail, std::vector<Entry>* entries) {
  if (int e = hit("list", path, Takes::a_handle)) return e;
  return below_->list(path, detail, entries);
}

}  // namespace tarn::store
