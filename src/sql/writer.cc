#include "sql/writer.h"

#include <array>

#include "sql/json_writer.h"
#include "sql/table_writer.h"
#include "sql/text_writer.h"

namespace tarn::sql {

base::Result<std::unique_ptr<Writer>> make_writer(const Format& format, Sink sink) {
  const std::string& name = format.name;
  if (name == "table" || name == "box")
    return std::unique_ptr<Writer>(std::make_unique<TableWriter>(format, std::move(sink)));
  if (name == "json" || name == "jsonl")
    return std::unique_ptr<Writer>(std::make_unique<JsonWriter>(name == "jsonl", std::move(sink)));
  if (name == "csv") {
    if (format.separator.empty() || format.separator.find_first_of("\"\r\n") != std::string::npos) {
      return base::Status(base::Code::invalid_argument,
                          "a separator of csv is at least one character, without quotes and line breaks");
    }
    return std::unique_ptr<Writer>(std::make_unique<CsvWriter>(format, std::move(sink)));
  }
  if (name == "markdown") return std::unique_ptr<Writer>(std::make_unique<MarkdownWriter>(format, std::move(sink)));
  if (name == "line") return std::unique_ptr<Writer>(std::make_unique<LineWriter>(format, std::move(sink)));
  return base::Status(base::Code::invalid_argument, "there is no output format '" + name + "'",
                      "the formats are table, box, csv, json, jsonl, markdown and line");
}

}  // namespace tarn::sql
