// For tests: a cancel that comes at the n-th place where work asks, and a progress that is held to its word.
#pragma once

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "base/progress.h"

namespace tarn::base {

class StopAfter final : public Cancel {
 public:
  explicit StopAfter(uint64_t n) : n_(n) {}
  Status check() const override {
    // Tests make no const one.
    if (++asked_ >= n_) const_cast<StopAfter*>(this)->request();
    return Cancel::check();
  }
  uint64_t asked() const { return asked_; }

 private:
  const uint64_t n_;
  mutable std::atomic<uint64_t> asked_{0};
};

class ToldProgress final : public Progress {
 public:
  void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(phase.empty());
    EXPECT_FALSE(unit.empty());
    if (total > 0) {
      EXPECT_LE(done, total) << phase;
    }
    if (done > 0 && !told_.empty() && told_.back().phase == phase) {
      EXPECT_GE(done, told_.back().done) << phase << " goes back";
      EXPECT_EQ(total, told_.back().total) << phase;
    }
    told_.push_back({std::string(phase), done, total});
  }
  // The phases in their order, each time that one began.
  std::vector<std::string> phases() const {
    std::vector<std::string> all;
    for (size_t i = 0; i < told_.size(); ++i) {
      const bool goes_on = i > 0 && told_[i - 1].phase == told_[i].phase && told_[i].done >= told_[i - 1].done;
      if (!goes_on) all.push_back(told_[i].phase);
    }
    return all;
  }

 private:
  struct Told {
    std::string phase;
    uint64_t done, total;
  };
  std::mutex mutex_;
  std::vector<Told> told_;
};

}  // namespace tarn::base
