#include "base/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "base/random.h"

namespace tarn::base {
namespace {

using Doubler = InOrder<int, std::string>;

uint64_t size_of(const std::string& made) { return made.size(); }

TEST(InOrder, ResultsComeInTheOrderOfTheTasksWhateverEachTakes) {
  std::atomic<int> at_once{0}, most{0};
  std::vector<int> tasks;
  std::vector<std::string> results;
  {
    Random random(3);
    Doubler line(
        {.threads = 4, .ahead = 9, .bytes = 1 << 20},
        [&](int& task) {
          const int now = ++at_once;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          std::this_thread::sleep_for(std::chrono::microseconds((task * 37) % 900));
          --at_once;
          return std::to_string(task * 2);
        },
        {.of_result = size_of},
        [&](int task, std::string made) {
          tasks.push_back(task);
          results.push_back(std::move(made));
          return Status();
        });
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(line.put(i, {}).ok());
    EXPECT_GE(tasks.size(), 300u - 9);
    ASSERT_TRUE(line.finish({}).ok());
  }
  ASSERT_EQ(tasks.size(), 300u);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(tasks[static_cast<size_t>(i)], i);
    EXPECT_EQ(results[static_cast<size_t>(i)], std::to_string(i * 2));
  }
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 4);
}

// Whatever its size, one result at least is always under way.
TEST(InOrder, WhatWaitsIsBoundedInBytes) {
  std::atomic<uint64_t> begun{0};
  uint64_t handed_out = 0, most_waiting = 0;
  Doubler line(
      {.threads = 3, .ahead = 50, .bytes = 1000},
      [&](int&) {
        ++begun;
        return std::string(2000, 'x');
      },
      {.of_result = size_of},
      [&](int, std::string) {
        most_waiting = std::max(most_waiting, begun - handed_out);
        ++handed_out;
        return Status();
      });
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(line.put(i, {}).ok());
  ASSERT_TRUE(line.finish({}).ok());
  EXPECT_EQ(handed_out, 50u);
  EXPECT_LE(most_waiting, 5u) << "one that is too much already, and what the threads had begun";
}

// A task that is larger than the bound is taken when it is alone.
TEST(InOrder, TasksAreBoundedInBytesToo) {
  std::atomic<bool> leave{false};
  int handed_out = 0;
  Doubler line(
      {.threads = 2, .ahead = 50, .bytes = 1000},
      [&](int& task) {
        while (!leave) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return std::to_string(task);
      },
      {.of_task = [](const int& task) { return static_cast<uint64_t>(task); }},
      [&](int, std::string) {
        ++handed_out;
        return Status();
      });
  ASSERT_TRUE(line.put(5000, {}).ok());
  leave = true;
  ASSERT_TRUE(line.put(400, {}).ok());
  EXPECT_EQ(handed_out, 1) << "the large one had to go";
  ASSERT_TRUE(line.put(600, {}).ok());
  EXPECT_EQ(handed_out, 1) << "both together are not too much";
  ASSERT_TRUE(line.put(1, {}).ok());
  EXPECT_EQ(handed_out, 2);
  ASSERT_TRUE(line.finish({}).ok());
  EXPECT_EQ(handed_out, 4);
}

TEST(InOrder, AFailureAndAStopEndIt) {
  const auto echo = [](int& task) { return std::to_string(task); };
  int handed_out = 0;
  Doubler failing({.threads = 2, .ahead = 4, .bytes = 100}, echo, {.of_result = size_of}, [&](int task, std::string) {
    ++handed_out;
    return task == 5 ? Status(Code::io, "the disk") : Status();
  });
  Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = failing.put(i, {});
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_EQ(handed_out, 6);

  Cancel cancel;
  const Context context{nullptr, &cancel};
  std::atomic<bool> leave{false};
  Doubler stuck(
      {.threads = 1, .ahead = 4, .bytes = 100},
      [&](int& task) {
        while (!leave) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return std::to_string(task);
      },
      {.of_result = size_of}, [](int, std::string) { return Status(); });
  ASSERT_TRUE(stuck.put(1, context).ok());
  cancel.request();
  EXPECT_EQ(stuck.finish(context).code(), Code::cancelled);
  leave = true;
}

}  // namespace
}  // namespace tarn::base
