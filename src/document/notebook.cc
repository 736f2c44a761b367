// Jupyter notebooks (nbformat 3 and 4): text cells as they are, code in fences, what it gave below it.
// Shape:   an anchor for each cell, by its number from 1. Of a result its text stays; a table of HTML is a table;
//          pictures are counted in `extra.pictures`.
// Limits:  kMaxOutputBytes of a printed result, which says what was left out; kMaxShownBytes of a table or a text with
//          marks; kMaxBodyBytes.
// Errors:  invalid_argument where it is no JSON (with the line) or has no cells.
// Source:  nbformat's schemas, versions 3 and 4.
#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/data/json_tree.h"
#include "document/markdown/block_writer.h"
#include "document/placed_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using json::Value;

constexpr size_t kMaxOutputBytes = 8000, kMaxShownBytes = 64'000;

// A text is a string, or its lines.
std::string text_of(const Value& value) {
  if (value.is_string()) return value.as_string();
  std::string all;
  for (const Value& line : value.items()) all += line.as_string();
  return all;
}

std::string_view without_blank_lines(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    if (!base::trimmed(text.substr(0, end)).empty()) break;
  }
  return text;
}

// "%%bash": the cell is of another language than the notebook.
std::string magic_language(std::string_view code) {
  if (!code.starts_with("%%")) return {};
  const std::string word = base::lower(code.substr(2, std::min(code.find_first_of(" \n", 2), code.size()) - 2));
  for (const std::string_view known :
       {"bash", "sh", "sql", "html", "javascript", "latex", "perl", "ruby", "r", "svg", "markdown", "cython"}) {
    if (word == known) return word;
  }
  return word == "js" ? "javascript" : std::string();
}

class Notebook {
 public:
  Notebook(const Input& input, const Value& root) : input_(input), root_(root) {}

  Status read(Document* d) {
    const Value& about = root_["metadata"];
    language_ = base::lower(about["language_info"]["name"].string_or(about["kernelspec"]["language"].as_string()));
    if (language_.empty()) language_ = base::lower(about["language"].as_string());
    if (language_.find_first_of(" \n`") != std::string::npos) language_.clear();
    if (const auto* cells = root_.find("cells"); cells && cells->is_array()) {
      for (const Value& cell : cells->items()) one(cell);
    } else if (root_["worksheets"].is_array()) {
      for (const Value& sheet : root_["worksheets"].items()) {
        for (const Value& cell : sheet["cells"].items()) one(cell);
      }
    } else {
      return {Code::invalid_argument, "it is no notebook: it has no cells", "see whether the file is whole"};
    }
    if (out_.size() > kMaxBodyBytes) return over_body_limit();
    out_.take(d);
    d->title = title_line(about["title"].as_string());
    for (const Value& author : about["authors"].items()) {
      const std::string name = title_line(author["name"].string_or(author.as_string()));
      if (!name.empty()) d->author += (d->author.empty() ? "" : ", ") + name;
    }
    if (d->title.empty()) d->title = title_line(about["name"].as_string());
    if (const std::string heading = heading_of(d->body); !heading.empty() && about["title"].as_string().empty()) {
      d->title = heading;
    }
    d->extra.set("cells", number_);
    if (!language_.empty()) d->extra.set("language", language_);
    const std::string kernel = title_line(about["kernelspec"]["display_name"].as_string());
    if (!kernel.empty()) d->extra.set("kernel", kernel);
    d->extra.set("nbformat", root_["nbformat"].as_int());
    if (pictures_ > 0) d->extra.set("pictures", pictures_);
    if (errors_ > 0) d->extra.set("errors", errors_);
    if (cut_ > 0) d->extra.set("cut_outputs", cut_);
    return {};
  }

 private:
  void block(std::string_view text) {
    if (base::trimmed(text).empty() || out_.size() > kMaxBodyBytes) return;
    out_.gap();
    if (std::exchange(begins_, false)) out_.at(kCell, std::to_string(number_));
    out_.add(text);
    out_.add("\n");
  }

  void one(const Value& cell) {
    ++number_;
    begins_ = true;
    const std::string& type = cell["cell_type"].as_string();
    const std::string source = cleaned(text_of(cell.contains("source") ? cell["source"] : cell["input"]));
    const std::string_view text = without_blank_lines(source);
    if (type == "markdown") return block(text);
    if (type == "heading") {
      const auto level = static_cast<size_t>(std::clamp<int64_t>(cell["level"].as_int(1), 1, 6));
      return block(std::string(level, '#') + " " + title_line(text));
    }
    if (text.empty() && cell["outputs"].items().empty()) return;
    if (type != "code") {
      if (!text.empty()) block(fenced(text, ""));
      return;
    }
    std::string language = magic_language(text);
    if (language.empty() && cell["language"].is_string()) language = base::lower(cell["language"].as_string());
    if (language.empty() || language.find_first_of(" \n`") != std::string::npos) language = language_;
    if (!text.empty()) block(fenced(text, language));
    for (const Value& output : cell["outputs"].items()) result(output);
  }

  // Results hold what steers a terminal, and '\r' of progress bars, of which the last state counts.
  static std::string cleaned(const std::string& text) {
    Value ignored = Value::object();
    auto decoded = decode_text(text, "utf-8", &ignored);
    return decoded.ok() ? std::move(*decoded) : std::string();
  }

  void printed(const std::string& text) {
    std::string last;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = std::string_view(text).substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      last.append(line.substr(line.rfind('\r') + 1)).append("\n");
      at = end + 1;
    }
    const std::string clean = cleaned(last);
    std::string_view shown = without_blank_lines(clean);
    if (shown.empty()) return;
    if (shown.size() <= kMaxOutputBytes) return block(fenced(shown, ""));
    ++cut_;
    const size_t all = shown.size();
    shown = shown.substr(0, base::utf8_floor(shown, kMaxOutputBytes));
    if (const size_t line = shown.rfind('\n'); line != std::string_view::npos && line > kMaxOutputBytes / 2) {
      shown = shown.substr(0, line);
    }
    block(fenced(std::string(shown) + "\n… (" + std::to_string(all - shown.size()) + " more bytes of output)", ""));
  }

  void failed(const Value& output) {
    ++errors_;
    std::string text = text_of(output["ename"]) + ": " + text_of(output["evalue"]);
    std::string trace;
    for (const Value& line : output["traceback"].items()) trace += line.as_string() + "\n";
    printed(base::trimmed(trace).empty() ? text : trace);
  }

  void result(const Value& output) {
    const std::string& type = output["output_type"].as_string();
    if (type == "stream") return printed(text_of(output["text"]));
    if (type == "error" || type == "pyerr") return failed(output);
    const Value& data = output.contains("data") ? output["data"] : output;  // version 3 has it in the result itself
    const auto get = [&](const char* mime, const char* old) {
      return text_of(data.contains(mime) ? data[mime] : data[old]);
    };
    for (const auto& [key, value] : data.members()) {
      pictures_ += key.starts_with("image/") || key == "png" || key == "jpeg" || key == "svg";
    }
    const std::string html = get("text/html", "html");
    if (html.find("<table") != std::string::npos) {
      ExtractOptions whole;
      whole.whole_page = true;
      whole.charset = "utf-8";
      if (auto table = extract(html, kHtml, input_.name, whole); table.ok() && !base::trimmed(table->body).empty()) {
        std::string body = table->body;
        while (body.ends_with('\n')) body.pop_back();
        if (body.size() <= kMaxShownBytes) return block(body);
      }
    }
    if (const std::string markdown = cleaned(get("text/markdown", "markdown")); !base::trimmed(markdown).empty()) {
      return block(without_blank_lines(markdown.substr(0, base::utf8_floor(markdown, kMaxShownBytes))));
    }
    if (const std::string plain = get("text/plain", "text"); !plain.empty()) {
      // What a picture is called in memory: "<Figure size 640x480 with 1 Axes>".
      const bool name_only = plain.starts_with('<') && plain.ends_with('>') && plain.find('\n') == std::string::npos;
      if (!name_only) return printed(plain);
    }
    if (const std::string latex = get("text/latex", "latex"); !latex.empty()) printed(latex);
  }

  const Input& input_;
  const Value& root_;
  PlacedText out_;
  std::string language_;
  bool begins_ = false;
  int64_t number_ = 0, pictures_ = 0, errors_ = 0, cut_ = 0;
};

}  // namespace

Status read_notebook(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, "utf-8", &d.extra));
  auto root = json::parse(text);
  if (!root.ok()) {
    const data::JsonTree tree = data::parse_json(text);
    const std::string why =
        tree.fault.empty() ? root.status().message() : "line " + std::to_string(tree.fault_line) + ": " + tree.fault;
    return Status(Code::invalid_argument, "it is no notebook: " + why, "open and save it in Jupyter");
  }
  TARN_TRY(Notebook(input, *root).read(&d));
  return sink(std::move(d));
}

}  // namespace tarn::document
