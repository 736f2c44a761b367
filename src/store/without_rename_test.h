// Another store that renames no directory: what its callers do then is tried on the local one, with its faults and
// power cuts.
#pragma once

#include "store/store.h"

namespace tarn::store {

class WithoutRename : public Store {
 public:
  explicit WithoutRename(Store* below) : below_(below) {}
  base::Result<std::string> read(std::string_view p) const override { return below_->read(p); }
  base::Result<std::string> read_at(std::string_view p, uint64_t offset, uint64_t length) const override {
    return below_->read_at(p, offset, length);
  }
  base::Result<Entry> stat(std::string_view p) const override { return below_->stat(p); }
  base::Result<std::vector<Entry>> list(std::string_view p, Detail detail = Detail::sizes) const override {
    return below_->list(p, detail);
  }
  base::Result<Local> local(std::string_view p) const override { return below_->local(p); }
  base::Result<LocalFiles> local_files(const std::vector<std::string>& p) const override {
    return below_->local_files(p);
  }
  std::string local_root() const override { return below_->local_root(); }
  std::string address(std::string_view p) const override { return below_->address(p); }
  base::Status put_if_absent(std::string_view p, std::string_view b) override { return below_->put_if_absent(p, b); }
  base::Status put(std::string_view p, std::string_view b) override { return below_->put(p, b); }
  base::Status put_volatile(std::string_view p, std::string_view b) override { return below_->put_volatile(p, b); }
  base::Result<std::string> stage(std::string_view p) override { return below_->stage(p); }
  base::Status publish(const std::string& staged, std::string_view p) override { return below_->publish(staged, p); }
  void discard(const std::string& staged) override { below_->discard(staged); }
  base::Status rename_directory(std::string_view, std::string_view) override {
    return {base::Code::unsupported, "this store renames no directory"};
  }
  base::Status remove(std::string_view p) override { return below_->remove(p); }

 private:
  Store* below_;
};

}  // namespace tarn::store
