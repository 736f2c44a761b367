// Watches a folder: inotify on every directory that the walk visits, or polling where inotify does not work (its
// limits, network file systems, FUSE).
// Shape:   wait() returns when something happened and then nothing for settle_ms, or settle_at_most_ms after the first
//          event. New directories are watched before it returns; an overflow of the kernel's queue counts as an event.
// Limits:  what a link leads to is watched only where it lies in a directory that is visited itself.
// Errors:  cancelled; a root that went away is waited for.
#pragma once

#include <memory>
#include <string>

#include "connector/connector.h"
#include "connector/folder/disk.h"
#include "connector/folder/options.h"

namespace tarn::connector::folder {

struct WatchTiming {
  int settle_ms = 300, settle_at_most_ms = 5000, poll_ms = 2000;
};

enum class WatchMethod { automatic, polling };

// `root` is a resolved directory; with `only_file`, one name in it.
base::Result<std::unique_ptr<Watcher>> watch_folder(const Disk& disk, const std::string& root,
                                                    const std::string& only_file, const Options& options,
                                                    WatchMethod method = WatchMethod::automatic,
                                                    const WatchTiming& timing = {});

}  // namespace tarn::connector::folder
