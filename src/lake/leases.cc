#include "lake/leases.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/value.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kDirectory = "_tarn/leases";
constexpr std::string_view kSuffix = ".json";
// A lease that expired so long ago is of no use to anyone's clock.
constexpr int64_t kForgottenUs = int64_t{24} * 3600 * 1'000'000;

}  // namespace

std::string lease_text(const Lease& lease) {
  json::Value versions = json::Value::array();
  for (const auto& [table, numbers] : lease.versions) {
    for (int64_t version : numbers) versions.push(json::Value::object({{"table", table}, {"version", version}}));
  }
  return json::write(json::Value::object({{"format", kLeaseFormat},
                                          {"from", base::format_utc(lease.from_us)},
                                          {"until", base::format_utc(lease.until_us)},
                                          {"versions", std::move(versions)}})) +
         "\n";
}

Result<Lease> parse_lease(const std::string& text, const std::string& path) {
  const auto damaged = [&](std::string_view why) {
    return Status(Code::corruption, fmt::format("lease {}: {}", path, why), "it expires by itself");
  };
  const auto parsed = json::parse(text);
  if (!parsed.ok()) return damaged(parsed.status().message());
  const auto from = base::parse_utc((*parsed)["from"].as_string()),
             until = base::parse_utc((*parsed)["until"].as_string());
  if ((*parsed)["format"].as_int() != kLeaseFormat || !from.ok() || !until.ok()) {
    return damaged("no format or no times");
  }
  Lease lease{*from, *until, {}};
  for (const json::Value& version : (*parsed)["versions"].items()) {
    if (!version["version"].is_int()) return damaged("a version is no number");
    lease.versions[version["table"].as_string()].insert(version["version"].as_int());
  }
  return lease;
}

Result<std::vector<Lease>> live_leases(const store::Store& store, int64_t now_us) {
  std::vector<Lease> leases;
  TARN_ASSIGN(const auto entries, store.list(kDirectory));
  if (entries.size() > kMaxLeases) {
    return Status(Code::exhausted, fmt::format("{} holds over {} files, which is the limit", kDirectory, kMaxLeases),
                  "remove those that are older than a day");
  }
  for (const auto& entry : entries) {
    if (entry.is_directory) continue;
    const std::string path = fmt::format("{}/{}", kDirectory, entry.name);
    const auto text = store.read(path);
    if (text.status().code() == Code::not_found) continue;  // taken back meanwhile
    const auto lease = text.ok() ? parse_lease(*text, path) : Result<Lease>(text.status());
    const Lease found =
        lease.ok() ? *lease : Lease{entry.modified_us - kLeaseLifeUs, entry.modified_us + kLeaseLifeUs, {}};
    if (found.until_us + kClockSkewUs >= now_us) leases.push_back(found);
  }
  return leases;
}

void sweep_leases(store::Store& store, int64_t now_us) {
  const auto entries = store.list(kDirectory);
  if (!entries.ok()) return;
  for (const auto& entry : *entries) {
    if (!entry.is_directory && entry.modified_us + kLeaseLifeUs + kForgottenUs < now_us) {
      static_cast<void>(store.remove(fmt::format("{}/{}", kDirectory, entry.name)));
    }
  }
}

LeaseHolder::LeaseHolder(store::Store& store, const base::Clock& clock, base::Random& random)
    : store_(store), clock_(clock), path_(fmt::format("{}/{}{}", kDirectory, random.uuid(), kSuffix)) {}

LeaseHolder::~LeaseHolder() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (written_.until_us != 0) static_cast<void>(store_.remove(path_));
}

std::shared_ptr<const void> LeaseHolder::hold() {
  const int64_t now_us = clock_.now_us();
  // What is written may be older than this reader, never younger.
  const auto needed = [&] { return written_.until_us - now_us < kLeaseLifeUs / 2; };
  uint64_t token = 0;
  bool write_now = false;
  {
    const std::lock_guard lock(mutex_);
    token = next_token_++;
    tokens_[token] = now_us;
    write_now = needed();
    if (!thread_.joinable()) thread_ = std::thread([this] { renew(); });
  }
  if (write_now) write(needed);
  return {this, [token](const LeaseHolder* holder) {
            auto* self = const_cast<LeaseHolder*>(holder);
            const std::lock_guard unlocking(self->mutex_);
            self->tokens_.erase(token);
            if (self->tokens_.empty()) self->versions_.clear();
          }};
}

void LeaseHolder::add_version(const std::string& table_path, base::Version version) {
  const auto needed = [&] {
    const auto known = written_.versions.find(table_path);
    return known == written_.versions.end() || known->second.count(version.value) == 0;
  };
  {
    const std::lock_guard lock(mutex_);
    if (tokens_.empty()) return;
    versions_[table_path].insert(version.value);
    if (!needed()) return;
  }
  write(needed);
}

void LeaseHolder::release_idle() {
  const std::lock_guard one(writing_);
  {
    const std::lock_guard lock(mutex_);
    if (!tokens_.empty() || written_.until_us == 0) return;
    written_ = {};  // who comes from here on writes anew, after this
  }
  static_cast<void>(store_.remove(path_));
}

uint64_t LeaseHolder::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

void LeaseHolder::write(const std::function<bool()>& needed) {
  const std::lock_guard one(writing_);
  Lease lease;
  {
    const std::lock_guard lock(mutex_);
    if (!needed()) return;
    const int64_t now_us = clock_.now_us();
    lease = {now_us, now_us + kLeaseLifeUs, versions_};
    for (const auto& [token, began_us] : tokens_) lease.from_us = std::min(lease.from_us, began_us);
    ++writes_;
  }
  if (!store_.put_volatile(path_, lease_text(lease)).ok()) return;
  const std::lock_guard lock(mutex_);
  written_ = std::move(lease);
}

void LeaseHolder::renew() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::microseconds(kLeaseRenewUs), [this] { return over_; })) {
    lock.unlock();
    write([this] { return !tokens_.empty(); });
    lock.lock();
  }
}

}  // namespace tarn::lake
