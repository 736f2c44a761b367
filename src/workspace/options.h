// How a lake is opened.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace tarn::connector {
struct Descriptor;
}

namespace tarn::workspace {

struct OpenOptions {
  std::string lake;                                 // directory
  int threads = 0;                                  // 0 = all cores
  uint64_t memory_limit_bytes = uint64_t{1} << 30;  // of DuckDB
  int sql_timeout_ms = 120'000;                     // of a statement that is an operation
  std::string model;    // directory of the encoder's model; "" = beside the program; "none" = words only;
                        // "deterministic" = the encoder for tests
  std::string plugin;   // the encoder's run time; "" = beside the program
  std::string program;  // this program's path; "" = /proc/self/exe
  // The store of a lake that lies elsewhere than in its directory. Unless it is to be made, not_found where there is
  // none.
  std::function<base::Result<std::unique_ptr<store::Store>>(bool create)> store = {};
  const std::vector<connector::Descriptor>* connectors = nullptr;  // a test gives its own; null = all
};

}  // namespace tarn::workspace
