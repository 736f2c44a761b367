// Opens what a key stands for once: who wants what another thread is opening waits for that result, and nobody else
// waits.
// Errors:  a failure goes to all who waited for it and is not kept: the next one tries again. When it failed because
//          its caller was told to stop, one of the others goes on. Who waits stops when its own context says so.
// Threads: any. `open` is called with no lock held, and must not want the same key.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/progress.h"
#include "base/status.h"

namespace tarn::base {

template <typename Key, typename Value>
class OncePerKey {
 public:
  template <typename Open>
  Result<Value> get(const Key& key, const Open& open, const Context& context = {}) {
    for (;;) {
      std::shared_ptr<Slot> slot;
      {
        std::unique_lock lock(mutex_);
        std::shared_ptr<Slot>& known = slots_[key];
        if (!known) {
          known = slot = std::make_shared<Slot>();
        } else {
          slot = known;
          while (!over_.wait_for(lock, kListen, [&] { return slot->result.has_value(); })) TARN_TRY(context.check());
          if (slot->given_up) continue;
          return *slot->result;
        }
      }
      try {
        return end(key, slot, open(), context);
      } catch (...) {
        static_cast<void>(end(key, slot, Status(Code::internal, "opening it threw"), context));
        throw;
      }
    }
  }

  // What is open, and nothing while it opens.
  std::optional<Value> known(const Key& key) const {
    const std::lock_guard lock(mutex_);
    const auto slot = slots_.find(key);
    if (slot == slots_.end() || !slot->second->result) return {};
    return **slot->second->result;
  }

  // The next one opens anew; who waits now gets what is being opened.
  void forget(const Key& key) {
    const std::lock_guard lock(mutex_);
    slots_.erase(key);
  }

 private:
  static constexpr std::chrono::milliseconds kListen{20};  // to the context of one who waits

  struct Slot {
    std::optional<Result<Value>> result;
    bool given_up = false;
  };
  Result<Value> end(const Key& key, const std::shared_ptr<Slot>& slot, Result<Value> result, const Context& context) {
    {
      const std::lock_guard lock(mutex_);
      slot->result = result;
      slot->given_up = !result.ok() && !context.check().ok();
      const auto known = slots_.find(key);
      if (!result.ok() && known != slots_.end() && known->second == slot) slots_.erase(known);
    }
    over_.notify_all();
    return result;
  }

  mutable std::mutex mutex_;
  std::condition_variable over_;
  std::map<Key, std::shared_ptr<Slot>> slots_;
};

// The same for one thing.
template <typename Value>
class Once {
 public:
  template <typename Open>
  Result<Value> get(const Open& open) {
    return one_.get(0, open);
  }
  std::optional<Value> known() const { return one_.known(0); }

 private:
  OncePerKey<int, Value> one_;
};

}  // namespace tarn::base
