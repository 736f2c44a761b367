// Rows as JSON objects: see writer.h.
#pragma once

#include "rows/writer.h"

namespace tarn::rows {

class JsonWriter final : public Writer {
 public:
  JsonWriter(bool lines, Sink sink) : lines_(lines), sink_(std::move(sink)) {}
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override;

 private:
  bool lines_;
  Sink sink_;
  std::vector<std::string> keys_;  // quoted, with their colon
  bool any_ = false;
};

}  // namespace tarn::rows
