// Throughput of lexical search over one Workspace from one thread and from several: search_at_once LAKE QUERIES THREADS
// SECONDS ROUNDS. QUERIES is a file, one query a line. Rounds of one thread and of all take turns; the answers of all
// are those of one.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "workspace/workspace.h"

namespace {

using namespace tarn;
using Clock = std::chrono::steady_clock;

workspace::SearchRequest request_for(const std::string& query) {
  workspace::SearchRequest request;
  request.query = query;
  request.mode = "lexical";
  return request;
}

// What of an answer must not depend on who asks besides.
std::string reply_to(workspace::Workspace& lake, const std::string& query) {
  const auto reply = lake.run<workspace::Search>(request_for(query), {});
  if (!reply.ok()) {
    std::cerr << query << ": " << reply.status().to_string() << '\n';
    std::exit(1);
  }
  std::string text;
  for (const search::Hit& hit : reply->hits) {
    text += hit.id + ' ' + std::to_string(hit.passage.start) + ' ' + std::to_string(hit.score) + '\n';
  }
  return text;
}

// Searches in a second.
double run(workspace::Workspace& lake, const std::vector<std::string>& queries, const std::vector<std::string>& answers,
           size_t threads, double seconds) {
  std::atomic<uint64_t> done = 0;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<std::thread> all;
  for (size_t t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      uint64_t mine = 0;
      for (size_t i = t * queries.size() / threads; Clock::now() < end; i = (i + 1) % queries.size(), ++mine) {
        if (reply_to(lake, queries[i]) == answers[i]) continue;
        std::cerr << queries[i] << ": another answer\n";
        std::exit(1);
      }
      done += mine;
    });
  }
  for (std::thread& thread : all) thread.join();
  return static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "search_at_once LAKE QUERIES THREADS SECONDS ROUNDS\n";
    return 2;
  }
  workspace::OpenOptions options;
  options.lake = argv[1];
  options.model = "none";
  const auto opened = workspace::Workspace::open(std::move(options));
  if (!opened.ok()) {
    std::cerr << opened.status().to_string() << '\n';
    return 1;
  }
  workspace::Workspace& lake = **opened;
  std::vector<std::string> queries, answers;
  std::ifstream file(argv[2]);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) queries.push_back(line);
  }
  for (const std::string& query : queries) answers.push_back(reply_to(lake, query));
  if (queries.empty() || std::all_of(answers.begin(), answers.end(), [](const auto& text) { return text.empty(); })) {
    std::cerr << argv[2] << ": nothing was found\n";
    return 1;
  }
  const size_t threads = std::stoul(argv[3]);
  const double seconds = std::stod(argv[4]);
  std::vector<double> one, many, ratios;
  for (int round = 0; round < std::stoi(argv[5]); ++round) {
    one.push_back(run(lake, queries, answers, 1, seconds));
    many.push_back(run(lake, queries, answers, threads, seconds));
    ratios.push_back(many.back() / one.back());
    std::cout << "round " << round << ": 1 thread " << one.back() << "/s, " << threads << " threads " << many.back()
              << "/s, " << ratios.back() << '\n';
  }
  std::cout << "median: 1 thread " << median(one) << "/s, " << threads << " threads " << median(many) << "/s, "
            << median(ratios) << '\n';
  return 0;
}
