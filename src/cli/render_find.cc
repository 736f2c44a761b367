// search, ask, verify, fetch.
#include <algorithm>
#include <cstdio>

#include "cli/layout.h"
#include "cli/render.h"

namespace tarn::cli {
namespace {

using search::Hit;
using workspace::PinnedTable;

constexpr size_t kSnippetLines = 3;
constexpr size_t kLeastPath = 10;  // columns that headings have at least

std::string place(const document::Anchor& anchor) { return one_line(anchor.kind + " " + anchor.value); }

// The page, or another place that says more than a line, which nearly every text has.
std::string place_of(const Hit& hit) {
  if (hit.passage.page) return "page " + std::to_string(*hit.passage.page);
  return hit.passage.anchor && hit.passage.anchor->kind != "line" ? place(*hit.passage.anchor) : std::string();
}

std::string heading_path(const Hit& hit) {
  std::string path;
  for (const std::string& heading : hit.passage.heading) path += (path.empty() ? "" : " › ") + one_line(heading);
  return path;
}

std::string title_of(const Hit& hit) {
  return one_line(hit.title.empty() ? hit.uri.empty() ? hit.id : hit.uri : hit.title);
}

// A document's title often opens its heading path too; said once is enough.
std::string path_without_title(const Hit& hit) {
  std::string path = heading_path(hit);
  const std::string title = title_of(hit);
  if (path == title) return {};
  const std::string opening = title + " › ";
  return path.starts_with(opening) ? path.substr(opening.size()) : path;
}

// Headings and place on one line; the headings are cut first.
std::string where_in_document(const Hit& hit, size_t width) {
  const std::string path = path_without_title(hit), at = place_of(hit);
  if (path.empty() || at.empty()) return cut(path + at, width);
  const std::string end = ", " + cut(at, width > 2 * kLeastPath ? width - kLeastPath - 2 : kLeastPath);
  return cut(path, std::max(kLeastPath, width > width_of(end) ? width - width_of(end) : 0)) + end;
}

// Marks put into wrapped lines: a mark that runs over a line's end ends and begins again there.
std::string wrap_marked(const Snippet& made, size_t width, std::string_view indent, bool color) {
  const std::string plain = wrap(made.text, width, indent);
  if (!color || made.marks.empty()) return plain;
  std::string out;
  size_t at = 0, mark = 0;  // byte in made.text, next mark
  bool inside = false;
  for (size_t i = 0; i < plain.size();) {
    const bool line_start = i == 0 || plain[i - 1] == '\n';
    if (line_start && plain[i] != '\n') {
      out += indent;
      i += indent.size();
      while (at < made.text.size() && made.text[at] == ' ' && (i >= plain.size() || plain[i] != ' ')) ++at;
      if (i >= plain.size()) break;
    }
    if (mark < made.marks.size() && !inside && at >= made.marks[mark][0]) {
      inside = true;
      out += "\x1b[1m";
    }
    if (inside && at >= made.marks[mark][1]) {
      inside = false;
      ++mark;
      out += "\x1b[0m";
      continue;
    }
    if (plain[i] == '\n') {
      if (inside) out += "\x1b[0m";
      out += '\n';
      inside = false;
      ++i;
      continue;
    }
    out += plain[i++];
    ++at;
  }
  return out;
}

std::string number_text(double n) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", n);
  return text;
}

std::string tables_line(const std::vector<PinnedTable>& tables) {
  std::string made;
  for (const PinnedTable& table : tables) {
    made += (made.empty() ? "" : ", ") + one_line(table.table) + " version " + count_text(table.version);
  }
  return made;
}

std::string explain_lines(const Hit& hit, size_t width) {
  if (!hit.explain) return {};
  std::string legs;
  if (hit.scores.lexical) legs += "words " + number_text(*hit.scores.lexical) + "  ";
  if (hit.scores.semantic) legs += "meaning " + number_text(*hit.scores.semantic) + "  ";
  return wrap(legs, width, "     ") +
         wrap(printable(json::write_pretty(operation::Codec<search::Explanation>::write(*hit.explain))), width,
              "     ");
}

std::string hit_block(const Hit& hit, bool many_tables, const Page& page) {
  const Style style{page.color};
  const std::string rank = std::to_string(hit.rank);
  const std::string number = std::string(rank.size() < 3 ? 3 - rank.size() : 0, ' ') + rank + "  ";
  const std::string score = number_text(hit.score);
  const size_t room =
      page.width > number.size() + score.size() + 12 ? page.width - number.size() - score.size() - 2 : 20;
  const std::string title = cut(title_of(hit), room);
  std::string made =
      style.dim(number) + style.bold(title) + std::string(room - width_of(title) + 2, ' ') + style.dim(score) + "\n";
  const std::string where = where_in_document(hit, page.width - 5);
  if (!where.empty()) made += "     " + style.cyan(where) + "\n";
  if (hit.passage.columns) {
    made += "     " + style.dim(cut(one_line(plain_markdown(*hit.passage.columns)), page.width - 5)) + "\n";
  }
  const Snippet part = snippet(hit.passage.text, hit.passage.highlights, (page.width - 5) * kSnippetLines - 8);
  if (!part.text.empty()) made += wrap_marked(part, page.width, "     ", page.color);
  const std::string table = many_tables ? "  " + one_line(hit.table) : "";
  made += "     " + style.dim(one_line(hit.uri.empty() ? hit.id : hit.uri) + table) +  // whole: fetch takes it
          "\n";
  return made + explain_lines(hit, page.width);
}

}  // namespace

std::string render(const workspace::SearchReply& reply, Page& page) {
  std::string made;
  for (const Hit& hit : reply.hits) made += (made.empty() ? "" : "\n") + hit_block(hit, reply.tables.size() > 1, page);
  page.notes = reply.notes;
  const std::string how = duration_text(reply.took_ms) + ", " + reply.mode + ", " + tables_line(reply.tables);
  page.notes.push_back(reply.hits.empty()
                           ? "nothing found (" + how + ")"
                           : count_text(static_cast<int64_t>(reply.hits.size()), "document", "documents") + " (" + how +
                                 ")");
  return made;
}

std::string render(const workspace::AskReply& reply, Page& page) {
  const Style style{page.color};
  page.notes = reply.notes;
  std::string made;
  if (!reply.found) {
    made = "Nothing in the lake answers this.\n";
    if (reply.reason) page.notes.push_back(one_line(*reply.reason));
    page.notes.push_back(duration_text(reply.took_ms) + ", " + tables_line(reply.tables));
    return made;
  }
  made += wrap(printable(reply.answer), page.width, "");
  for (const answer::Part& part : reply.parts) {
    if (!part.found) {
      made += "\n" + wrap("Nothing in the lake answers “" + one_line(part.question) + "”.", page.width, "");
    }
  }
  const std::string said = plain_markdown(reply.answer);
  for (const answer::Citation& citation : reply.citations) {
    const std::string marker = "[" + std::to_string(citation.marker) + "] ";
    const std::string indent(marker.size(), ' ');
    made += "\n" + style.bold(marker) + style.bold(cut(title_of(citation), page.width - marker.size())) + "\n";
    const std::string where = where_in_document(citation, page.width - indent.size());
    if (!where.empty()) made += indent + style.cyan(where) + "\n";
    // The words themselves where the answer does not hold them as they are.
    const std::string quote = plain_markdown(citation.quote);
    if (said.find(quote) == std::string::npos) made += wrap("“" + quote + "”", page.width, indent);
    made += style.dim(wrap(one_line(citation.uri.empty() ? citation.id : citation.uri), page.width, indent));
    made += style.dim(indent + one_line(citation.table) + " version " + std::to_string(citation.version.value) +
                      (citation.anchor ? ", " + place(*citation.anchor) : "") + ", bytes " +
                      std::to_string(citation.span.start) + " to " + std::to_string(citation.span.end)) +
            "\n";
  }
  if (reply.reason) page.notes.push_back(one_line(*reply.reason));
  page.notes.push_back(count_text(static_cast<int64_t>(reply.citations.size()), "quote", "quotes") + " checked (" +
                       duration_text(reply.took_ms) + ", " + reply.mode + ", " + tables_line(reply.tables) + ")");
  if (reply.receipt) made += "\nreceipt: " + one_line(*reply.receipt) + "\n";
  return made;
}

std::string render(const workspace::VerifyReply& reply, Page& page) {
  const Style style{page.color};
  std::string made =
      style.bold(one_line(reply.question)) + "\n" + style.dim("answered " + one_line(reply.answered_at)) + "\n";
  for (const std::string& problem : reply.problems) {
    made += wrap(style.red("receipt: ") + one_line(problem), page.width, "");
  }
  for (const workspace::VerifiedQuote& quote : reply.quotes) {
    const bool stands = quote.then == "stands";
    const bool current = quote.now == "stands" || quote.now == "moved";
    const std::string marker = "[" + std::to_string(quote.marker) + "] ";
    const std::string indent(marker.size(), ' ');
    made += "\n" + style.bold(marker) + (stands ? style.green(quote.then) : style.red(quote.then)) + " at version " +
            std::to_string(quote.version) +
            "; newest version: " + (current ? style.green(quote.now) : style.yellow(quote.now)) + "\n";
    made += wrap("“" + plain_markdown(quote.quote) + "”", page.width, indent);
    const std::string where = one_line(quote.title.empty() ? quote.id : quote.title) + "  " + one_line(quote.uri) +
                              (quote.anchor ? ", " + place(*quote.anchor) : "");
    made += style.dim(wrap(where, page.width, indent));
    if (quote.note) made += wrap(one_line(*quote.note), page.width, indent);
  }
  made += "\n" +
          std::string(!reply.ok       ? style.red("NOT VERIFIED") + ": see above"
                      : reply.current ? style.green("verified") + ": every quote stands, then and now"
                                      : style.green("verified") +
                                            ": every quote stands at its version; not all still stand in the newest") +
          "\n";
  return made;
}

std::string render(const workspace::FetchReply& reply, Page& page) {
  page.notes.push_back(one_line(reply.title) + "  " + one_line(reply.url));
  std::string made = page.color ? printable(reply.text) : reply.text;
  if (made.empty() || made.back() != '\n') made += '\n';
  return made;
}

}  // namespace tarn::cli
