// What bench/answers/run.sh measures: questions through answer::ask(), with the evidence that the threshold is fitted to.
//   answer_questions LAKE VERSION MODEL MODULE < questions   a question a line; MODEL "none": by word only; VERSION -1: the newest
// Prints one JSON object a line: question, found, confidence, evidence, hits and quotes (uri, title, text).
#include <cstdlib>
#include <iostream>
#include <string>

#include "answer/ask.h"
#include "json/value.h"
#include "opened_lake.h"

namespace {

using namespace tarn;

json::Value to_json(const answer::Reply& reply, const std::string& question) {
  json::Value hits = json::Value::array(), quotes = json::Value::array();
  for (const search::Hit& hit : reply.hits) {
    hits.push(json::Value::object({{"uri", hit.uri}, {"score", static_cast<double>(hit.score)}}));
  }
  for (const answer::Citation& citation : reply.citations) {
    quotes.push(json::Value::object({{"uri", citation.hit.uri},
                                     {"title", citation.hit.title},
                                     {"start", citation.start},
                                     {"text", citation.quote}}));
  }
  const answer::Evidence& e = reply.evidence;
  json::Value evidence =
      json::Value::object({{"passage", e.passage}, {"coverage", e.coverage}, {"match", e.match}, {"words", e.words}});
  return json::Value::object({{"question", question},
                              {"found", reply.found},
                              {"confidence", reply.evidence.confidence},
                              {"evidence", evidence},
                              {"hits", hits},
                              {"quotes", quotes},
                              {"answer", reply.answer}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: answer_questions LAKE VERSION MODEL MODULE < questions\n";
    return 2;
  }
  bench::OpenedLake lake(argv[1], std::atoll(argv[2]), argv[3], argv[4]);
  for (std::string question; std::getline(std::cin, question);) {
    const auto reply = answer::ask({question, search::Mode::hybrid, "", 10}, lake.targets(), lake.environment(),
                                   lake.connection(), {});
    if (!reply.ok()) {
      // A question without a word to look for is refused, which counts as no answer.
      if (reply.status().code() != base::Code::invalid_argument) bench::value_or_exit(reply);
      std::cout << json::write(to_json(answer::Reply{}, question)) << '\n';
      continue;
    }
    std::cout << json::write(to_json(*reply, question)) << '\n';
  }
}
