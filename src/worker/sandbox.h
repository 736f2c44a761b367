// What a worker may not do, set by the worker on itself before it reads its first job.
// Shape:   limits of memory, core files and open files; no_new_privs; a seccomp filter that lets through what computing
//          needs and refuses the rest with EPERM (exec and ptrace kill).
// Threads: called once, while the process has one thread.
#pragma once

#include <cstdint>
#include <string>

namespace tarn::worker {

// Dies with its parent: false when the parent is already gone.
bool die_with_parent(int parent_pid);

// `memory_bytes` counts on top of what the process maps when this is called.
void limit_resources(uint64_t memory_bytes, uint64_t open_files);

// "" when the filter is in place, else why it is not.
std::string filter_system_calls(bool threads);

}  // namespace tarn::worker
