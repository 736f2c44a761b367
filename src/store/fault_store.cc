#include "store/fault_store.h"

#include <filesystem>

#include "store/fault_files.h"
#include "store/recording_files.h"

namespace tarn::store {
namespace {

std::string made(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  TARN_CHECK(std::filesystem::is_directory(directory));
  std::string root = std::filesystem::absolute(directory).lexically_normal().string();
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  return root;
}

}  // namespace

FaultStore::FaultStore(const std::string& directory)
    : FaultStore(made(directory), std::make_shared<FaultFiles>(system_files())) {}
FaultStore::FaultStore(const std::string& directory, std::shared_ptr<FaultFiles> files)
    : LocalStore(directory, files, base::system_clock()), fault_files_(std::move(files)) {}

void FaultStore::arm(Fault fault, uint64_t nth, bool for_good) { fault_files_->arm(fault, nth, for_good); }
void FaultStore::disarm() { fault_files_->disarm(); }
bool FaultStore::fired() const { return !fault_files_->fired_at().empty(); }
std::string FaultStore::fired_at() const { return fault_files_->fired_at(); }
uint64_t FaultStore::calls() const { return fault_files_->calls(); }

RecordingStore::RecordingStore(const std::string& directory, std::optional<Omission> omission, NewNames new_names)
    : RecordingStore(made(directory),
                     std::make_shared<RecordingFiles>(made(directory), system_files(), omission, new_names)) {}
RecordingStore::RecordingStore(const std::string& directory, std::shared_ptr<RecordingFiles> files)
    : LocalStore(directory, files, base::system_clock()), recording_files_(std::move(files)) {}

void RecordingStore::mark(std::string label) { recording_files_->mark(std::move(label)); }
Recording RecordingStore::recording() const { return recording_files_->recording(); }

}  // namespace tarn::store
