// Rows as the other shells write them: list, ascii, quote, column, html, agent. See writer.h.
#pragma once

#include "rows/writer.h"

namespace tarn::rows {

// list: cells as they are, | between; ascii: the same between the control characters made for it; quote: SQL's
// literals.
class ListWriter final : public Writer {
 public:
  ListWriter(const Format& format, Sink sink);
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override { return true; }

 private:
  std::string separator_, row_end_, null_;
  bool header_, quotes_;
  Sink sink_;
  std::vector<duck::Column> columns_;
};

// As wide as the widest cell of the first chunk; what is wider later pushes its line out.
class ColumnWriter final : public Writer {
 public:
  ColumnWriter(const Format& format, Sink sink)
      : header_(format.header), null_(format.null_text.value_or("NULL")), sink_(std::move(sink)) {}
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override;

 private:
  std::string line(const std::vector<std::string>& cells) const;
  bool write_head();
  bool header_;
  std::string null_;
  Sink sink_;
  std::vector<duck::Column> columns_;
  std::vector<size_t> widths_;
  bool started_ = false;
};

class HtmlWriter final : public Writer {
 public:
  HtmlWriter(const Format& format, Sink sink)
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

// For a program that pays for what it reads: csv of at most kAgentRows rows, cells cut at kAgentCell bytes, and a last
// line that says what was left out.
inline constexpr size_t kAgentRows = 100;
inline constexpr size_t kAgentCell = 500;
class AgentWriter final : public Writer {
 public:
  AgentWriter(const Format& format, Sink sink);
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override { return true; }

 private:
  size_t limit_, rows_ = 0;
  Sink sink_;
  std::vector<duck::Column> columns_;
};

}  // namespace tarn::rows
