// Watches a folder: inotify on every directory that the walk visits, or polling where inotify does not work (its limits, network
// file systems, FUSE).
// Shape:   wait() returns when something happened and then nothing for kSettleMs, or kSettleAtMostMs after the first event. New
//          directories are watched before it returns; an overflow of the kernel's queue counts as an event.
// Limits:  what a link leads to is watched only where it lies in a directory that is visited itself.
// Errors:  cancelled; a root that went away is waited for.
#pragma once

#include <memory>
#include <string>

#include "connector/connector.h"
#include "connector/folder/disk.h"

namespace tarn::connector::folder {

inline constexpr int kSettleMs = 300, kSettleAtMostMs = 5000, kPollMs = 2000;

enum class WatchMethod { automatic, polling };

// `root` is a resolved directory; with `only_file`, one name in it.
base::Result<std::unique_ptr<Watcher>> watch_folder(const Disk& disk, const std::string& root, const std::string& only_file,
                                                    const Options& options, WatchMethod method = WatchMethod::automatic);

}  // namespace tarn::connector::folder
