#include "small_lake.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "lake/text_table.h"
#include "operation/operation.h"
#include "workspace/operations.h"

namespace tarn::damage {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

constexpr int kDocuments = 40;

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string document(int n, std::string_view word) {
  std::string text = fmt::format("# Page {}\n\nThe {} of page {} is told here.\n", n, word, n);
  for (int section = 0; section < 3; ++section) {
    text += fmt::format("\n## Section {}\n\n", section);
    for (int i = 0; i < 30; ++i) text += fmt::format("word{} ", (n * 31 + section * 17 + i * 7) % 400);
    text += ".\n";
  }
  return text;
}

Status pull(const std::string& directory, const std::string& source, int64_t commit_every) {
  TARN_ASSIGN(const auto opened, open_small_lake(directory));
  workspace::PullRequest request;
  request.source = source;
  request.commit_every = commit_every;
  return base::as_status(opened->run<workspace::Pull>(request, {}));
}

// Took differs from one reading to the next; the time of a version whose commit cannot be read is that of its
// checkpoint.
template <typename Reply>
Answer answer(Result<Reply> reply) {
  if (!reply.ok()) return {"error: " + reply.status().to_string(), true};
  reply->took_ms = 0;
  return {json::write(operation::encode(*reply)), false};
}
template <typename Reply>
Answer answer_with_notes(Result<Reply> reply) {
  const bool said = reply.ok() && !reply->notes.empty();
  if (reply.ok()) {
    for (auto& table : reply->tables) table.committed_at.clear();
  }
  Answer made = answer(std::move(reply));
  made.said = made.said || said;
  return made;
}

}  // namespace

Result<std::unique_ptr<workspace::Workspace>> open_small_lake(const std::string& directory) {
  workspace::OpenOptions options;
  options.lake = directory;
  options.model = "deterministic";
  options.threads = 1;
  return workspace::Workspace::open(std::move(options));
}

Status make_small_lake(const std::string& directory, const std::string& source) {
  {
    TARN_ASSIGN(const auto store, store::open_local(directory));
    base::Random random = base::Random::from_system();
    lake::CreateOptions options;
    options.schema = lake::text_schema();
    options.configuration["delta.checkpointInterval"] = "3";
    TARN_TRY(base::as_status(
        lake::create_table({store.get(), &base::system_clock(), &random, nullptr}, "main/docs", options)));
  }
  const auto page = [&](int n) { return fmt::format("{}/page{}.md", source, n); };
  for (int i = 0; i < kDocuments; ++i) write(page(i), document(i, "beginning"));
  write(source + "/broken.md", std::string("\x00\x01\x02\xFF\x80\x00\x00\x00", 8));
  TARN_TRY(pull(directory, source, 10));
  for (int i = 0; i < kDocuments; i += 4) write(page(i), document(i, "middle"));
  for (int i = 1; i < kDocuments; i += 8) fs::remove(page(i));
  TARN_TRY(pull(directory, source, 4));
  {
    TARN_ASSIGN(const auto opened, open_small_lake(directory));
    TARN_TRY(base::as_status(opened->run<workspace::Optimize>({}, {})));
  }
  for (int round = 0; round < 4; ++round) {
    for (int i = round; i < kDocuments; i += 7) write(page(i), document(i, fmt::format("end{}", round)));
    TARN_TRY(pull(directory, source, 100));
  }
  return {};
}

std::map<std::string, Answer> read_lake(const std::string& directory, const std::string& receipt) {
  std::map<std::string, Answer> answers;
  const auto opened = open_small_lake(directory);
  if (!opened.ok()) return {{"open", {"error: " + opened.status().to_string(), true}}};
  workspace::Workspace& lake = **opened;
  const auto sql = [&](const std::string& query) { return answer(lake.run<workspace::Sql>({query, "", 100'000}, {})); };
  answers["sql rows"] = sql("SELECT * EXCLUDE (pulled_at) FROM main.docs ORDER BY id");
  answers["sql rejects"] = sql("SELECT item, reason FROM tarn.rejects ORDER BY ALL");
  for (const char* mode : {"lexical", "hybrid"}) {
    workspace::SearchRequest request;
    request.query = "middle word12 page";
    request.in = {"main.docs"};
    request.mode = mode;
    answers[std::string("search ") + mode] = answer_with_notes(lake.run<workspace::Search>(request, {}));
  }
  if (!receipt.empty()) {
    const auto verified = lake.run<workspace::Verify>({receipt}, {});
    answers["verify"] = {
        verified.ok() ? json::write(operation::encode(*verified)) : "error: " + verified.status().to_string(),
        !verified.ok() || !verified->ok || !verified->current};
  }
  return answers;
}

}  // namespace tarn::damage
