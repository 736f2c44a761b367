// Checks of the installation, each with what was seen and what to do: folders, disk, memory, clock, processor, and
// whatever a caller adds.
// Errors:  none: what cannot be looked at is a finding.
// Threads: any.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "workspace/operations/doctor.h"

namespace tarn::workspace {

inline constexpr uint64_t kLowDiskBytes = uint64_t{1} << 30;      // warn
inline constexpr uint64_t kFullDiskBytes = uint64_t{100} << 20;   // fail
inline constexpr uint64_t kLowMemoryBytes = uint64_t{512} << 20;  // of what is available now: warn

DoctorCheck passed(std::string name, std::string detail);
DoctorCheck warned(std::string name, std::string detail, std::string fix);
DoctorCheck failed(std::string name, std::string detail, std::string fix);

// The lake's folder, or the nearest folder above it that is there: can it be written, how much is free, is it on a
// network.
DoctorCheck check_lake_folder(const std::string& lake);
DoctorCheck check_temporary_folder(const std::string& folder);
// `free_bytes` of `where`.
DoctorCheck check_disk(const std::string& where, uint64_t free_bytes);
DoctorCheck check_memory(uint64_t available_bytes);
// `program_us`: when the program's file was written. A clock before that is wrong.
DoctorCheck check_clock(const base::Clock& clock, int64_t program_us);

uint64_t free_bytes_of(const std::string& folder);  // 0 when it cannot be asked
uint64_t available_memory_bytes();                  // 0 when it cannot be asked

}  // namespace tarn::workspace
