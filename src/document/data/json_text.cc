// JSON and JSON lines as fields: a line "server.port: 8080" for each value, a paragraph for each object.
// Shape:   a value stands beside the names of all that holds it; in a list of objects, and in JSON lines, each
//          object is a record of its own, under its number in the list where the list has a name. A list of plain
//          values is one field. What is no JSON stays text, and `extra.problem` names the line.
// Limits:  kMaxDataBytes of text; of a list of numbers kMaxNumbers, of a word without blanks kMaxWord bytes: what is
//          left out is told beside it.
#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/cut.h"
#include "document/data/cells.h"
#include "document/data/data.h"
#include "document/data/json_tree.h"
#include "document/markdown/block_writer.h"
#include "document/placed_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;
using data::JsonNode;
using data::JsonTree;
using json::Value;
using Kind = JsonNode::Kind;

constexpr size_t kMaxNumbers = 100, kMaxWord = 2000, kShownWord = 100, kMaxListBytes = 300, kMaxPathBytes = 300;

class Fields {
 public:
  explicit Fields(PlacedText* out) : out_(out) {}
  // Values without a name above them.
  void write(const JsonTree& tree) {
    for (size_t i = 0; i < tree.nodes.size() && !full(); i = tree.nodes[i].next) node(tree, i, "");
    paragraph();
  }
  bool full() const { return out_->size() > data::kMaxDataBytes; }
  uint64_t last_line() const { return line_; }

 private:
  // What comes next is no part of the record before it.
  void paragraph() { fresh_ = true; }

  void put(uint64_t line, const std::string& text) {
    line_ = line;
    if (std::exchange(fresh_, false)) out_->gap();
    out_->at_line(line);
    out_->add(text + "\n");
  }

  static std::string joined(const std::string& path, std::string_view name) {
    if (name.empty()) return path;
    std::string out = path.empty() || name.front() == '[' ? path + std::string(name) : path + "." + std::string(name);
    if (out.size() > kMaxPathBytes) out.resize(base::utf8_floor(out, kMaxPathBytes));
    return out;
  }

  static std::string words_of(const JsonNode& n) {
    if (n.kind == Kind::array) return "[]";
    if (n.kind == Kind::object) return "{}";
    if (n.kind != Kind::string) return std::string(n.text);
    std::string words = data::unescaped(n.text);
    if (words.empty()) return "\"\"";
    if (words.size() > kMaxWord && words.find_first_of(" \n") == std::string::npos) {
      const size_t size = words.size();
      words.resize(base::utf8_floor(words, kShownWord));
      words += "… (" + std::to_string(size) + " characters without a blank)";
    }
    return words;
  }

  void scalar(const JsonNode& n, const std::string& path) {
    const std::string words = words_of(n);
    if (base::trimmed(words).find('\n') == std::string_view::npos) {
      return put(n.line, data::field_of(path, words));
    }
    // Its lines mean something.
    if (!path.empty()) put(n.line, data::field_of(path, ""));
    paragraph();
    // All of them stand on one line of the source.
    const std::string code = fenced(words, "");
    for (size_t at = 0; at < code.size();) {
      const size_t end = std::min(code.find('\n', at), code.size());
      put(n.line, code.substr(at, end - at));
      at = end + 1;
    }
    paragraph();
  }

  // A list of plain values, on one line where it is short.
  void list(const JsonTree& tree, size_t at, const std::string& path) {
    const JsonNode& array = tree.nodes[at];
    size_t bytes = 0, count = 0, numbers = 0;
    for (size_t i = at + 1; i < array.next; ++i) {
      bytes += tree.nodes[i].text.size() + 2;
      ++count;
      numbers += tree.nodes[i].kind == Kind::scalar;
    }
    if (bytes <= kMaxListBytes || numbers == count) {
      std::string all;
      size_t shown = 0;
      for (size_t i = at + 1; i < array.next && shown < kMaxNumbers; ++i, ++shown) {
        all += (all.empty() ? "" : ", ") + words_of(tree.nodes[i]);
      }
      if (shown < count) all += ", … (" + std::to_string(count) + " values)";
      if (base::trimmed(all).find('\n') == std::string_view::npos) return put(array.line, data::field_of(path, all));
    }
    size_t number = 0;
    for (size_t i = at + 1; i < array.next && !full(); ++i) {
      scalar(tree.nodes[i], joined(path, "[" + std::to_string(number++) + "]"));
    }
  }

  void node(const JsonTree& tree, size_t at, const std::string& above) {
    const JsonNode& n = tree.nodes[at];
    const std::string path = joined(above, n.key.empty() ? std::string() : data::unescaped(n.key));
    if (n.kind == Kind::comment) return put(n.line, data::field_of("", n.text));
    if (n.kind == Kind::scalar || n.kind == Kind::string || n.next == at + 1) return scalar(n, path);
    if (n.kind == Kind::array &&
        std::all_of(tree.nodes.begin() + static_cast<ptrdiff_t>(at) + 1, tree.nodes.begin() + n.next,
                    [](const JsonNode& c) { return c.kind == Kind::scalar || c.kind == Kind::string; })) {
      return list(tree, at, path);
    }
    if (n.kind == Kind::object) paragraph();
    size_t number = 0;
    for (size_t i = at + 1; i < n.next && !full(); i = tree.nodes[i].next) {
      const bool counted = n.kind == Kind::array && !path.empty() && tree.nodes[i].kind != Kind::comment;
      node(tree, i, counted ? joined(path, "[" + std::to_string(number++) + "]") : path);
    }
    if (n.kind == Kind::object) paragraph();
  }

  PlacedText* out_;
  bool fresh_ = false;
  uint64_t line_ = 1;
};

uint64_t lines_of(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) + !text.ends_with('\n');
}

// The name that an object gives itself.
std::string title_of(const JsonTree& tree) {
  if (tree.nodes.empty() || tree.nodes[0].kind != Kind::object) return {};
  for (const std::string_view name : {"title", "name"}) {
    for (size_t i = 1; i < tree.nodes[0].next; i = tree.nodes[i].next) {
      if (tree.nodes[i].key == name && tree.nodes[i].kind == Kind::string) {
        return title_line(data::unescaped(tree.nodes[i].text));
      }
    }
  }
  return {};
}

}  // namespace

Status read_json(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  const JsonTree tree = data::parse_json(text);
  PlacedText out;
  if (!tree.fault.empty()) {
    d.extra.set("problem", "line " + std::to_string(tree.fault_line) + ": " + tree.fault);
    std::string_view code = text;
    if (code.size() > data::kMaxDataBytes) {
      code = code.substr(0, code.rfind('\n', data::kMaxDataBytes));
      code = code.substr(0, base::utf8_floor(code, data::kMaxDataBytes));
      tell_cut("lines", lines_of(code), lines_of(text), "kMaxDataBytes", &d);
    }
    while (code.ends_with('\n')) code.remove_suffix(1);
    out.add(fenced(code, "json") + "\n");
    out.take(&d);
    d.anchors = {{0, std::string(kLine), "0"}};  // the fence is no line of it
    return sink(std::move(d));
  }
  Fields fields(&out);
  fields.write(tree);
  if (fields.full()) {
    tell_cut("lines", fields.last_line(), lines_of(text), "kMaxDataBytes", &d);
  } else if (tree.cut_line > 0) {
    tell_cut("lines", tree.cut_line, lines_of(text), "kMaxTreeNodes", &d);
  }
  d.title = title_of(tree);
  out.take(&d);
  return sink(std::move(d));
}

Status read_json_lines(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  PlacedText out;
  Fields fields(&out);
  uint64_t line = 0, records = 0, taken = 0;
  Value problems = Value::array();
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view record = base::trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    ++line;
    if (record.empty()) continue;
    ++records;
    if (fields.full()) continue;
    ++taken;
    const JsonTree tree = data::parse_json(record, line);
    if (tree.fault.empty()) {
      fields.write(tree);
      continue;
    }
    if (problems.items().size() < data::kMaxProblems) {
      problems.push("line " + std::to_string(line) + ": " + tree.fault);
    }
    out.gap();
    out.at_line(line);
    out.add(data::field_of("", record) + "\n");
  }
  d.extra.set("records", records);
  if (taken < records) tell_cut("records", taken, records, "kMaxDataBytes", &d);
  if (!problems.items().empty()) d.extra.set("problems", std::move(problems));
  out.take(&d);
  return sink(std::move(d));
}

}  // namespace tarn::document
