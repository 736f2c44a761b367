// The worker's side of remote.h: a locked DuckDB, one statement at a time on a thread of its own, while this one
// listens.
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "duck/remote.h"
#include "duck/remote_words.h"
#include "duck/session.h"
#include "duck/wire_chunk.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;
using wire::Reader;
using wire::Writer;

constexpr const char* kNoFrame = "the connection's words are none";

Writer say(Say what, uint64_t number) {
  Writer out;
  out.put(what).put(number);
  return out;
}

class LockedJob : public std::enable_shared_from_this<LockedJob> {
 public:
  explicit LockedJob(worker::Channel& channel) : channel_(channel) {}

  Status serve(std::string_view request) {
    Reader in(request);
    Options options;
    options.threads = in.get<int32_t>();
    options.memory_limit_bytes = in.get<uint64_t>();
    auto& places = options.locked_to.emplace(in.count(8));
    for (std::string& place : places) place = in.text();
    if (!in.at_end()) return {Code::internal, kNoFrame};
    // Outlives the job by what closing DuckDB takes: nobody waits for that.
    std::thread([self = shared_from_this(), options] {
      self->opened_ = self->connect(options);
      self->work();
    }).detach();
    const Status heard = listen();
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      current_ = 0;
    }
    changed_.notify_all();
    // An interrupt that comes between two steps of DuckDB's is lost: again, until the thread has ended.
    for (std::unique_lock lock(mutex_); !ended_;) {
      interrupt();
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    return heard;
  }

 private:
  Status connect(const Options& options) {
    TARN_ASSIGN(auto database, open(options));
    TARN_ASSIGN(auto connection, database->connect());
    const std::lock_guard lock(mutex_);
    database_ = std::move(database);
    connection_ = std::move(connection);
    return base::ok();
  }
  void interrupt() {  // with mutex_
    if (connection_) connection_->interrupt();
  }

  // What comes while a statement runs, too.
  Status listen() {
    for (;;) {
      TARN_ASSIGN(auto message, channel_.receive());
      if (!message) return base::ok();
      Reader in(*message);
      const auto kind = in.get<Ask>();
      const auto number = in.get<uint64_t>();
      if (!in.ok()) return {Code::internal, kNoFrame};
      const std::lock_guard lock(mutex_);
      if (kind == Ask::interrupt || kind == Ask::let_go) {
        if (number != current_) continue;
        interrupt();
        if (kind == Ask::let_go) current_ = 0;
      } else if (kind == Ask::answer) {
        answers_[number] = std::move(*message);
      } else {
        asked_.push_back(std::move(*message));
      }
      changed_.notify_all();
    }
  }

  void work() {
    for (;;) {
      std::string message;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ending_ || !asked_.empty(); });
        if (ending_) break;
        message = std::move(asked_.front());
        asked_.pop_front();
      }
      Reader in(message);
      const auto kind = in.get<Ask>();
      const auto number = in.get<uint64_t>();
      {
        const std::lock_guard lock(mutex_);
        current_ = running_ = number;
        answers_.clear();
      }
      const Status status = answer(kind, number, in);
      // The channel's failures are messages that are too long; this one is short.
      if (!status.ok()) static_cast<void>(channel_.send(say(Say::failed, number).status(status).bytes()));
    }
    std::unique_lock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
    const auto database = std::move(database_);
    const auto connection = std::move(connection_);
    lock.unlock();
  }

  Status answer(Ask kind, uint64_t number, Reader& in) {
    TARN_TRY(opened_);
    switch (kind) {
      case Ask::view: {
        const std::string schema(in.text()), name(in.text()), select(in.text());
        TARN_TRY(connection_->make_view(schema, name, select));
        break;
      }
      case Ask::table_function:
        TARN_TRY(connection_->add(table_function(in)));
        break;
      case Ask::scalar_function:
        TARN_TRY(connection_->add(scalar_function(in)));
        break;
      case Ask::query: {
        const std::string statement(in.text());
        return run(number, connection_->query(statement, in.cells()));
      }
      case Ask::query_where: {
        const std::string table(in.text()), select(in.text()), condition(in.text()), after(in.text());
        return run(number, connection_->query_where(table, select, condition, after));
      }
      case Ask::describe: {
        TARN_ASSIGN(const auto columns, connection_->describe(std::string(in.text())));
        return channel_.send(say(Say::done, number).columns(columns).bytes());
      }
      case Ask::table_names: {
        TARN_ASSIGN(const auto names, connection_->table_names(std::string(in.text())));
        Writer out = say(Say::done, number);
        out.put(uint64_t{names.size()});
        for (const std::string& name : names) out.text(name);
        return channel_.send(out.bytes());
      }
      default:
        return {Code::internal, kNoFrame};
    }
    return channel_.send(say(Say::done, number).bytes());
  }

  Status run(uint64_t number, base::Result<std::unique_ptr<Rows>> started) {
    TARN_ASSIGN(const auto rows, std::move(started));
    TARN_ASSIGN(const Chunk* chunk, rows->next());
    Writer head = say(Say::head, number);
    head.columns(rows->columns()).put(rows->rows_changed()).put(static_cast<uint8_t>(chunk != nullptr));
    if (chunk) {
      for (const Node& node : nodes(*chunk)) write_type(head, *node.shape);
    }
    TARN_TRY(channel_.send(head.bytes()));
    while (chunk && wanted(number)) {
      TARN_TRY(wire::write_chunk(nodes(*chunk), chunk->rows(), [&](const std::string& bytes) {
        Writer piece = say(Say::rows, number);
        piece.bytes() += bytes;
        return channel_.send(piece.bytes());
      }));
      TARN_ASSIGN(chunk, rows->next());
    }
    return channel_.send(say(Say::done, number).bytes());
  }

  static const std::vector<Node>& nodes(const Chunk& chunk) {
    return dynamic_cast<const VectorChunk&>(chunk).nodes();  // there is no other kind here
  }

  bool wanted(uint64_t number) {
    const std::lock_guard lock(mutex_);
    return current_ == number;
  }

  TableFunction table_function(Reader& in) {
    TableFunction function;
    const auto index = in.get<uint64_t>();
    function.name = in.text();
    function.positional = in.columns();
    function.named = in.columns();
    function.columns = in.columns();
    function.run = [this, index](const std::vector<Cell>& arguments) -> base::Result<std::vector<std::vector<Cell>>> {
      TARN_ASSIGN(const std::string message, call(true, index, arguments));
      Reader answer(message);
      TARN_TRY(answer_of(answer));
      std::vector<std::vector<Cell>> rows(answer.count(8));
      for (auto& row : rows) row = answer.cells();
      return rows;
    };
    return function;
  }

  ScalarFunction scalar_function(Reader& in) {
    ScalarFunction function;
    const auto index = in.get<uint64_t>();
    function.name = in.text();
    function.parameters.resize(in.count(8));
    for (std::string& type : function.parameters) type = in.text();
    function.result = in.text();
    function.run = [this, index](const std::vector<Cell>& arguments) -> base::Result<Cell> {
      TARN_ASSIGN(const std::string message, call(false, index, arguments));
      Reader answer(message);
      TARN_TRY(answer_of(answer));
      return answer.cell();
    };
    return function;
  }

  static Status answer_of(Reader& answer) {
    answer.get<Ask>();
    answer.get<uint64_t>();
    return answer.status();
  }

  // From any of DuckDB's threads.
  base::Result<std::string> call(bool of_table, uint64_t index, const std::vector<Cell>& arguments) {
    std::unique_lock lock(mutex_);
    const uint64_t number = ++calls_;
    Writer out = say(Say::call, running_);
    lock.unlock();
    TARN_TRY(channel_.send(out.put(number).put(static_cast<uint8_t>(of_table)).put(index).cells(arguments).bytes()));
    lock.lock();
    changed_.wait(lock, [&] { return current_ != running_ || answers_.contains(number); });
    const auto answer = answers_.find(number);
    if (answer == answers_.end()) return Status(Code::cancelled, "nobody waits for this statement any more");
    std::string message = std::move(answer->second);
    answers_.erase(answer);
    return message;
  }

  worker::Channel& channel_;  // until ended_
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
  Status opened_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> asked_;  // and not begun
  std::map<uint64_t, std::string> answers_;
  uint64_t running_ = 0, current_ = 0, calls_ = 0;  // current_ is 0 when nobody wants what is being done
  bool ending_ = false, ended_ = false;
};

}  // namespace

void register_jobs() {
  // Its limits come with each call: connect_in().
  worker::register_stream(kLockedJob,
                          [](std::string_view request, worker::Channel& channel) -> base::Result<std::string> {
                            TARN_TRY(std::make_shared<LockedJob>(channel)->serve(request));
                            return std::string();
                          });
}

}  // namespace tarn::duck
