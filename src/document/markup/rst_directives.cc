// What begins with ".. " in reStructuredText: directives, notes, footnotes.
#include <algorithm>

#include "base/ascii.h"
#include "document/markup/rst.h"
#include "document/read.h"

namespace tarn::document::markup {
namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "name::" at the start of explicit markup: its size with the colons; 0 where it is none.
size_t directive_name(std::string_view text) {
  size_t at = 0;
  while (at < text.size() &&
         (base::is_alnum(text[at]) || text[at] == '-' || text[at] == '_' || text[at] == '.' || text[at] == '+' ||
          (text[at] == ':' && at + 1 < text.size() && base::is_alnum(text[at + 1])))) {
    ++at;
  }
  if (at > 0 && at < text.size() && text[at] == ' ') ++at;  // ".. note ::"
  if (at == 0 || !text.substr(at).starts_with("::") || (at + 2 < text.size() && text[at + 2] != ' ')) return 0;
  return at + 2;
}

// What is described: a list item that begins with its signature.
constexpr std::string_view kDescriptions[] = {
    "function",  "class",           "method",      "attribute",      "data",        "exception",    "option",
    "cmdoption", "envvar",          "describe",    "object",         "macro",       "type",         "struct",
    "union",     "member",          "var",         "enum",           "enumerator",  "staticmethod", "classmethod",
    "decorator", "decoratormethod", "property",    "opcode",         "pdbcommand",  "program",      "confval",
    "setting",   "django-admin",    "templatetag", "templatefilter", "fieldlookup", "audit-event",  "monitoring-event",
    "2to3fixer", "concept",         "alias",       "expr",           "directive",   "variable",     "command",
    "constant",  "interface"};

bool is_description(std::string_view name) {
  return std::find(std::begin(kDescriptions), std::end(kDescriptions), name) != std::end(kDescriptions);
}

// The arguments and the content together: a note may begin on the first line.
Lines all_lines(const Directive& d) {
  Lines all = d.arguments;
  if (!all.empty() && !d.content.empty()) all.push_back({{}, d.content[0].number});
  all.insert(all.end(), d.content.begin(), d.content.end());
  return all;
}

}  // namespace

std::string Directive::get(std::string_view option) const {
  for (const auto& [key, value] : options) {
    if (key == option) return value;
  }
  return {};
}

size_t Rst::explicit_markup(const Lines& lines, size_t i) {
  const std::string_view line = lines[i].text;
  if (line.starts_with("__")) return i + 1;
  const std::string_view first = line.size() > 3 ? base::trimmed(line.substr(3)) : std::string_view();
  size_t end = i + 1;
  if (!(first.empty() && i + 1 < lines.size() && lines[i + 1].blank())) end = item_end(lines, i, 1);
  const Lines body = slice(lines, i + 1, end);
  if (first.starts_with('_')) return end;
  if (first.starts_with('[')) {
    const size_t close = first.find(']');
    if (close != std::string_view::npos && (close + 1 == first.size() || first[close + 1] == ' ')) {
      std::string_view label = first.substr(1, close - 1);
      if (label.size() > 1 && label[0] == '#') label.remove_prefix(1);
      Lines note = dedented(body);
      if (close + 2 < first.size()) note.insert(note.begin(), Line{first.substr(close + 2), lines[i].number});
      blocks_.open_item("- ", false, true);
      led("[" + std::string(label) + "]", note, lines[i].number);
      blocks_.close();
      return end;
    }
  }
  if (first.starts_with('|')) return end;
  const size_t size = directive_name(first);
  if (size == 0) return end;  // a comment
  Directive directive;
  directive.line = lines[i].number;
  std::string name(base::trimmed(first.substr(0, size - 2)));
  directive.domain = name.find(':') != std::string::npos;
  directive.name = base::lower(name.substr(directive.domain ? name.rfind(':') + 1 : 0));
  if (first.size() > size) directive.arguments.push_back({base::trimmed(first.substr(size)), lines[i].number});
  const Lines rest = dedented(body);
  const bool text_first = !body.empty() && body[0].blank();
  size_t k = 0;
  if (!text_first) {
    for (; k < rest.size() && !rest[k].blank() && (field(rest[k].text) == 0); ++k) {
      directive.arguments.push_back(rest[k]);
    }
    for (; k < rest.size() && !rest[k].blank(); ++k) {
      if (const size_t value = field(rest[k].text)) {
        directive.options.emplace_back(rest[k].text.substr(1, rest[k].text.find(':', 1) - 1),
                                       rest[k].text.substr(value));
      } else if (!directive.options.empty()) {
        directive.options.back().second += " " + std::string(base::trimmed(rest[k].text));
      }
    }
  }
  directive.content = dedented(slice(rest, k, rest.size()));
  run(directive);
  return end;
}

void Rst::note(const std::string& name, const Lines& lines, uint32_t line) {
  settle(line);
  blocks_.open_quote();
  blocks_.strong(name, line);
  blocks(lines, false);
  blocks_.close();
}

void Rst::code(const Directive& d, std::string_view language) {
  settle(d.line);
  const std::string caption = d.get("caption");
  if (!caption.empty()) paragraph(caption, d.line);
  if (!d.content.empty()) blocks_.code(joined(d.content), language, d.content[0].number);
}

void Rst::since_version(const Directive& d) {
  const std::string& name = d.name;
  const std::string argument = d.argument();
  std::string_view rest = argument;
  const auto word = [&] {
    const size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    const std::string found(rest.substr(0, end));
    rest = base::trimmed(rest.substr(end));
    return found;
  };
  std::string lead = name == "versionadded"     ? "Added in version "
                     : name == "versionchanged" ? "Changed in version "
                     : name == "versionremoved" ? "Removed in version "
                                                : "Deprecated since version ";
  lead += word();
  if (name == "deprecated-removed") lead += ", removed in version " + word();
  settle(d.line);
  lead_ = lead + ":";
  if (!rest.empty()) paragraph(rest, d.line);
  blocks(d.content, false);
  settle(d.line);
}

void Rst::toctree(const Directive& d) {
  settle(d.line);
  bool first = true;
  if (const std::string caption = d.get("caption"); !caption.empty()) blocks_.strong(caption, d.line);
  for (const Line& line : d.content) {
    if (line.blank()) continue;
    blocks_.open_item("- ", true, first);
    first = false;
    const size_t open = line.text.rfind(" <");
    InlineText words;
    words.add_text(open != std::string_view::npos ? line.text.substr(0, open) : line.text);
    blocks_.write(words.take(), line.number);
    blocks_.close();
  }
}

void Rst::description(const Directive& d) {
  settle(d.line);
  blocks_.open_item("- ", false, true);
  std::string all;
  for (const Line& line : d.arguments) {
    InlineText words;
    words.open_code();
    words.add_text(line.text);
    words.close_code();
    all += (all.empty() ? "" : "  \n") + words.take();
  }
  blocks_.write(all, d.line);
  blocks(d.content, false);
  blocks_.close();
}

void Rst::run(const Directive& d) {
  const std::string& name = d.name;
  const std::string argument = d.argument();
  if (one_of(name, {"code-block", "code", "sourcecode"})) return code(d, argument.empty() ? language_ : argument);
  if (one_of(name, {"parsed-literal", "doctest", "testcode", "testoutput", "testsetup", "ipython", "prompt", "console",
                    "productionlist", "graphviz", "digraph", "graph", "uml", "mermaid", "plantuml", "runblock"})) {
    Directive whole = d;
    if (name == "parsed-literal" || name == "productionlist") whole.content = all_lines(d);
    return code(whole, one_of(name, {"doctest", "testcode", "testsetup", "ipython"}) ? "python" : "");
  }
  if (name == "math") {
    const Lines lines = all_lines(d);
    settle(d.line);
    return blocks_.code(joined(lines), "math", d.line + 1);
  }
  if (name == "highlight" || name == "default-role" || name == "role") {
    if (name == "highlight") language_ = argument == "none" ? "" : argument;
    return;
  }
  if (one_of(name,
             {"note", "warning", "tip", "important", "caution", "danger", "hint", "attention", "error", "todo"})) {
    std::string title = name;
    title[0] = base::upper(title[0]);
    return note(title, all_lines(d), d.line);
  }
  if (name == "seealso") return note("See also", all_lines(d), d.line);
  if (one_of(name, {"admonition", "topic", "sidebar"})) return note(argument, d.content, d.line);
  if (one_of(name, {"versionadded", "versionchanged", "deprecated", "deprecated-removed", "versionremoved"})) {
    return since_version(d);
  }
  if (one_of(name, {"image", "figure"})) {
    const std::string alt = d.get("alt");
    settle(d.line);
    InlineText words;
    words.add_image(alt.empty() && d.content.empty() ? argument : alt, argument);
    blocks_.write(words.take(), d.line);
    return blocks(d.content, false);
  }
  if (one_of(name, {"table", "csv-table", "list-table", "flat-table"})) return table_directive(d);
  if (one_of(name, {"include", "literalinclude"})) {
    includes_.push(argument);
    const std::string caption = d.get("caption");
    if (!caption.empty()) paragraph(caption, d.line);
    return;
  }
  if (name.starts_with("auto") && name.size() > 6) {
    generated_.push(argument);
    return blocks(d.content, false);
  }
  if (name == "raw") {
    ++left_out_;
    return;
  }
  if (one_of(name, {"index", "contents", "sectnum", "meta", "sectionauthor", "codeauthor", "currentmodule",
                    "tabularcolumns", "unicode", "replace", "target-notes", "header", "footer",
                    "restructuredtext-test-directive", "ifconfig"})) {
    if (name == "ifconfig") blocks(d.content, false);
    return;
  }
  if (name == "moduleauthor") {
    d_->author += (d_->author.empty() ? "" : ", ") + title_line(argument);
    return;
  }
  if (name == "title") {
    d_->title = title_line(argument);
    return;
  }
  if (name == "module") {
    const std::string synopsis = d.get("synopsis");
    if (!synopsis.empty()) paragraph(synopsis, d.line);
    return blocks(d.content, false);
  }
  if (name == "toctree") return toctree(d);
  if (one_of(name, {"rubric", "centered"})) {
    settle(d.line);
    return blocks_.strong(argument, d.line);
  }
  // A class of Python is described; one of styles says nothing.
  if (name == "class" && (d.domain || argument.find_first_of("(.") != std::string::npos ||
                          (!argument.empty() && base::is_upper(argument[0])))) {
    return description(d);
  }
  if (one_of(name, {"container", "class", "rst-class", "cssclass", "only", "hlist", "tabs", "grid", "div"})) {
    return blocks(d.content, false);
  }
  if (one_of(name,
             {"compound", "epigraph", "highlights", "pull-quote", "glossary", "impl-detail", "line-block", "tab"})) {
    return blocks(all_lines(d), false);
  }
  if (!d.arguments.empty() && is_description(name)) return description(d);
  // What nobody here knows: its words are text.
  blocks(all_lines(d), false);
}

}  // namespace tarn::document::markup
