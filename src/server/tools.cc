#include "server/tools.h"

#include <algorithm>
#include <array>

#include "workspace/document_reference.h"
#include "workspace/operations.h"

namespace tarn::server {

// The reply of the tool `search`.
struct FoundDocument {
  std::string id, title, url, text;
  std::vector<std::string> heading;
  double score = 0;
  std::string table;
};
struct FoundDocuments {
  std::vector<FoundDocument> results;
  std::string mode;
  std::vector<workspace::PinnedTable> tables;
  std::vector<std::string> notes;
};

}  // namespace tarn::server

namespace tarn::operation {

template <>
struct Describe<server::FoundDocument> {
  static auto fields() {
    using D = server::FoundDocument;
    return std::tuple{
        field("id", &D::id, "give this to fetch for the whole document"),
        field("title", &D::title, "the document's title"),
        field("url", &D::url, "where the document is"),
        field("text", &D::text, "the passage that matched best"),
        field("heading", &D::heading, "the passage's path of headings, outermost first"),
        field("score", &D::score, "what the ranking is by"),
        field("table", &D::table, "the table it is in"),
    };
  }
};
template <>
struct Describe<server::FoundDocuments> {
  static auto fields() {
    using D = server::FoundDocuments;
    return std::tuple{
        field("results", &D::results, "best first"),
        field("mode", &D::mode, "how it was searched: lexical, semantic or hybrid"),
        field("tables", &D::tables, "what was searched, at which version"),
        field("notes", &D::notes, "what limits this reply").omit_empty(),
    };
  }
};

}  // namespace tarn::operation

namespace tarn::server {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

constexpr std::array kFirst = {"search", "fetch", "ask", "sql", "list_tables", "describe_table"};

FoundDocuments found_documents(const workspace::SearchReply& found) {
  FoundDocuments made;
  made.mode = found.mode;
  made.tables = found.tables;
  made.notes = found.notes;
  for (const search::Hit& hit : found.hits) {
    FoundDocument document;
    document.id = workspace::document_reference(hit.table, hit.id);
    document.title = hit.title.empty() ? hit.uri : hit.title;
    document.url = hit.uri;
    document.text = hit.passage.text;
    document.heading = hit.passage.heading;
    document.score = hit.score;
    document.table = hit.table;
    made.results.push_back(std::move(document));
  }
  return made;
}

Status too_long() {
  return {Code::exhausted, "the reply is over the limit of " + std::to_string(kMaxReplyBytes) + " bytes",
          "ask for fewer or shorter rows"};
}

// The items of a reply that come one by one: no more of them are kept than a reply may have.
class Items {
 public:
  bool take(const Result<operation::Answer>& item) {
    if (!item.ok()) return true;
    Value value = item->json();
    bytes_ += json::write(value).size();
    if (over()) return false;
    list_.push(std::move(value));
    return true;
  }
  bool over() const { return bytes_ > kMaxReplyBytes; }
  Value& list() { return list_; }

 private:
  size_t bytes_ = 0;
  Value list_ = Value::array();
};

Tool make_tool(const operation::Bound& bound) {
  const operation::Operation& o = bound.operation;
  const bool search = o.name == "search";
  Tool tool;
  tool.name = o.tool_name();
  tool.description = Value::object(
      {{"name", tool.name},
       {"description", o.tool_help.empty() ? o.doc : o.tool_help},
       {"inputSchema", o.request_schema()},
       {"outputSchema",
        search ? operation::schema(operation::shape_of<FoundDocuments>(), operation::Side::reply) : o.reply_schema()},
       {"annotations", Value::object({{"readOnlyHint", o.read_only},
                                      {"destructiveHint", o.destructive},
                                      {"idempotentHint", o.read_only},
                                      {"openWorldHint", false}})}});
  tool.call = [bound](const Value& arguments, const base::Context& context) -> Result<Value> {
    Items items;
    TARN_ASSIGN(
        const operation::Answer answer,
        bound.call(arguments, context, [&](const Result<operation::Answer>& item) { return items.take(item); }));
    if (items.over()) return too_long();
    if (const auto* found = answer.as<workspace::SearchReply>()) return operation::encode(found_documents(*found));
    Value reply = answer.json();
    if (!items.list().items().empty()) reply.set(bound.operation.list, std::move(items.list()));
    return reply;
  };
  return tool;
}

size_t place(const std::string& name) {
  return static_cast<size_t>(std::find(kFirst.begin(), kFirst.end(), name) - kFirst.begin());
}

Value text_result(std::string text) {
  return Value::object({{"content", Value::array({Value::object({{"type", "text"}, {"text", std::move(text)}})})}});
}

}  // namespace

std::vector<Tool> make_tools(const std::vector<operation::Bound>& operations) {
  std::vector<Tool> tools;
  for (const operation::Bound& bound : operations) {
    if (bound.operation.faces.has(operation::Face::model)) tools.push_back(make_tool(bound));
  }
  std::sort(tools.begin(), tools.end(), [](const Tool& a, const Tool& b) {
    return std::pair(place(a.name), a.name) < std::pair(place(b.name), b.name);
  });
  return tools;
}

Value call_result(const Result<Value>& reply) {
  if (reply.ok()) {
    std::string text = json::write(*reply);
    if (text.size() > kMaxReplyBytes) {
      return call_result(too_long());
    }
    Value result = text_result(std::move(text));
    result.set("structuredContent", *reply);
    return result.set("isError", false);
  }
  const Status status = reply.status();
  Value result = text_result(json::write(Value::object(
      {{"code", base::code_name(status.code())}, {"message", status.message()}, {"hint", status.hint()}})));
  return result.set("isError", true);
}

}  // namespace tarn::server
