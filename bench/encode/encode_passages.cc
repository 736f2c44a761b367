// What bench/encode/run.sh times: passages through the encoder as a pull uses it, and one query in a fresh process as a
// search does.
//   encode_passages passages MODEL MODULE THREADS PRECISION FILE OUT   FILE: a passage a line; writes OUT.ids, OUT.f32
//   encode_passages query MODEL MODULE THREADS PRECISION TEXT          prints milliseconds of a cold and a warm query
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "encode/bert_files.h"
#include "encode/encoder.h"
#include "encode/wordpiece.h"

namespace {

using namespace tarn;

double cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

[[noreturn]] void fail(const base::Status& status) {
  std::cerr << "encode_passages: " << status.to_string() << '\n';
  std::exit(1);
}

template <typename T>
T value_or_fail(base::Result<T> result) {
  if (!result.ok()) fail(result.status());
  return std::move(result).value();
}

// The ids of each passage as int32: count, then the ids. Returns the number of tokens.
size_t write_ids(const std::string& model, const std::vector<std::string>& texts, const std::string& path) {
  const auto files = value_or_fail(encode::BertFiles::open(value_or_fail(encode::ModelDirectory::read(model))));
  const auto pieces = value_or_fail(encode::WordPiece::parse(files->vocabulary(), files->vocabulary_path()));
  std::ofstream out(path, std::ios::binary);
  std::vector<int32_t> ids;
  size_t total = 0;
  for (const std::string& text : texts) {
    pieces.encode(text, files->config().max_tokens, &ids);
    const auto count = static_cast<int32_t>(ids.size());
    out.write(reinterpret_cast<const char*>(&count), sizeof count);
    out.write(reinterpret_cast<const char*>(ids.data()), static_cast<std::streamsize>(ids.size() * sizeof(int32_t)));
    total += ids.size();
  }
  return total;
}

void passages(encode::Encoder* encoder, const std::string& model, const std::string& file, const std::string& out) {
  std::ifstream in(file);
  std::vector<std::string> texts;
  std::vector<encode::Input> inputs;
  for (std::string line; std::getline(in, line);) texts.push_back(line);
  for (const std::string& text : texts) inputs.push_back({encode::Role::passage, text});
  const size_t tokens = write_ids(model, texts, out + ".ids");
  const auto encode = [&](size_t count) {
    return value_or_fail(encoder->encode({inputs.data(), count}, encode::Urgency::bulk, {}));
  };
  encode(std::min<size_t>(inputs.size(), 64));  // warm: compiled, kernels made
  double best_wall = 1e9, best_cpu = 1e9;
  std::vector<float> vectors;
  for (int round = 0; round < 3; ++round) {
    const double cpu = cpu_seconds();
    const base::Stopwatch watch;
    vectors = encode(inputs.size());
    best_wall = std::min(best_wall, watch.elapsed_ms() / 1000);
    best_cpu = std::min(best_cpu, cpu_seconds() - cpu);
  }
  std::ofstream(out + ".f32", std::ios::binary)
      .write(reinterpret_cast<const char*>(vectors.data()),
             static_cast<std::streamsize>(vectors.size() * sizeof(float)));
  std::printf("{\"passages\": %zu, \"tokens\": %zu, \"wall_s\": %.3f, \"cpu_s\": %.3f}\n", texts.size(), tokens,
              best_wall, best_cpu);
}

void query(encode::Encoder* encoder, double open_ms, const std::string& text) {
  const encode::Input input{encode::Role::query, text};
  const auto encode = [&] { value_or_fail(encoder->encode({&input, 1}, encode::Urgency::urgent, {})); };
  const base::Stopwatch watch;
  encode();
  const double first_ms = watch.elapsed_ms();
  const double cpu_ms = cpu_seconds() * 1000;
  std::vector<double> warm;
  for (int i = 0; i < 50; ++i) {
    const base::Stopwatch one;
    encode();
    warm.push_back(one.elapsed_ms());
  }
  std::sort(warm.begin(), warm.end());
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"open_ms\": %.1f, \"first_query_ms\": %.1f, \"cpu_ms\": %.1f, \"warm_query_ms\": %.2f, \"max_rss_mb\": "
      "%.0f}\n",
      open_ms, first_ms, cpu_ms, warm[warm.size() / 2], static_cast<double>(usage.ru_maxrss) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (!(command == "passages" && argc == 8) && !(command == "query" && argc == 7)) {
    std::cerr << "usage: encode_passages passages|query MODEL MODULE THREADS PRECISION FILE OUT|TEXT\n";
    return 2;
  }
  const base::Stopwatch watch;
  auto encoder = value_or_fail(encode::make_encoder({argv[2], argv[3], std::atoi(argv[4]), argv[5]}));
  const double open_ms = watch.elapsed_ms();
  if (command == "passages") passages(encoder.get(), argv[2], argv[6], argv[7]);
  if (command == "query") query(encoder.get(), open_ms, argv[6]);
}
