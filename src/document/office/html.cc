#include "document/office/html.h"

#include <fmt/format.h>

#include "document/entities.h"
#include "document/html/dom.h"
#include "document/html/markdown.h"
#include "document/office/package.h"

namespace tarn::document::office {

std::string escaped(std::string_view text) { return escape_entities(clean(text)); }

void Inline::set(Marks marks) {
  if (marks == open_) return;
  if (open_.strike) out_ += "</s>";
  if (open_.emphasis) out_ += "</em>";
  if (open_.strong) out_ += "</strong>";
  if (marks.strong) out_ += "<strong>";
  if (marks.emphasis) out_ += "<em>";
  if (marks.strike) out_ += "<s>";
  open_ = marks;
}

void Inline::add(std::string_view text, Marks marks) {
  if (text.empty()) return;
  const bool is_space = text.find_first_not_of(" \t\n") == std::string_view::npos;
  if (!is_space) {
    set(marks);
    blank_ = false;
  }
  out_ += escaped(text);
}

void Inline::add_html(std::string_view html) {
  out_ += html;
  blank_ &= html.empty() || html == "<br>";
}

void Inline::add_label(std::string_view label) {
  set({});
  add_html(label);
}

void Inline::open_link(std::string_view target) {
  close_link();
  if (target.empty()) return;
  set({});
  out_ += "<a href=\"" + escaped(target) + "\">";
  link_ = true;
}

void Inline::close_link() {
  if (!link_) return;
  set({});
  out_ += "</a>";
  link_ = false;
}

std::string Inline::take() {
  close_link();
  set({});
  blank_ = true;
  return std::exchange(out_, {});
}

void Blocks::paragraph(std::string_view html) {
  close_lists();
  put(fmt::format("<p>{}</p>", html));
}

void Blocks::heading(int level, std::string_view html) {
  close_lists();
  put(fmt::format("<h{0}>{1}</h{0}>", level, html));
}

void Blocks::quote(std::string_view html) {
  close_lists();
  put(fmt::format("<blockquote>{}</blockquote>", html));
}

void Blocks::raw(std::string_view html) {
  close_lists();
  put(html);
}

void Blocks::item(int level, bool ordered, int64_t number, std::string_view html) {
  const auto close = [this] {
    out_ += lists_.back().ordered ? "</li></ol>" : "</li></ul>";
    lists_.pop_back();
  };
  if (full()) return;
  while (!lists_.empty() &&
         (lists_.back().level > level || (lists_.back().level == level && lists_.back().ordered != ordered))) {
    close();
  }
  if (!lists_.empty() && lists_.back().level == level) {
    out_ += "</li>";
  } else {
    out_ += ordered ? "<ol>" : "<ul>";
    lists_.push_back({level, ordered});
  }
  out_ += ordered ? fmt::format("<li value={}>{}", number, html) : fmt::format("<li>{}", html);
}

void Blocks::close_lists() {
  for (; !lists_.empty(); lists_.pop_back()) out_ += lists_.back().ordered ? "</li></ol>" : "</li></ul>";
}

std::string Blocks::take() {
  close_lists();
  return std::exchange(out_, {});
}

std::string introduced(std::string_view head, std::string_view html) {
  const bool plain = html.starts_with("<p>");
  return fmt::format("<p>{} {}{}", head, plain ? "" : "</p>", plain ? html.substr(3) : html);
}

std::string comment_html(std::string_view author, std::string_view about, std::string_view html) {
  std::string head = "Comment";
  if (!author.empty()) head += fmt::format(" ({})", author);
  if (!about.empty()) head += fmt::format(" on \"{}\"", about);
  return introduced(escaped(head) + ":", html);
}

base::Result<std::string> markdown_of(std::string_view html) {
  TARN_ASSIGN(dom::Page page, dom::Page::parse(html));
  dom::Node* body = page.body();
  if (!body) return std::string();
  return html_to_markdown(body);
}

}  // namespace tarn::document::office
