// Rows as lines of text: csv, markdown, line. See writer.h.
#pragma once

#include "rows/writer.h"

namespace tarn::rows {

class CsvWriter final : public Writer {
 public:
  CsvWriter(const Format& format, Sink sink)
      : header_(format.header),
        null_(format.null_text.value_or("")),
        separator_(format.separator.empty() ? "," : format.separator),
        sink_(std::move(sink)) {}
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override { return true; }
  void add(std::string_view value, std::string* out) const;  // quoted where it must be

 private:
  bool header_;
  std::string null_, separator_;
  Sink sink_;
  std::vector<duck::Column> columns_;
};

class MarkdownWriter final : public Writer {
 public:
  MarkdownWriter(const Format& format, Sink sink)
      : header_(format.header), null_(format.null_text.value_or("NULL")), sink_(std::move(sink)) {}
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override { return true; }

 private:
  bool header_;
  std::string null_;
  Sink sink_;
  std::vector<duck::Column> columns_;
};

class LineWriter final : public Writer {
 public:
  LineWriter(const Format& format, Sink sink) : null_(format.null_text.value_or("NULL")), sink_(std::move(sink)) {}
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override { return true; }

 private:
  std::string null_;
  Sink sink_;
  std::vector<duck::Column> columns_;
  size_t name_width_ = 0;
  bool any_ = false;
};

// Numbers stand right in their columns.
bool is_number(const duck::Column& column);

}  // namespace tarn::rows
