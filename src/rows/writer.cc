#include "rows/writer.h"

#include <array>

#include "rows/json_writer.h"
#include "rows/plain_writer.h"
#include "rows/table_writer.h"
#include "rows/text_writer.h"

namespace tarn::rows {

base::Result<std::unique_ptr<Writer>> make_writer(const Format& given, Sink sink) {
  Format format = given;
  if (format.name == "duckbox") format.name = "table";
  const std::string& name = format.name;
  if (name == "table" || name == "box") {
    return std::unique_ptr<Writer>(std::make_unique<TableWriter>(format, std::move(sink)));
  }
  if (name == "json" || name == "jsonl" || name == "jsonlines") {
    return std::unique_ptr<Writer>(std::make_unique<JsonWriter>(name != "json", std::move(sink)));
  }
  if (name == "csv") {
    if (format.separator.find_first_of("\"\r\n") != std::string::npos) {
      return base::Status(base::Code::invalid_argument, "a separator of csv has no quotes and line breaks");
    }
    return std::unique_ptr<Writer>(std::make_unique<CsvWriter>(format, std::move(sink)));
  }
  if (name == "markdown") return std::unique_ptr<Writer>(std::make_unique<MarkdownWriter>(format, std::move(sink)));
  if (name == "line") return std::unique_ptr<Writer>(std::make_unique<LineWriter>(format, std::move(sink)));
  if (name == "list" || name == "ascii" || name == "quote") {
    return std::unique_ptr<Writer>(std::make_unique<ListWriter>(format, std::move(sink)));
  }
  if (name == "column") return std::unique_ptr<Writer>(std::make_unique<ColumnWriter>(format, std::move(sink)));
  if (name == "html") return std::unique_ptr<Writer>(std::make_unique<HtmlWriter>(format, std::move(sink)));
  if (name == "agent") return std::unique_ptr<Writer>(std::make_unique<AgentWriter>(format, std::move(sink)));
  return base::Status(base::Code::invalid_argument, "there is no output format '" + name + "'",
                      "the formats are table, box, csv, json, jsonl, markdown, line, list, quote, column, html, ascii "
                      "and agent");
}

}  // namespace tarn::rows
