// Extracts documents in several threads and gives the results back in the order in which they came.
// Limits:  kMaxWaiting documents and kMaxWaitingBytes of input at once; put() then hands out the oldest result first.
// Threads: put() and finish() belong to one thread, in which `ready` is called; `extract` is called in others.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "connector/connector.h"
#include "ingest/ingest.h"

namespace tarn::ingest {

inline constexpr size_t kMaxWaiting = 64;
inline constexpr uint64_t kMaxWaitingBytes = uint64_t{128} << 20;

struct Task {
  connector::Item item;
  std::string id;
  PlannedChange change;
  std::string row_source, row_uri;           // of the row: the source that it belongs to
  std::map<std::string, std::string> parts;  // that the item has in the table: id by name
};

class Extraction {
 public:
  using Documents = base::Result<std::vector<document::Document>>;  // the item itself, then its parts
  using Ready = std::function<base::Status(Task task, Documents documents)>;
  Extraction(const Extract& extract, int threads, Ready ready);
  ~Extraction();  // drops what waits
  Extraction(const Extraction&) = delete;
  Extraction& operator=(const Extraction&) = delete;

  base::Status put(Task task, const base::Context& context);
  base::Status finish(const base::Context& context);

 private:
  struct Slot {
    Task task;
    uint64_t size_bytes = 0;
    std::unique_ptr<Documents> documents;  // null while they are waited for
  };
  void work();
  base::Status hand_out(const base::Context& context);  // the oldest

  const Extract& extract_;
  const Ready ready_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> slots_;  // oldest first
  std::deque<std::shared_ptr<Slot>> todo_;
  uint64_t waiting_bytes_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tarn::ingest
