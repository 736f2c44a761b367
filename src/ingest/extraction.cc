#include "ingest/extraction.h"

#include <chrono>

#include "document/job.h"

namespace tarn::ingest {

Extract extract_in(worker::Pool& pool) {
  return [&pool](std::string_view bytes, std::string_view mime, std::string_view name,
                 const document::ExtractOptions& options,
                 const document::Sink& sink) { return document::read_in(pool, bytes, mime, name, options, sink); };
}

Extraction::Extraction(const Extract& extract, int threads, Ready ready) : extract_(extract), ready_(std::move(ready)) {
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Extraction::~Extraction() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Extraction::work() {
  for (;;) {
    std::shared_ptr<Slot> slot;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || !todo_.empty(); });
      if (stop_) return;
      slot = std::move(todo_.front());
      todo_.pop_front();
    }
    const connector::Item& item = slot->task.item;
    std::vector<document::Document> documents;
    const base::Status read = extract_(item.bytes, item.mime, item.name, item.options, [&](document::Document d) {
      documents.push_back(std::move(d));
      return base::Status();
    });
    auto result = std::make_unique<Documents>(read.ok() ? Documents(std::move(documents)) : Documents(read));
    {
      std::lock_guard lock(mutex_);
      slot->documents = std::move(result);
      slot->task.item.bytes = {};
    }
    changed_.notify_all();
  }
}

base::Status Extraction::put(Task task, const base::Context& context) {
  auto slot = std::make_shared<Slot>();
  slot->size_bytes = task.item.bytes.size();
  slot->task = std::move(task);
  while (!slots_.empty() && (slots_.size() >= kMaxWaiting || waiting_bytes_ + slot->size_bytes > kMaxWaitingBytes)) {
    TARN_TRY(hand_out(context));
  }
  waiting_bytes_ += slot->size_bytes;
  slots_.push_back(slot);
  {
    std::lock_guard lock(mutex_);
    todo_.push_back(std::move(slot));
  }
  changed_.notify_all();
  return {};
}

base::Status Extraction::hand_out(const base::Context& context) {
  std::shared_ptr<Slot> slot = slots_.front();
  {
    std::unique_lock lock(mutex_);
    while (!slot->documents) {
      TARN_TRY(context.check());
      changed_.wait_for(lock, std::chrono::milliseconds(50));
    }
  }
  TARN_TRY(context.check());
  slots_.pop_front();
  waiting_bytes_ -= slot->size_bytes;
  return ready_(std::move(slot->task), std::move(*slot->documents));
}

base::Status Extraction::finish(const base::Context& context) {
  while (!slots_.empty()) TARN_TRY(hand_out(context));
  return {};
}

}  // namespace tarn::ingest
