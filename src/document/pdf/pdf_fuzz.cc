// Any bytes as a PDF, read in a worker as a pull reads them: a document whose anchors agree with it, or a Status that
// is no death of the worker.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "document/document.h"
#include "document/job.h"
#include "worker/pool.h"

namespace document = tarn::document;
namespace worker = tarn::worker;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  document::register_jobs();
  if (worker::is_worker(*argc, *argv)) std::exit(worker::serve(*argc, *argv));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto pool = worker::make_pool(1).release();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto status = document::read_in(*pool, bytes, "application/pdf", "fuzz.pdf", {}, [](document::Document d) {
    if (!document::are_valid(d.anchors, d.body.size())) std::abort();
    return tarn::base::ok();
  });
  if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) {
    std::fprintf(stderr, "%s\n", status.to_string().c_str());
    std::abort();
  }
  return 0;
}
