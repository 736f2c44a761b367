// Files read as a pull reads them, in a worker, for bench/extract/judge.py: paths come on standard input, one on a
// line; a line of JSON goes out for each: {"path", "seconds", "title", "body", "parts", "extra"} or {"path", "seconds",
// "error", "died"}.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "document/document.h"
#include "document/job.h"
#include "json/value.h"
#include "worker/pool.h"

namespace document = tarn::document;
namespace worker = tarn::worker;
using tarn::json::Value;

int main(int argc, char** argv) {
  document::register_jobs();
  if (worker::is_worker(argc, argv)) return worker::serve(argc, argv);
  const auto pool = worker::make_pool(1);
  for (std::string path; std::getline(std::cin, path);) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream stream;
    stream << in.rdbuf();
    const std::string bytes = stream.str();
    const std::string name = path.substr(path.find_last_of('/') + 1);
    const auto start = std::chrono::steady_clock::now();
    const std::string mime = document::detect_type(name, std::string_view(bytes).substr(0, 4096));
    Value line = Value::object({{"path", path}});
    int64_t parts = 0;
    const auto status = document::read_in(*pool, bytes, mime, name, {}, [&](document::Document d) {
      if (d.part.empty()) {
        line.set("title", d.title);
        line.set("body", d.body);
        line.set("extra", d.extra);
      } else {
        ++parts;
      }
      return tarn::base::ok();
    });
    line.set("seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    line.set("parts", parts);
    if (!status.ok()) {
      line.set("error", status.to_string());
      line.set("died", status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::exhausted);
    }
    std::puts(tarn::json::write(line).c_str());
    std::fflush(stdout);
  }
}
