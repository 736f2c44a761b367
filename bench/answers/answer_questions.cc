// What bench/answers/run.sh measures: questions through answer::ask(), with the evidence that the threshold is fitted
// to.
//   answer_questions LAKE VERSION MODEL MODULE < questions   MODEL "none": by word only; VERSION -1: the newest
// A line is a question; after a tab, with blanks between them, the names of the pages (the ends of their uris) that the
// lake is to have: the others are deleted, in a snapshot that is made for the question. Prints one JSON object a line:
// question, found, confidence, evidence, hits and quotes (uri, title, text).
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "answer/ask.h"
#include "delta/deletion_vector.h"
#include "json/value.h"
#include "opened_lake.h"

namespace {

using namespace tarn;

json::Value to_json(const answer::Reply& reply, const std::string& question) {
  json::Value hits = json::Value::array(), quotes = json::Value::array();
  for (const search::Hit& hit : reply.hits) {
    hits.push(json::Value::object({{"uri", hit.uri}, {"score", hit.score}}));
  }
  for (const answer::Citation& citation : reply.citations) {
    quotes.push(json::Value::object(
        {{"uri", citation.uri}, {"title", citation.title}, {"start", citation.span.start}, {"text", citation.quote}}));
  }
  const answer::Evidence& e = reply.evidence;
  json::Value evidence = json::Value::object({{"nearest", e.nearest},
                                              {"found", e.found},
                                              {"missing", e.missing},
                                              {"counterpart", e.counterpart},
                                              {"unkind", e.unkind}});
  return json::Value::object({{"question", question},
                              {"found", reply.found},
                              {"confidence", reply.evidence.confidence},
                              {"evidence", evidence},
                              {"hits", hits},
                              {"quotes", quotes},
                              {"answer", reply.answer}});
}

// The snapshot less the rows of all pages but `kept`.
std::vector<search::Target> with_only(const std::set<std::string>& kept, const bench::OpenedLake& opened) {
  const search::Target& whole = opened.targets().front();
  auto snapshot = std::make_shared<delta::Snapshot>(whole.live->snapshot());
  for (const auto& segment : whole.live->segments()) {
    delta::RowList gone = segment.deleted_rows;
    for (uint32_t i = 0; i < segment.lexical->document_count(); ++i) {
      const auto document = segment.lexical->document(i);
      if (!kept.count(std::string(document.uri.substr(document.uri.rfind('/') + 1)))) {
        gone.push_back(document.row.value);
      }
    }
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    snapshot->files.at(segment.file.path).deletion_vector =
        delta::inline_deletion_vector(delta::encode_rows(gone), static_cast<int64_t>(gone.size()));
  }
  const auto live = bench::value_or_exit(index::LiveSet::open(*whole.table, snapshot, opened.indexer()));
  return {{whole.name, whole.table, live}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: answer_questions LAKE VERSION MODEL MODULE < questions\n";
    return 2;
  }
  bench::OpenedLake lake(argv[1], std::atoll(argv[2]), argv[3], argv[4]);
  for (std::string line; std::getline(std::cin, line);) {
    const std::string question = line.substr(0, line.find('\t'));
    std::vector<search::Target> targets = lake.targets();
    if (question.size() < line.size()) {
      std::istringstream pages(line.substr(question.size() + 1));
      targets = with_only({std::istream_iterator<std::string>(pages), {}}, lake);
    }
    const auto reply =
        answer::ask({question, search::Mode::hybrid, "", 10}, targets, lake.environment(), lake.connection(), {});
    if (!reply.ok()) {
      // A question without a word to look for is refused, which counts as no answer.
      if (reply.status().code() != base::Code::invalid_argument) bench::value_or_exit(reply);
      std::cout << json::write(to_json(answer::Reply{}, question)) << '\n';
      continue;
    }
    std::cout << json::write(to_json(*reply, question)) << '\n';
  }
}
