// The order of batches, told by gates instead of by time.
#include "encode/batch_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>

namespace tarn::encode {
namespace {

using base::Code;
using base::Status;

// Batches as they begin, each held until the test lets it go.
class Gate {
 public:
  Status pass(const std::string& batch) {
    std::unique_lock lock(mutex_);
    begun_.push_back(batch);
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_ || passes_ > 0; });
    if (!open_) --passes_;
    return {};
  }
  void wait_for(size_t begun) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_.size() >= begun; });
  }
  void let(size_t count) {
    const std::lock_guard lock(mutex_);
    passes_ += count;
    changed_.notify_all();
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  std::vector<std::string> begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> begun_;
  size_t passes_ = 0;
  bool open_ = false;
};

class BatchOrder : public testing::Test {
 protected:
  // Calls run() on a thread of its own, and returns when its batches wait in the queue or have begun.
  std::future<Status> call(BatchQueue* queue, const std::string& name, size_t batches, Urgency urgency,
                           const base::Cancel* cancel = nullptr) {
    const size_t before = queue->waiting();
    auto made = std::async(std::launch::async, [=, this] {
      return queue->run(batches, urgency, {nullptr, cancel}, [&](size_t, size_t b) {
        const std::string batch = name + std::to_string(b);
        Status status = gate_.pass(batch);
        return batch == failing_ ? Status(Code::internal, "out of luck") : status;
      });
    });
    if (running_) {
      while (queue->waiting() == before) std::this_thread::yield();
    } else {
      gate_.wait_for(1);
    }
    running_ = true;
    return made;
  }
  std::vector<std::string> begun(size_t from, size_t count) {
    gate_.wait_for(from + count);
    const auto all = gate_.begun();
    return {all.begin() + static_cast<long>(from), all.begin() + static_cast<long>(from + count)};
  }

  Gate gate_;
  bool running_ = false;
  std::string failing_;
};

using Batches = std::vector<std::string>;

TEST_F(BatchOrder, AQueryIsNextWhenTheRunningBatchEnds) {
  BatchQueue queue(1);
  auto pull = call(&queue, "pull", 100, Urgency::bulk);
  gate_.let(3);
  gate_.wait_for(4);  // pull3 runs
  auto query = call(&queue, "query", 2, Urgency::urgent);
  gate_.open();
  EXPECT_TRUE(query.get().ok());
  EXPECT_TRUE(pull.get().ok());
  EXPECT_EQ(begun(3, 4), (Batches{"pull3", "query0", "query1", "pull4"}));
  EXPECT_EQ(gate_.begun().size(), 102U);
}

TEST_F(BatchOrder, OfTwoStreamsTheFirstThatIsFreeTakesTheQuery) {
  BatchQueue queue(2);
  auto pull = call(&queue, "pull", 100, Urgency::bulk);
  gate_.wait_for(2);
  auto query = call(&queue, "query", 1, Urgency::urgent);
  gate_.let(1);
  EXPECT_EQ(begun(2, 1), Batches{"query0"});
  gate_.open();
  EXPECT_TRUE(query.get().ok());
  EXPECT_TRUE(pull.get().ok());
}

TEST_F(BatchOrder, CallersOfOneClassTakeTurns) {
  BatchQueue queue(1);
  auto a = call(&queue, "a", 4, Urgency::bulk);
  auto b = call(&queue, "b", 2, Urgency::bulk);
  auto c = call(&queue, "c", 3, Urgency::bulk);
  gate_.open();
  for (auto* each : {&a, &b, &c}) EXPECT_TRUE(each->get().ok());
  EXPECT_EQ(gate_.begun(), (Batches{"a0", "a1", "b0", "c0", "a2", "b1", "c1", "a3", "c2"}));
}

TEST_F(BatchOrder, AFloodOfQueriesDoesNotStopAPull) {
  BatchQueue queue(1);
  auto pull = call(&queue, "pull", 3, Urgency::bulk);
  auto flood = call(&queue, "query", 3 * BatchQueue::kUrgentRun, Urgency::urgent);
  gate_.open();
  EXPECT_TRUE(pull.get().ok());
  EXPECT_TRUE(flood.get().ok());
  const auto order = gate_.begun();
  EXPECT_EQ(order[BatchQueue::kUrgentRun], "query" + std::to_string(BatchQueue::kUrgentRun - 1));
  EXPECT_EQ(order[BatchQueue::kUrgentRun + 1], "pull1");
  EXPECT_EQ(order[2 * BatchQueue::kUrgentRun + 2], "pull2");
}

TEST_F(BatchOrder, ACancelDropsTheBatchesOfItsCallerOnly) {
  BatchQueue queue(1);
  base::Cancel cancel;
  auto stopped = call(&queue, "stopped", 50, Urgency::bulk, &cancel);
  auto other = call(&queue, "other", 5, Urgency::bulk);
  gate_.let(3);  // stopped0, stopped1, other0
  gate_.wait_for(4);
  cancel.request();
  gate_.open();
  EXPECT_EQ(stopped.get().code(), Code::cancelled);
  EXPECT_TRUE(other.get().ok());
  EXPECT_EQ(gate_.begun(),
            (Batches{"stopped0", "stopped1", "other0", "stopped2", "other1", "other2", "other3", "other4"}));
}

// The one stream is held by another caller's batch all the time.
TEST_F(BatchOrder, ACallerWhoseBatchesWaitHearsOfItsCancel) {
  BatchQueue queue(1);
  base::Cancel cancel;
  auto holder = call(&queue, "holder", 2, Urgency::bulk);
  auto waiting = call(&queue, "waiting", 3, Urgency::bulk, &cancel);
  cancel.request();
  EXPECT_EQ(waiting.get().code(), Code::cancelled);
  EXPECT_EQ(gate_.begun(), Batches{"holder0"});
  gate_.open();
  EXPECT_TRUE(holder.get().ok());
  EXPECT_EQ(gate_.begun().size(), 2U);
}

TEST_F(BatchOrder, AFailureReachesItsCallerOnly) {
  BatchQueue queue(1);
  failing_ = "bad1";
  auto bad = call(&queue, "bad", 9, Urgency::bulk);
  auto good = call(&queue, "good", 3, Urgency::bulk);
  gate_.open();
  EXPECT_EQ(bad.get().code(), Code::internal);
  EXPECT_TRUE(good.get().ok());
  EXPECT_EQ(gate_.begun(), (Batches{"bad0", "bad1", "good0", "good1", "good2"}));
}

TEST_F(BatchOrder, NoCallReturnsWhileABatchOfItRuns) {
  BatchQueue queue(2);
  failing_ = "call0";
  auto first = call(&queue, "call", 9, Urgency::bulk);
  gate_.wait_for(2);
  gate_.let(1);  // one of the two ends; whichever it is, the other is held
  EXPECT_EQ(first.wait_for(std::chrono::milliseconds(1)), std::future_status::timeout);
  gate_.open();
  EXPECT_EQ(first.get().code(), Code::internal);
}

TEST_F(BatchOrder, EachBatchOnceOnEveryStream) {
  BatchQueue queue(4);
  std::vector<std::atomic<int>> ran(500);
  std::vector<std::atomic<bool>> busy(4);
  EXPECT_TRUE(queue
                  .run(ran.size(), Urgency::bulk, {},
                       [&](size_t stream, size_t batch) {
                         EXPECT_FALSE(busy[stream].exchange(true));
                         ++ran[batch];
                         busy[stream] = false;
                         return Status();
                       })
                  .ok());
  for (const auto& count : ran) EXPECT_EQ(count, 1);
  EXPECT_TRUE(queue.run(0, Urgency::bulk, {}, {}).ok());
  EXPECT_EQ(queue.waiting(), 0U);
}

}  // namespace
}  // namespace tarn::encode
