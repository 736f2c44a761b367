#include "ingest/extraction.h"

#include "document/job.h"

namespace tarn::ingest {

Extract extract_in(worker::Pool& pool) {
  return [&pool](std::string_view bytes, std::string_view mime, std::string_view name,
                 const document::ExtractOptions& options,
                 const document::Sink& sink) { return document::read_in(pool, bytes, mime, name, options, sink); };
}

std::unique_ptr<Extraction> extraction(const Extract& extract, Keep keep, size_t threads, Extraction::Ready ready) {
  const auto work = [&extract, keep = std::move(keep)](Task& task) -> Documents {
    connector::Item& item = task.item;
    std::vector<document::Document> documents;
    const base::Status read = extract(item.bytes, item.mime, item.name, item.options, [&](document::Document d) {
      documents.push_back(std::move(d));
      return base::Status();
    });
    if (read.ok() && keep) {
      item.size_bytes = item.bytes.size();
      task.original = keep(item.bytes);
    }
    item.bytes = {};
    if (!read.ok()) return read;
    return documents;
  };
  return std::make_unique<Extraction>(
      Extraction::Limits{.threads = threads, .ahead = kMaxWaiting, .bytes = kMaxWaitingBytes}, work,
      Extraction::Size{.of_task = [](const Task& task) { return task.item.bytes.size(); }}, std::move(ready));
}

}  // namespace tarn::ingest
