#include "duck/instances.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <utility>

#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr uint64_t kLakeWeight = 4, kFilterWeight = 1, kSessionsWeight = 12;
// A limit that DuckDB cannot keep is tried so often, each time half way nearer to the one that it has.
constexpr int kShrinkTries = 4;

// Whether DuckDB's text of a limit ("512.0 MiB", rounded to a tenth) may be of so many bytes.
bool says(std::string_view text, uint64_t bytes) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  double unit = 1;
  for (const char* name : {" KiB", " MiB", " GiB", " TiB"}) {
    unit *= 1024;
    if (std::string_view(end, text.data() + text.size()) == name) {
      return std::abs(number * unit - static_cast<double>(bytes)) < unit;
    }
  }
  return true;
}

// A raw connection: the owner's statements pass no gate.
class Control {
 public:
  explicit Control(duckdb_database database) { duckdb_connect(database, &handle_); }
  ~Control() { duckdb_disconnect(&handle_); }
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  bool set_limit(uint64_t bytes) {
    duckdb_result result{};
    const std::string sql = "SET GLOBAL memory_limit = '" + std::to_string(bytes) + "B'";
    const bool done = duckdb_query(handle_, sql.c_str(), &result) == DuckDBSuccess;
    duckdb_destroy_result(&result);
    return done;
  }
  // False when the user has set another one.
  bool has_limit(uint64_t bytes) {
    duckdb_result result{};
    std::string text;
    if (duckdb_query(handle_, "SELECT current_setting('memory_limit')", &result) == DuckDBSuccess) {
      text = take_string(duckdb_value_varchar(&result, 0, 0));
    }
    duckdb_destroy_result(&result);
    return says(text, bytes);
  }

 private:
  duckdb_connection handle_ = nullptr;
};

struct Entry {
  enum class Stage { opening, open, closing };
  Instances::Purpose purpose = Instances::Purpose::lake;
  uint64_t granted = 0;  // bytes: DuckDB's limit
  int background = 0;    // threads besides the caller's
  Stage stage = Stage::opening;
  std::mutex using_handle = {};  // who closes it waits for who moves its limit
  duckdb_database handle = nullptr;
};

uint64_t weight_of(Instances::Purpose purpose) {
  return purpose == Instances::Purpose::session  ? kSessionsWeight
         : purpose == Instances::Purpose::filter ? kFilterWeight
                                                 : kLakeWeight;
}

}  // namespace

struct Instances::Ledger {
  explicit Ledger(Budget given) : budget(given) {}

  // What is not given to anyone. With `mutex` held.
  uint64_t left() const {
    uint64_t bytes = budget.memory_bytes;
    for (const auto& entry : entries) bytes -= entry->granted;
    return bytes;
  }

  // The entries that stay, each with its part of the budget.
  std::vector<std::pair<std::shared_ptr<Entry>, uint64_t>> parts() {
    const std::lock_guard lock(mutex);
    uint64_t sessions = 0, weights = 0;
    for (const auto& entry : entries) {
      if (entry->stage == Entry::Stage::closing) continue;
      const bool is_session = entry->purpose == Purpose::session;
      sessions += is_session ? 1 : 0;
      if (!is_session || sessions == 1) weights += weight_of(entry->purpose);
    }
    std::vector<std::pair<std::shared_ptr<Entry>, uint64_t>> all;
    for (const auto& entry : entries) {
      if (entry->stage == Entry::Stage::closing) continue;
      const uint64_t part = budget.memory_bytes * weight_of(entry->purpose) / weights;
      all.emplace_back(entry, entry->purpose == Purpose::session ? part / sessions : part);
    }
    return all;
  }

  void shrink(Entry* entry, uint64_t part) {
    const std::lock_guard use(entry->using_handle);
    if (!entry->handle) return;
    Control control(entry->handle);
    if (!control.has_limit(entry->granted)) return;
    uint64_t limit = part;
    for (int i = 0; i < kShrinkTries; ++i, limit += (entry->granted - limit) / 2) {
      if (!control.set_limit(limit)) continue;
      const std::lock_guard lock(mutex);
      entry->granted = limit;
      return;
    }
  }

  void grow(Entry* entry, uint64_t part) {
    const std::lock_guard use(entry->using_handle);
    uint64_t more = 0;
    {
      const std::lock_guard lock(mutex);
      if (!entry->handle && entry->stage != Entry::Stage::opening) return;
      more = std::min(part - entry->granted, left());
      entry->granted += more;
    }
    if (more == 0 || !entry->handle) return;  // what opens takes it as its first limit
    Control control(entry->handle);
    if (control.has_limit(entry->granted - more) && control.set_limit(entry->granted)) return;
    const std::lock_guard lock(mutex);
    entry->granted -= more;
  }

  // Brings every limit as near to its part as it goes: first those that give, then those that take, the newest before
  // the others. With `settling` held.
  void balance() {
    if (leaving) return;
    const auto all = parts();
    for (const auto& [entry, part] : all) {
      if (entry->granted > part) shrink(entry.get(), part);
    }
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
      if (it->first->granted < it->second) grow(it->first.get(), it->second);
    }
  }

  // Waits for instances that are being closed, where it is they who have the memory. With `settling` held.
  bool give(const Entry& newcomer) {
    for (;;) {
      std::unique_lock lock(mutex);
      const uint64_t before = closings;
      lock.unlock();
      balance();
      if (newcomer.granted >= kLeastMemoryBytes) return true;
      lock.lock();
      if (closings != before) continue;
      if (std::none_of(entries.begin(), entries.end(),
                       [](const auto& entry) { return entry->stage == Entry::Stage::closing; })) {
        return false;
      }
      closed.wait(lock, [&] { return closings != before; });
    }
  }

  const Budget budget;
  std::atomic<bool> leaving = false;
  std::mutex settling;  // who opens an instance or moves limits
  std::mutex mutex;     // of what stands below, and of `granted` and `stage`; never held for long
  std::condition_variable closed;
  uint64_t closings = 0;
  std::vector<std::shared_ptr<Entry>> entries;
};

class Instances::Seat final : public Share {
 public:
  Seat(std::shared_ptr<Ledger> ledger, std::shared_ptr<Entry> entry)
      : ledger_(std::move(ledger)), entry_(std::move(entry)) {}
  void closing() override {
    {
      const std::lock_guard lock(ledger_->mutex);
      entry_->stage = Entry::Stage::closing;
    }
    const std::lock_guard use(entry_->using_handle);
    entry_->handle = nullptr;
  }
  ~Seat() override {
    {
      const std::lock_guard lock(ledger_->mutex);
      std::erase(ledger_->entries, entry_);
      ++ledger_->closings;
    }
    ledger_->closed.notify_all();
    const std::lock_guard one(ledger_->settling);
    ledger_->balance();
  }

 private:
  std::shared_ptr<Ledger> ledger_;
  std::shared_ptr<Entry> entry_;
};

Instances::Instances(Budget budget) : ledger_(std::make_shared<Ledger>(budget)) {}
Instances::~Instances() = default;

Result<std::shared_ptr<OpenDatabase>> Instances::open(Purpose purpose, Options options) {
  const auto entry = std::make_shared<Entry>();
  entry->purpose = purpose;
  std::unique_ptr<Seat> seat;  // goes after the lock, which it takes
  const std::lock_guard one(ledger_->settling);
  {
    const std::lock_guard lock(ledger_->mutex);
    entry->background = ledger_->budget.threads - 1;
    for (const auto& other : ledger_->entries) entry->background -= other->background;
    entry->background = std::max(0, entry->background);
    ledger_->entries.push_back(entry);
  }
  seat = std::make_unique<Seat>(ledger_, entry);
  if (!ledger_->give(*entry)) {
    return Status(Code::exhausted,
                  "the " + std::to_string(ledger_->budget.memory_bytes >> 20) +
                      " MiB that there are for DuckDB are in use by other sessions and statements",
                  "wait until one of them has ended");
  }
  options.threads = 1 + entry->background;
  options.memory_limit_bytes = entry->granted;
  TARN_ASSIGN(auto opened, open_database(options));
  {
    const std::lock_guard use(entry->using_handle);
    entry->handle = opened->handle;
  }
  {
    const std::lock_guard lock(ledger_->mutex);
    entry->stage = Entry::Stage::open;
  }
  opened->share = std::move(seat);
  return opened;
}

Result<std::shared_ptr<Database>> Instances::shared(Purpose purpose, const std::vector<std::string>& readable,
                                                    Options options) {
  const std::lock_guard lock(sharing_);
  std::erase_if(shared_, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<OpenDatabase> opened;
  if (const auto known = shared_.find({purpose, readable}); known != shared_.end()) opened = known->second.lock();
  if (!opened) {
    TARN_ASSIGN(opened, open(purpose, std::move(options)));
    shared_[{purpose, readable}] = opened;
  }
  return std::shared_ptr<Database>(make_database(std::move(opened)));
}

Result<std::shared_ptr<Database>> Instances::lake(const std::string& temp_directory) {
  Options options;
  options.temp_directory = temp_directory;
  {
    const std::lock_guard lock(sharing_);
    if (spill_directory_.empty()) spill_directory_ = temp_directory;
  }
  return shared(Purpose::lake, {}, std::move(options));
}

Result<std::shared_ptr<Database>> Instances::filter(const std::vector<std::string>& readable) {
  Options options;
  options.locked_to = readable;
  return shared(Purpose::filter, readable, std::move(options));
}

Result<std::shared_ptr<Database>> Instances::session(const SessionOptions& options) {
  Options of_session;
  of_session.temp_directory = options.temp_directory;
  of_session.locked_to = options.locked_to;
  TARN_ASSIGN(auto opened, open(Purpose::session, std::move(of_session)));
  return std::shared_ptr<Database>(make_database(std::move(opened)));
}

void Instances::leave() {
  std::error_code error;
  const std::lock_guard lock(sharing_);
  if (!spill_directory_.empty() && std::filesystem::exists(spill_directory_, error)) return;  // DuckDB takes it away
  ledger_->leaving = true;
  for (const auto& [key, instance] : shared_) {
    if (const auto open = instance.lock()) open->left = true;
  }
}

std::vector<Instances::Use> Instances::uses() const {
  const std::lock_guard lock(ledger_->mutex);
  std::vector<Use> all;
  for (const auto& entry : ledger_->entries) all.push_back({entry->purpose, 1 + entry->background, entry->granted});
  return all;
}

}  // namespace tarn::duck
