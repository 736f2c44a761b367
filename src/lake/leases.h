// Leases: what a process that reads the lake asks vacuum to leave. They expire by themselves.
// Shape:   `_tarn/leases/<uuid>.json`, one a process, replaced every kLeaseRenewUs while it reads; doc/format/lease.md.
//          It speaks for every version that was the newest at `from` or later, and for older versions by name.
// Durable: not: a lease says nothing after a power cut, since its reader is gone as well.
// Order:   a reader has its lease before it looks for the newest version; vacuum looks at the leases after it did. So
//          either vacuum sees the lease, or the reader sees the version that vacuum leaves whole.
// Errors:  a lake that cannot be written is read without a lease: what vacuums it cannot be this user.
// Threads: a LeaseHolder may be used from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/status.h"
#include "store/store.h"

namespace tarn::lake {

inline constexpr int kLeaseFormat = 1;
inline constexpr int64_t kLeaseLifeUs = int64_t{10} * 60 * 1'000'000;
inline constexpr int64_t kLeaseRenewUs = kLeaseLifeUs / 4;
// Machines that share a lake may have clocks this far apart.
inline constexpr int64_t kClockSkewUs = int64_t{30} * 1'000'000;
inline constexpr size_t kMaxLeases = 100'000;

struct Lease {
  int64_t from_us = 0, until_us = 0;
  std::map<std::string, std::set<int64_t>> versions;  // older ones, by table path
};

std::string lease_text(const Lease& lease);
base::Result<Lease> parse_lease(const std::string& text, const std::string& path);

// Those that have not expired. One that cannot be read counts from its file's time minus its life: better too long than
// too short.
base::Result<std::vector<Lease>> live_leases(const store::Store& store, int64_t now_us);
// Takes away what expired long ago.
void sweep_leases(store::Store& store, int64_t now_us);

class LeaseHolder {
 public:
  // Both outlive the holder.
  LeaseHolder(store::Store& store, const base::Clock& clock, base::Random& random);
  ~LeaseHolder();  // takes the lease back
  LeaseHolder(const LeaseHolder&) = delete;
  LeaseHolder& operator=(const LeaseHolder&) = delete;

  // Reading goes on while the token lives.
  std::shared_ptr<const void> hold();
  // Also this older version, until no token lives.
  void add_version(const std::string& table_path, base::Version version);
  // Takes the lease back when nothing reads: before a vacuum in the same process.
  void release_idle();
  uint64_t writes() const;  // of the file, since construction

 private:
  // Writes the file where `needed` (called with mutex_ held) still says so when those who write already are done.
  void write(const std::function<bool()>& needed);
  void renew();  // the thread's

  store::Store& store_;
  const base::Clock& clock_;
  std::string path_;
  std::mutex writing_;        // of the file
  mutable std::mutex mutex_;  // of what stands below, never held over reading or writing
  std::condition_variable changed_;
  std::thread thread_;
  bool over_ = false;
  uint64_t next_token_ = 0, writes_ = 0;
  std::map<uint64_t, int64_t> tokens_;  // when each began
  Lease written_;                       // what the file says; until_us 0: there is none
  std::map<std::string, std::set<int64_t>> versions_;
};

}  // namespace tarn::lake
