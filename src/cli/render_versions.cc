// tag, vacuum, restore, diff, forget, link.
#include "cli/layout.h"
#include "cli/render.h"

namespace tarn::cli {
namespace {

constexpr size_t kShownFiles = 20;

std::string time_text(const std::string& time) {  // 2026-11-22T10:00:00.123Z → 2026-11-22 10:00:00
  if (time.size() < 19 || time[10] != 'T') return one_line(time);
  return time.substr(0, 10) + " " + time.substr(11, 8);
}

std::string value_text(const json::Value& value) {
  if (value.is_null()) return "null";
  if (!value.is_string()) return one_line(json::write(value));
  const std::string& text = value.as_string();
  return text.empty() || text == "null" || text == "[]" ? json::quote(text) : one_line(text);
}

// Words that went in [-brackets-], words that came in {+braces+}, so that it reads without colour too.
std::string passage_text(const workspace::DiffPassage& passage, const Style& style) {
  std::string text;
  for (const auto& part : passage.parts) {
    std::string words = one_line(part.text);
    if (words.empty()) continue;
    if (part.op == "-") words = style.red("[-" + words + "-]");
    if (part.op == "+") words = style.green("{+" + words + "+}");
    text += (text.empty() ? "" : " ") + words;
  }
  return text;
}

std::string sign_of(const workspace::DiffLine& line, const Style& style) {
  if (line.change == "added") return style.green("+");
  return line.change == "removed" ? style.red("-") : style.yellow("~");
}

std::string version_list(const std::vector<int64_t>& versions) {  // 1–3, 7
  std::string text;
  for (size_t i = 0; i < versions.size();) {
    size_t end = i;
    while (end + 1 < versions.size() && versions[end + 1] == versions[end] + 1) ++end;
    text += (text.empty() ? "" : ", ") + count_text(versions[i]);
    if (end > i) text += "–" + count_text(versions[end]);
    i = end + 1;
  }
  return text;
}

}  // namespace

std::string render(const workspace::DiffReply& reply, Page& page) {
  const Style style{page.color};
  std::string made = style.bold(one_line(reply.table)) + "  version " + count_text(reply.from.version) + " → " +
                     count_text(reply.to.version) + ": " + count_text(reply.added) + " added, " +
                     count_text(reply.removed) + " removed, " + count_text(reply.changed) + " changed\n";
  for (const std::string& column : reply.columns_added) made += style.green("+") + " column " + one_line(column) + "\n";
  for (const std::string& column : reply.columns_removed) made += style.red("-") + " column " + one_line(column) + "\n";
  for (const auto& row : reply.rows) {
    made += sign_of(row, style) + " " + style.bold(row.id ? one_line(*row.id) : "row") + "\n";
    for (const auto& cell : row.columns) {
      if (!cell.passages.empty()) {
        for (const auto& passage : cell.passages) {
          made += "    " + style.dim(one_line(cell.column) + ", line " + count_text(passage.line_after)) + "\n";
          made += wrap(passage_text(passage, style), page.width, "      ");
        }
        if (cell.truncated) made += "      …\n";
      } else if (row.change == "changed") {
        made += wrap(one_line(cell.column) + ": " + value_text(cell.before) + " → " + value_text(cell.after),
                     page.width, "    ");
      } else {
        const json::Value& value = row.change == "added" ? cell.after : cell.before;
        made += "    " + cut(one_line(cell.column) + ": " + value_text(value), page.width - 4) + "\n";
      }
    }
  }
  if (reply.truncated) page.notes.push_back("more rows differ: -n N shows more");
  page.notes.push_back(count_text(reply.files_read) + " of " + count_text(reply.files, "file", "files") + " read, " +
                       duration_text(reply.took_ms));
  return made;
}

std::string render(const workspace::ForgetReply& reply, Page& page) {
  const Style style{page.color};
  page.notes = reply.notes;
  if (!reply.found) return "nothing of '" + one_line(reply.id) + "' was found\n";
  std::string made;
  for (const auto& t : reply.tables) {
    made += style.bold(one_line(t.table)) + "  " + count_text(t.rows, "row", "rows") + " in files of all versions, " +
            count_text(t.rewritten, "live file", "live files") +
            (reply.dry_run ? " to be written anew" : " written anew") + ", version " + count_text(t.version) + "\n";
    for (const auto& file : t.removed) made += "  removed " + one_line(file.path) + "\n";
    for (const auto& file : t.cut) made += "  cut     " + one_line(file) + "\n";
    if (!t.lost_versions.empty()) {
      made += wrap("no longer readable in full: version " + version_list(t.lost_versions), page.width, "  ");
    }
  }
  for (const auto& receipt : reply.receipts) made += "removed receipt " + one_line(receipt) + "\n";
  for (const auto& original : reply.originals) made += "removed original " + one_line(original) + "\n";
  for (const auto& tag : reply.tags) {
    made += style.yellow("the tag " + one_line(tag) + " names a version that can no longer be read in full") + "\n";
  }
  if (reply.dry_run) made += style.yellow("dry run: the lake is as it was") + "\n";
  page.notes.push_back(duration_text(reply.took_ms));
  return made;
}

std::string render(const workspace::LinkReply& reply, Page& page) {
  if (reply.change == "deleted") {
    return "took the link " + one_line(reply.table) + " away; " + one_line(reply.target) + " is as it was\n";
  }
  page.notes.push_back(reply.searchable ? "the first search builds its index, in the lake"
                                        : "query it with tarn sql; --text COLUMN would make it searchable");
  return wrap(one_line(reply.table) + " → " + one_line(reply.target) + " (" + one_line(reply.kind) + "), version " +
                  count_text(reply.version.value_or(0)) + ": " + count_text(reply.rows, "row", "rows") + " in " +
                  count_text(reply.files, "file", "files"),
              page.width, "");
}

std::string render(const workspace::TagReply& reply, Page& page) {
  if (reply.change == "deleted") {
    page.notes.push_back("vacuum may now remove what only it kept");
    return "deleted the tag " + one_line(reply.tags.front().tag) + "\n";
  }
  if (reply.tags.empty()) {
    page.notes.push_back("no tags; tarn tag NAME makes one");
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& tag : reply.tags) {
    std::string name = one_line(tag.tag), time = time_text(tag.created_at);
    for (const auto& table : tag.tables) {
      rows.push_back({name, one_line(table.table), count_text(table.version), time});
      name.clear();
      time.clear();
    }
  }
  return columns({{"TAG"}, {"TABLE"}, {"VERSION", true}, {"MADE (UTC)"}}, rows, page.width, page.color);
}

std::string render(const workspace::VacuumReply& reply, Page& page) {
  const Style style{page.color};
  std::vector<std::vector<std::string>> rows;
  for (const auto& t : reply.tables) {
    std::string kept;
    if (t.kept_by_tags != 0) kept = count_text(t.kept_by_tags) + " by tags";
    if (t.kept_by_leases != 0) kept += (kept.empty() ? "" : ", ") + count_text(t.kept_by_leases) + " by readers";
    rows.push_back({one_line(t.table), count_text(t.version), count_text(t.files), count_text(t.segments),
                    bytes_text(t.size_bytes), kept});
  }
  for (const auto& t : reply.dropped) {
    rows.push_back({one_line(t.table), t.dropped_at ? "dropped" : "partial", count_text(t.files), "",
                    bytes_text(t.size_bytes), ""});
  }
  if (reply.originals > 0) {
    rows.push_back({"originals", "", count_text(reply.originals), "", bytes_text(reply.originals_bytes), ""});
  }
  std::string made =
      columns({{"TABLE"}, {"VERSION", true}, {"FILES", true}, {"INDEX FILES", true}, {"FREED", true}, {"KEPT"}}, rows,
              page.width, page.color);
  if (reply.dry_run) {
    size_t shown = 0;
    for (const auto& t : reply.tables) {
      for (const auto& file : t.removed) {
        if (++shown <= kShownFiles) made += "  " + one_line(t.table) + "  " + one_line(file.path) + "\n";
      }
    }
    for (const auto& t : reply.dropped) {
      if (++shown <= kShownFiles) made += "  " + one_line(t.table) + "  " + one_line(t.path) + "\n";
    }
    if (shown > kShownFiles) made += "  … and more: --json lists them\n";
    made += style.yellow("dry run: nothing was removed") + "\n";
  }
  page.notes.push_back(duration_text(reply.took_ms));
  return made;
}

std::string render(const workspace::RestoreReply& reply, Page& page) {
  if (!reply.changed) {
    return one_line(reply.table) + " is as it was at version " + count_text(reply.restored) + " already\n";
  }
  return wrap(one_line(reply.table) + " is as it was at version " + count_text(reply.restored) + ": " +
                  count_text(reply.rows, "row", "rows") + " in " + count_text(reply.files, "file", "files") +
                  ", version " + count_text(reply.version),
              page.width, "");
}

}  // namespace tarn::cli
