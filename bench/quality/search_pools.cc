// What bench/quality/weights.py chooses by: the pool of a hybrid search before its scores are joined.
//   search_pools LAKE MODEL MODULE < queries      a query a line
// Prints one JSON array a line: [uri, lexical or null, semantic or null] of every passage in the pool.
#include <iostream>
#include <string>

#include "json/value.h"
#include "opened_lake.h"

int main(int argc, char** argv) {
  using namespace tarn;
  if (argc != 4) {
    std::cerr << "usage: search_pools LAKE MODEL MODULE < queries\n";
    return 2;
  }
  bench::OpenedLake lake(argv[1], -1, argv[2], argv[3]);
  const auto number = [](const std::optional<double>& v) { return v ? json::Value(*v) : json::Value(); };
  for (std::string query; std::getline(std::cin, query);) {
    search::Request request;
    request.query = query;
    request.k = 2 * search::kPoolDepth;
    request.group = false;
    const auto reply = bench::value_or_exit(search::search(request, lake.targets(), lake.environment(), {}));
    json::Value pool = json::Value::array();
    for (const search::Hit& hit : reply.hits) {
      pool.push(json::Value::array({hit.uri, number(hit.scores.lexical), number(hit.scores.semantic)}));
    }
    std::cout << json::write(pool) << '\n';
  }
}
