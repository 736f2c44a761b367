#include "document/office/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "document/office/formula.h"
#include "document/office/tables.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxLevel = 8;
constexpr size_t kMaxPoints = 10'000, kMaxSeries = 200;

bool on(std::string_view value) { return value == "1" || value == "true"; }

// The points of a chart's series, by their index.
std::vector<std::string> points(xml_node data) {
  std::vector<std::string> all;
  data.find_node([&](xml_node n) {
    if (!is(n, "pt")) return false;
    const int64_t at = number<int64_t>(value(n, "idx"), -1);
    if (at < 0 || at >= static_cast<int64_t>(kMaxPoints)) return false;
    all.resize(std::max(all.size(), static_cast<size_t>(at) + 1));
    all[static_cast<size_t>(at)] = text_of(child(n, "v"));
    return false;
  });
  return all;
}

}  // namespace

std::string drawing_line(xml_node paragraph, const std::map<std::string, Relation>& links) {
  Inline line;
  for (const xml_node n : paragraph.children()) {
    const std::string_view name = local(n);
    if (name == "r" || name == "fld") {
      const xml_node properties = child(n, "rPr");
      const auto found = links.find(std::string(value(child(properties, "hlinkClick"), "id")));
      const bool link = found != links.end() && found->second.external;
      if (name == "fld" && value(n, "type") == "slidenum") continue;
      if (link) line.open_link(found->second.target);
      line.add(text_of(child(n, "t")), {on(value(properties, "b")), on(value(properties, "i")), false});
      if (link) line.close_link();
    } else if (name == "br") {
      line.add_html("<br>");
    } else if (name == "AlternateContent" || name == "m" || name == "oMath") {
      const xml_node math = is(n, "oMath") ? n : below(n, "oMath");
      if (math) line.add(formula_line(math), {});
    }
  }
  return line.is_blank() ? std::string() : line.take();
}

void drawing_text(xml_node body, bool bullets, const std::map<std::string, Relation>& links, Blocks* out) {
  int64_t count = 0;
  for (const xml_node p : body.children()) {
    if (!is(p, "p")) continue;
    const std::string html = drawing_line(p, links);
    if (html.empty()) continue;
    const xml_node properties = child(p, "pPr");
    const bool numbered = !child(properties, "buAutoNum").empty();
    const bool item = numbered || child(properties, "buChar") || child(properties, "buBlip") ||
                      (bullets && !child(properties, "buNone"));
    const auto level =
        static_cast<int>(std::clamp<int64_t>(number<int64_t>(value(properties, "lvl"), 0), 0, kMaxLevel));
    count = numbered && level == 0 ? count + 1 : level == 0 ? 0 : count;
    if (item) {
      out->item(level, numbered && level == 0, count, html);
    } else {
      out->paragraph(html);
    }
  }
}

std::string drawing_table(xml_node table, const std::map<std::string, Relation>& links) {
  std::string html = "<table>";
  for (const xml_node row : table.children()) {
    if (!is(row, "tr")) continue;
    html += "<tr>";
    for (const xml_node cell : row.children()) {
      if (!is(cell, "tc") || on(value(cell, "hMerge")) || on(value(cell, "vMerge"))) continue;
      const int64_t wide = std::clamp<int64_t>(number<int64_t>(value(cell, "gridSpan"), 1), 1, kMaxSpan),
                    tall = std::clamp<int64_t>(number<int64_t>(value(cell, "rowSpan"), 1), 1, kMaxSpan);
      html += "<td";
      if (wide > 1) html += fmt::format(" colspan={}", wide);
      if (tall > 1) html += fmt::format(" rowspan={}", tall);
      Blocks inner;
      drawing_text(child(cell, "txBody"), false, links, &inner);
      html += ">" + inner.take() + "</td>";
    }
    html += "</tr>";
  }
  return html + "</table>";
}

std::string chart_html(xml_node chart) {
  std::string html;
  if (const xml_node title = child(below(chart, "chart"), "title")) {
    Blocks words;
    drawing_text(below(title, "rich"), false, {}, &words);
    html += words.take();
  }
  std::vector<std::string> names, categories;
  std::vector<std::vector<std::string>> series;
  chart.find_node([&](xml_node n) {
    if (!is(n, "ser") || series.size() == kMaxSeries) return false;
    const std::vector<std::string> name = points(child(n, "tx"));
    names.push_back(name.empty() ? text_of(child(child(n, "tx"), "v")) : name[0]);
    const xml_node across = child(n, "cat") ? child(n, "cat") : child(n, "xVal");
    std::vector<std::string> own = points(across);
    if (own.size() > categories.size()) categories = std::move(own);
    series.push_back(points(child(n, "val") ? child(n, "val") : child(n, "yVal")));
    return false;
  });
  size_t rows = categories.size();
  for (const auto& values : series) rows = std::max(rows, values.size());
  if (rows == 0) return html;
  html += "<table><tr><th></th>";
  for (const std::string& name : names) html += "<th>" + escaped(name) + "</th>";
  html += "</tr>";
  for (size_t r = 0; r < rows; ++r) {
    html += "<tr><td>" + (r < categories.size() ? escaped(categories[r]) : std::string()) + "</td>";
    for (const auto& values : series) {
      html += "<td>" + (r < values.size() ? escaped(values[r]) : std::string()) + "</td>";
    }
    html += "</tr>";
  }
  return html + "</table>";
}

}  // namespace tarn::document::office
