#include "sql/session.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "duck/statements.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Status;

constexpr auto kCancelPoll = std::chrono::milliseconds(20);

// Interrupts a connection while a cancel is requested; asks every kCancelPoll, again and again, because an interrupt that comes
// between two statements is lost.
class Watch {
 public:
  Watch(duck::Connection& connection, const base::Cancel* cancel) {
    if (!cancel) return;
    thread_ = std::thread([this, &connection, cancel] {
      std::unique_lock lock(mutex_);
      while (!done_.wait_for(lock, kCancelPoll, [this] { return over_; })) {
        if (cancel->requested()) connection.interrupt();
      }
    });
  }
  ~Watch() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    done_.notify_one();
    thread_.join();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;
};

bool names_no_table(const Status& status) {
  return status.message().starts_with("Catalog Error") && status.message().find("Table with name") != std::string::npos;
}

}  // namespace

base::Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  std::unique_ptr<Session> session(new Session(Catalog(std::move(options.tables))));
  TARN_ASSIGN(session->database_, duck::open(options.database));
  TARN_ASSIGN(session->connection_, session->database_->connect());
  for (duck::TableFunction& function : options.table_functions) {
    session->functions_.push_back(function.name + "(");
    TARN_TRY(session->connection_->add(std::move(function)));
  }
  for (duck::ScalarFunction& function : options.scalar_functions) {
    session->functions_.push_back(function.name + "(");
    TARN_TRY(session->connection_->add(std::move(function)));
  }
  return session;
}

base::Result<std::unique_ptr<duck::Rows>> Session::query(const std::string& statement,
                                                         const std::vector<duck::Cell>& parameters) {
  TARN_TRY(catalog_.prepare(*connection_, statement));
  auto rows = connection_->query(statement, parameters);
  if (rows.ok()) return rows;
  // A table that could not be read is the reason, where one is missing.
  if (names_no_table(rows.status()) && !catalog_.failures().empty()) return catalog_.failures().front();
  // With every table known, DuckDB can say which one was meant. Nothing has been done yet: names are looked up first.
  if (names_no_table(rows.status()) && catalog_.prepare_all(*connection_))
    return connection_->query(statement, parameters);
  return rows;
}

Status Session::run_statement(const std::string& statement, const Format& format, const Sink& sink,
                              const base::Context& context) {
  TARN_TRY(context.check());
  TARN_ASSIGN(auto writer, make_writer(format, sink));
  const Watch watch(*connection_, context.cancel);
  TARN_ASSIGN(auto rows, query(statement));
  if (rows->columns().empty()) return base::ok();
  if (!writer->begin(rows->columns())) return base::ok();
  for (;;) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    if (!writer->write(*chunk)) return base::ok();
  }
  writer->end();
  return base::ok();
}

std::vector<std::string> Session::split(const std::string& script) const { return duck::split_statements(script); }

bool Session::is_complete(std::string_view text) {
  const duck::Ending end = duck::ending(text);
  return end == duck::Ending::complete || end == duck::Ending::empty;
}

Status run(Session& session, const std::string& script, const Format& format, const Sink& sink,
           const base::Context& context) {
  size_t at = 0;
  bool wanted = true;
  const Sink watched = [&](std::string_view text) { return wanted = wanted && sink(text); };
  for (const std::string& statement : session.split(script)) {
    // Lines before the statement go before it, so that DuckDB counts them.
    const size_t found = script.find(statement, at);
    const size_t start = found == std::string::npos ? at : found;
    const auto lines =
        static_cast<size_t>(std::count(script.begin(), script.begin() + static_cast<std::ptrdiff_t>(start), '\n'));
    at = start + statement.size();
    TARN_TRY(session.run_statement(std::string(lines, '\n') + statement, format, watched, context));
    if (!wanted) return base::ok();
  }
  return base::ok();
}

}  // namespace tarn::sql
