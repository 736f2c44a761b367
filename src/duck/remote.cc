#include "duck/remote.h"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "duck/gate.h"
#include "duck/remote_words.h"
#include "duck/statements.h"
#include "duck/wire_chunk.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Result;
using base::Status;
using wire::Reader;
using wire::Writer;
using Clock = std::chrono::steady_clock;

int since_ms(Clock::time_point start) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

// A message of the worker's, its kind and number read.
struct Said {
  static constexpr size_t kHead = sizeof(Say) + sizeof(uint64_t);
  std::string bytes;
  Say kind = Say::failed;
  std::string_view rest() const { return std::string_view(bytes).substr(kHead); }
};

Status no_words() { return {Code::internal, "the worker's words are none"}; }

// The worker, and what it must be told again when it has died.
class Remote {
 public:
  Remote(worker::Pool& pool, const Options& database, const RemoteOptions& options)
      : pool_(pool), database_(database), options_(options) {}

  // A worker, with what was declared; the one that is there, if there is one.
  Status connect() {
    if (call_) return base::ok();
    Writer request;
    request.put(static_cast<int32_t>(database_.threads)).put(database_.memory_limit_bytes);
    request.put(uint64_t{database_.locked_to->size()});
    for (const std::string& place : *database_.locked_to) request.text(place);
    worker::Limits limits;
    limits.memory_bytes = database_.memory_limit_bytes + options_.more_memory_bytes;
    limits.job_timeout_ms = options_.statement_timeout_ms;
    limits.cpu_seconds = 0;  // a session has many statements, each with its own time
    limits.open_files = kOpenFiles;
    limits.threads = true;
    TARN_ASSIGN(auto call, pool_.start(kLockedJob, request.bytes(), limits));
    {
      const std::lock_guard lock(mutex_);
      call_ = std::move(call);
    }
    for (size_t i = 0; i < tables_.size(); ++i) send_function(i, tables_[i]);
    for (size_t i = 0; i < scalars_.size(); ++i) send_function(i, scalars_[i]);
    for (const auto& [name, select] : views_) {
      // With a view less, statements would say that there is no such table.
      if (Status made = send_view(name.first, name.second, select); !made.ok()) {
        drop();
        return made;
      }
    }
    return base::ok();
  }

  Status view(const std::string& schema, const std::string& name, const std::string& select) {
    TARN_TRY(connect());
    TARN_TRY(send_view(schema, name, select));
    views_[{schema, name}] = select;
    return base::ok();
  }
  // Its failure is the next statement's.
  Status add(TableFunction function) {
    TARN_TRY(connect());
    tables_.push_back(std::move(function));
    send_function(tables_.size() - 1, tables_.back());
    return base::ok();
  }
  Status add(ScalarFunction function) {
    TARN_TRY(connect());
    scalars_.push_back(std::move(function));
    send_function(scalars_.size() - 1, scalars_.back());
    return base::ok();
  }

  // Asks, and waits for the first answer. Ends the statement before.
  Result<Said> ask(Ask what, Writer& words) {
    TARN_TRY(connect());
    send(what, words);
    return next();
  }

  // The next answer to what was asked last. Functions are run meanwhile.
  Result<Said> next() {
    for (;;) {
      if (!call_) return Status(Code::internal, "there is no worker");
      const Clock::time_point start = Clock::now();
      {
        const std::lock_guard lock(mutex_);
        call_->allow(left_ms());
      }
      auto message = call_->receive();
      {
        const std::lock_guard lock(mutex_);
        spent_ms_ += since_ms(start);
      }
      if (!message.ok()) return died(message.status());
      if (!*message) return died(Status(Code::internal, "the worker has ended"));
      Said said{std::move(**message), Say::failed};
      Reader in(said.bytes);
      said.kind = in.get<Say>();
      const auto number = in.get<uint64_t>();
      if (!in.ok() || number > number_) return died(no_words());
      if (number != number_) {
        // The rest of a statement that nobody wants, or a function that could not be added.
        if (declared_.erase(number) > 0 && said.kind == Say::failed) late_ = in.status();
        continue;
      }
      if (said.kind == Say::call) {
        answer(in);
        continue;
      }
      if (!late_.ok()) return std::exchange(late_, base::ok());
      if (said.kind == Say::failed) {
        Status failed = in.status();
        if (!in.at_end() || failed.ok()) return died(no_words());
        return failed;
      }
      return said;
    }
  }

  void streams() { streaming_ = number_; }
  void streams_no_more() { streaming_ = 0; }
  void let_go(uint64_t number) {
    if (number == 0 || number != streaming_) return;
    streaming_ = 0;
    if (call_) static_cast<void>(call_->send(words(Ask::let_go, number).bytes()));
  }

  void interrupt() {
    const std::lock_guard lock(mutex_);
    if (!call_ || number_ == 0) return;
    if (!interrupted_) {
      interrupted_ = Clock::now();
      call_->allow(left_ms());
    }
    static_cast<void>(call_->send(words(Ask::interrupt, number_).bytes()));
  }

  // What a worker says that is no answer at all ends it.
  Status died(Status why) {
    drop();
    if (interrupted_) {
      why = Status(Code::cancelled, "INTERRUPT Error: the statement did not stop, and its worker was ended");
    } else if (why.code() == Code::exhausted && options_.statement_timeout_ms > 0 &&
               spent_ms_ + kTolerantMs >= options_.statement_timeout_ms) {
      why = Status(Code::exhausted,
                   "over the limit statement_timeout_ms (" + std::to_string(options_.statement_timeout_ms) + ")");
    }
    return {why.code(), std::string(why.message()),
            std::exchange(made_, false)
                ? "the next statement has a new worker, without the tables, views and macros that this session had made"
                : "only this statement is lost: the next one has a new worker"};
  }

  uint64_t number() const { return number_; }
  void has_made_something() { made_ = true; }

 private:
  static constexpr int kOpenFiles = 1024;
  static constexpr int kTolerantMs = 20;  // what rounding may lose

  static Writer words(Ask what, uint64_t number) {
    Writer out;
    out.put(what).put(number);
    return out;
  }

  void drop() {
    std::unique_ptr<worker::Call> call;
    {
      const std::lock_guard lock(mutex_);
      call = std::move(call_);
    }
    call.reset();
    declared_.clear();
    streaming_ = 0;
  }

  // Of the statement: 0 = no limit, else at least 1. With mutex_.
  int left_ms() const {
    int left = options_.statement_timeout_ms > 0 ? std::max(options_.statement_timeout_ms - spent_ms_, 1) : 0;
    if (!interrupted_) return left;
    const int grace = std::max(worker::kCancelGraceMs - since_ms(*interrupted_), 1);
    return left > 0 ? std::min(left, grace) : grace;
  }

  // A failure to send shows in what is received.
  void send(Ask what, Writer& rest) {
    let_go(streaming_);
    {
      const std::lock_guard lock(mutex_);
      ++number_;
      interrupted_.reset();
      spent_ms_ = 0;
    }
    Writer out = words(what, number_);
    out.bytes() += rest.bytes();
    static_cast<void>(call_->send(out.bytes()));
  }

  Status send_view(const std::string& schema, const std::string& name, const std::string& select) {
    Writer rest;
    rest.text(schema).text(name).text(select);
    send(Ask::view, rest);
    return next().status();
  }
  void send_function(size_t index, const TableFunction& function) {
    Writer rest;
    rest.put(uint64_t{index}).text(function.name).columns(function.positional).columns(function.named);
    rest.columns(function.columns);
    send(Ask::table_function, rest);
    declared_.insert(number_);
  }
  void send_function(size_t index, const ScalarFunction& function) {
    Writer rest;
    rest.put(uint64_t{index}).text(function.name).put(uint64_t{function.parameters.size()});
    for (const std::string& type : function.parameters) rest.text(type);
    rest.text(function.result);
    send(Ask::scalar_function, rest);
    declared_.insert(number_);
  }

  // Runs a function of ours on arguments that the worker sent, of which the function believes nothing but their number.
  void answer(Reader& in) {
    const auto call = in.get<uint64_t>();
    const bool of_table = in.flag();
    const auto index = in.get<uint64_t>();
    const std::vector<Cell> arguments = in.cells();
    Writer out = words(Ask::answer, call);
    try {
      if (!in.at_end() || index >= (of_table ? tables_.size() : scalars_.size())) {
        out.status(no_words());
      } else if (of_table) {
        const TableFunction& function = tables_[index];
        if (arguments.size() != function.positional.size() + function.named.size()) {
          out.status(no_words());
        } else if (const auto rows = function.run(arguments); !rows.ok()) {
          out.status(rows.status());
        } else {
          out.status(base::ok()).put(uint64_t{rows->size()});
          for (const auto& row : *rows) out.cells(row);
        }
      } else if (arguments.size() != scalars_[index].parameters.size()) {
        out.status(no_words());
      } else if (const auto cell = scalars_[index].run(arguments); !cell.ok()) {
        out.status(cell.status());
      } else {
        out.status(base::ok()).cell(*cell);
      }
    } catch (const std::exception& e) {
      out = words(Ask::answer, call);
      out.status(Status(Code::internal, e.what()));
    }
    static_cast<void>(call_->send(out.bytes()));
  }

  worker::Pool& pool_;
  const Options database_;
  const RemoteOptions options_;
  std::vector<TableFunction> tables_;
  std::vector<ScalarFunction> scalars_;
  std::map<std::pair<std::string, std::string>, std::string> views_;
  std::mutex mutex_;  // for interrupt(): call_, number_, interrupted_, spent_ms_
  std::unique_ptr<worker::Call> call_;
  uint64_t number_ = 0, streaming_ = 0;  // streaming_: a statement with rows to come
  std::set<uint64_t> declared_;          // functions of which the worker has said nothing yet
  int spent_ms_ = 0;                     // by the worker, of the statement
  std::optional<Clock::time_point> interrupted_;
  Status late_;
  bool made_ = false;
};

class RemoteRows final : public Rows {
 public:
  RemoteRows(std::shared_ptr<Remote> remote, std::vector<Column> columns, std::vector<TypeHandle> types,
             uint64_t changed)
      : remote_(std::move(remote)), number_(remote_->number()), columns_(std::move(columns)), changed_(changed) {
    for (const TypeHandle& type : types) shapes_.push_back(read_shape(type.get()));
    done_ = shapes_.empty();
    if (!done_) remote_->streams();
  }
  ~RemoteRows() override { remote_->let_go(number_); }
  const std::vector<Column>& columns() const override { return columns_; }
  Result<const Chunk*> next() override {
    if (done_) return static_cast<const Chunk*>(nullptr);
    if (number_ != remote_->number()) {
      return Status(Code::invalid_argument, "the rows have ended with the next statement of their connection");
    }
    auto said = remote_->next();
    done_ = !said.ok() || said->kind == Say::done;
    if (done_) remote_->streams_no_more();
    if (!said.ok()) return said.status();
    if (done_) return static_cast<const Chunk*>(nullptr);
    if (said->kind != Say::rows) return fail(no_words());
    said->bytes.erase(0, Said::kHead);
    if (Status read = chunk_.read(std::move(said->bytes), shapes_); !read.ok()) return fail(std::move(read));
    return static_cast<const Chunk*>(&chunk_.view());
  }
  uint64_t rows_changed() const override { return changed_; }

 private:
  Status fail(Status why) {
    done_ = true;
    return remote_->died(std::move(why));
  }

  std::shared_ptr<Remote> remote_;
  const uint64_t number_;
  std::vector<Column> columns_;
  std::vector<Shape> shapes_;
  wire::ReadChunk chunk_;
  const uint64_t changed_;
  bool done_ = false;
};

class RemoteConnection final : public Connection {
 public:
  explicit RemoteConnection(std::shared_ptr<Remote> remote) : remote_(std::move(remote)) {}

  Result<std::unique_ptr<Rows>> query(const std::string& sql, const std::vector<Cell>& parameters) override {
    Writer words;
    return run(Ask::query, words.text(sql).cells(parameters));
  }
  Status make_view(const std::string& schema, const std::string& name, const std::string& select) override {
    return remote_->view(schema, name, select);
  }
  Result<std::unique_ptr<Rows>> query_where(const std::string& table, const std::string& select,
                                            const std::string& condition, const std::string& after) override {
    Writer words;
    return run(Ask::query_where, words.text(table).text(select).text(condition).text(after));
  }
  Result<std::vector<Column>> describe(const std::string& sql) override {
    Writer words;
    words.text(sql);
    TARN_ASSIGN(const Said done, remote_->ask(Ask::describe, words));
    Reader in(done.rest());
    std::vector<Column> columns = in.columns();
    if (done.kind != Say::done || !in.at_end()) return remote_->died(no_words());
    return columns;
  }
  Result<std::vector<std::string>> split(const std::string& sql) override { return split_statements(sql); }
  Result<std::vector<std::string>> table_names(const std::string& sql) override {
    Writer words;
    words.text(sql);
    TARN_ASSIGN(const Said done, remote_->ask(Ask::table_names, words));
    Reader in(done.rest());
    std::vector<std::string> names(in.count(8));
    for (std::string& name : names) name = in.text();
    if (done.kind != Say::done || !in.at_end()) return remote_->died(no_words());
    return names;
  }
  Result<std::unique_ptr<Appender>> appender(const std::string&) override {
    return Status(Code::unsupported, "a locked connection in a worker has no appender");
  }
  Result<ParquetFile> write_parquet(const std::string&, const std::string&, const ParquetOptions&) override {
    return locked_writes_nothing();
  }
  Status add(TableFunction function) override { return remote_->add(std::move(function)); }
  Status add(ScalarFunction function) override { return remote_->add(std::move(function)); }
  void interrupt() override { remote_->interrupt(); }

 private:
  Result<std::unique_ptr<Rows>> run(Ask what, Writer& words) {
    TARN_ASSIGN(const Said head, remote_->ask(what, words));
    Reader in(head.rest());
    std::vector<Column> columns = in.columns();
    const auto changed = in.get<uint64_t>();
    std::vector<TypeHandle> types(in.flag() ? columns.size() : 0);
    for (TypeHandle& type : types) type = wire::read_type(in);
    if (head.kind != Say::head || !in.at_end()) return remote_->died(no_words());
    if (columns.empty()) remote_->has_made_something();
    return std::unique_ptr<Rows>(std::make_unique<RemoteRows>(remote_, std::move(columns), std::move(types), changed));
  }

  std::shared_ptr<Remote> remote_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_in(worker::Pool& pool, const Options& database,
                                               const RemoteOptions& options) {
  if (!database.locked_to) return Status(Code::internal, "a connection in a worker is a locked one");
  auto remote = std::make_shared<Remote>(pool, database, options);
  TARN_TRY(remote->connect());
  return std::unique_ptr<Connection>(std::make_unique<RemoteConnection>(std::move(remote)));
}

}  // namespace tarn::duck
