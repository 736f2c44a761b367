// The lake room at work for benchmarks and soaks: one command a line on stdin, one line of JSON for each on stdout.
// lake_work DIR [THREADS [MEMORY_MB]]
//   create TABLE SELECT          a table with the columns of the select, empty
//   make TABLE SELECT            CREATE TABLE AS: the table and its rows
//   append TABLE SELECT          one commit
//   appends TABLE N FIRST SELECT N commits; {i} in the select counts from FIRST; also says the median and the slowest
//   upsert TABLE KEY SELECT      one commit
//   optimize TABLE
//   open TABLE                   from nothing, as a new process would; says version, files and rows
//   query TABLE SELECT           {rows} in the select stands for the table's rows; says the first row
//   check TABLE
// Each reply has `ms`, of the work alone, `cpu_ms`, of the whole command, and `peak_kb`, the most memory that the
// process ever held.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/clock.h"
#include "delta/schema.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace {

using namespace tarn;
using base::Result;
using base::Status;

int64_t peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
  }
  return -1;
}

double cpu_ms() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

class Work {
 public:
  Status start(const std::string& directory, int threads, uint64_t memory_mb) {
    TARN_ASSIGN(store_, store::open_local(directory));
    environment_ = {
        store_.get(), &base::system_clock(), &random_, nullptr, false, [this] { return database_->connect(); }};
    TARN_ASSIGN(database_, duck::open({threads, memory_mb << 20, directory + "/_spill", {}}));
    TARN_ASSIGN(connection_, database_->connect());
    return {};
  }

  Result<json::Value> run(const std::string& line) {
    std::istringstream words(line);
    std::string command, name;
    words >> command >> name;
    const auto rest = [&] {
      std::string text;
      std::getline(words >> std::ws, text);
      return text;
    };
    json::Value reply = json::Value::object();
    if (command == "create") {
      lake::CreateOptions options;
      TARN_ASSIGN(options.schema, delta::fields_of_select(*connection_, rest()));
      TARN_ASSIGN(tables_[name], lake::create_table(environment_, name, options));
      return reply;
    }
    const base::Stopwatch stopwatch;
    if (command == "make") {
      TARN_TRY(lake::create_table_as(environment_, name, *connection_, rest(), {}));
      reply.set("ms", stopwatch.elapsed_ms());
      return reply;
    }
    if (command == "open") {
      TARN_ASSIGN(const auto table, lake::open_table(environment_, name));
      TARN_ASSIGN(const auto snapshot, table->snapshot());
      reply.set("ms", stopwatch.elapsed_ms());
      int64_t rows = 0;
      for (const auto& [path, file] : snapshot->files) rows += file.row_count().value_or(0);
      reply.set("version", snapshot->version.value).set("files", static_cast<int64_t>(snapshot->files.size()));
      reply.set("rows", rows);
      return reply;
    }
    TARN_ASSIGN(lake::Table * table, opened(name));
    if (command == "append") {
      TARN_TRY(commit(*table, rest(), ""));
    } else if (command == "appends") {
      int64_t count = 0, first = 0;
      words >> count >> first;
      const std::string select = rest();
      std::vector<double> times;
      for (int64_t i = 0; i < count; ++i) {
        const base::Stopwatch one;
        TARN_TRY(commit(*table, replaced(select, "{i}", std::to_string(first + i)), ""));
        times.push_back(one.elapsed_ms());
      }
      std::sort(times.begin(), times.end());
      if (!times.empty()) reply.set("median_ms", times[times.size() / 2]).set("slowest_ms", times.back());
    } else if (command == "upsert") {
      std::string key;
      words >> key;
      TARN_TRY(commit(*table, rest(), key));
    } else if (command == "optimize") {
      TARN_TRY(table->optimize(*connection_, {}, {}));
    } else if (command == "query") {
      TARN_ASSIGN(const auto snapshot, table->snapshot());
      TARN_ASSIGN(const lake::Select rows, table->select(*snapshot, {}, false));
      TARN_ASSIGN(const auto result, connection_->query(replaced(rest(), "{rows}", "(" + rows.sql + ")")));
      TARN_ASSIGN(const duck::Chunk* chunk, result->next());
      json::Value row = json::Value::array();
      for (size_t i = 0; chunk != nullptr && i < result->columns().size(); ++i) row.push(chunk->sql_text(i, 0));
      reply.set("row", std::move(row)).set("files", static_cast<int64_t>(snapshot->files.size()));
    } else if (command == "check") {
      TARN_ASSIGN(const auto findings, table->check(*connection_, {}));
      json::Value list = json::Value::array();
      for (const auto& finding : findings) list.push(finding.where + ": " + finding.what);
      reply.set("findings", std::move(list));
    } else {
      return Status(base::Code::invalid_argument, "no command '" + command + "'");
    }
    reply.set("ms", stopwatch.elapsed_ms());
    TARN_ASSIGN(const auto after, table->snapshot());
    reply.set("version", after->version.value);
    return reply;
  }

 private:
  Result<lake::Table*> opened(const std::string& name) {
    auto& table = tables_[name];
    if (!table) {
      TARN_ASSIGN(table, lake::open_table(environment_, name));
    }
    return table.get();
  }
  Status commit(lake::Table& table, const std::string& select, const std::string& key) {
    TARN_ASSIGN(const auto base, table.snapshot());
    const auto change = table.change(base);
    TARN_TRY(key.empty() ? change->append(*connection_, select, {}) : change->upsert(*connection_, select, key, {}));
    return base::as_status(change->commit({}));
  }

  base::Random random_ = base::Random::from_system();
  std::unique_ptr<store::Store> store_;
  lake::Environment environment_;
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
  std::map<std::string, std::shared_ptr<lake::Table>> tables_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  Work work;
  const Status started = work.start(argv[1], argc > 2 ? std::stoi(argv[2]) : 2, argc > 3 ? std::stoull(argv[3]) : 1024);
  if (!started.ok()) {
    std::cerr << started.to_string() << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    const double before = cpu_ms();
    auto reply = work.run(line);
    if (!reply.ok()) {
      std::cerr << line << ": " << reply.status().to_string() << "\n";
      return 1;
    }
    reply->set("cpu_ms", cpu_ms() - before).set("peak_kb", peak_kb());
    std::cout << json::write(*reply) << std::endl;
  }
  return 0;
}
