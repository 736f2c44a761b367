// Extracts documents in several threads and gives the results back in the order in which they came (base/in_order.h).
// Limits:  kMaxWaiting documents and kMaxWaitingBytes of input at once.
// Threads: the caller's alone puts, finishes, and is handed the results; `extract` is called in others.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/in_order.h"
#include "connector/connector.h"
#include "ingest/ingest.h"

namespace tarn::ingest {

inline constexpr size_t kMaxWaiting = 64;
inline constexpr uint64_t kMaxWaitingBytes = uint64_t{128} << 20;

struct Task {
  connector::Item item;
  std::string id;
  PlannedChange change;
  std::string row_source, row_uri;                     // of the row: the source that it belongs to
  std::map<std::string, std::string> parts;            // that the item has in the table: id by name
  base::Result<std::string> original = std::string();  // SHA-256 of the bytes that were kept; "" where none are
};

using Documents = base::Result<std::vector<document::Document>>;  // the item itself, then its parts
using Extraction = base::InOrder<Task, Documents>;

// Keeps the bytes of an item that could be read: their SHA-256. Called in other threads.
using Keep = std::function<base::Result<std::string>(std::string_view bytes)>;

// `extract` outlives it. `keep` may be null.
std::unique_ptr<Extraction> extraction(const Extract& extract, Keep keep, size_t threads, Extraction::Ready ready);

}  // namespace tarn::ingest
