// tables, show, history, pull, optimize, check, doctor; and the way from an answer to its page.
#include "cli/layout.h"
#include "cli/render.h"
#include "cli/render_sources.h"

namespace tarn::cli {
namespace {

constexpr size_t kShownRejects = 10;

std::string short_time(const std::string& time) {  // 2026-11-22T10:00:00.123Z → 2026-11-22 10:00:00
  if (time.size() < 19 || time[10] != 'T') return one_line(time);
  return time.substr(0, 10) + " " + time.substr(11, 8);
}
std::string percent_text(double share) {
  if (share >= 1) return "100 %";
  return std::to_string(static_cast<int>(share * 100)) + " %";
}

}  // namespace

std::string render(const workspace::PullReply& reply, Page& page) {
  if (!reply.pulls.empty()) return render_pulls(reply, page);
  const Style style{page.color};
  std::string made = one_line(reply.source) + " → " + one_line(reply.table);
  if (reply.version) made += " version " + count_text(reply.version->value);
  if (reply.dry_run) made += style.yellow(" (dry run: nothing was written)");
  made = wrap(made, page.width, "");
  std::string what;
  const auto add = [&](uint64_t n, const char* word) {
    if (n != 0) what += (what.empty() ? "" : ", ") + count_text(n) + " " + word;
  };
  add(reply.added, "added");
  add(reply.changed, "changed");
  add(reply.renamed, "renamed");
  add(reply.deleted, "deleted");
  add(reply.taken_over, "taken over");
  const bool nothing = what.empty();
  add(reply.unchanged, "unchanged");
  add(reply.skipped, "skipped");
  if (reply.doubted != 0) what += (what.empty() ? "" : ", ") + style.yellow(count_text(reply.doubted) + " waiting");
  if (reply.rejected != 0) what += (what.empty() ? "" : ", ") + style.red(count_text(reply.rejected) + " rejected");
  made += "  " +
          (nothing && reply.rejected + reply.doubted == 0
               ? "up to date: " + (what.empty() ? std::string("the source is empty") : what)
               : what) +
          "\n";
  if (!reply.dry_run && !nothing) {
    made += "  " + count_text(reply.passages, "passage", "passages") + ", " + count_text(reply.encoded) + " encoded, " +
            count_text(reply.commits, "commit", "commits") + ", " + bytes_text(reply.size_bytes) + " in " +
            duration_text(reply.took_ms) + "\n";
  } else {
    made += "  " + duration_text(reply.took_ms) + "\n";
  }
  if (reply.reading) made += "  read with " + one_line(*reply.reading) + "\n";
  for (const auto& change : reply.changes) {
    const std::string word(ingest::kind_name(change.kind));
    made += "  " + word + std::string(word.size() < 8 ? 8 - word.size() : 0, ' ') + "  " + one_line(change.uri) +
            (change.from ? "  (was " + one_line(*change.from) + ")" : "") + "\n";
  }
  for (const std::string& note : reply.notes) page.notes.push_back(one_line(note));
  const auto failures = std::min(size_t{reply.rejected}, reply.rejects.size());
  for (size_t i = 0; i < failures; ++i) {
    if (i == kShownRejects) {
      page.notes.push_back("… and " + count_text(reply.rejected - kShownRejects) +
                           " more: tarn sql 'from tarn.rejects'");
      break;
    }
    const auto& reject = reply.rejects[i];
    page.notes.push_back("rejected: " + one_line(reject.item) +
                         (reject.place.empty() ? "" : ", " + one_line(reject.place)) + ": " + one_line(reject.reason));
  }
  return made;
}

std::string render(const workspace::TablesReply& reply, Page& page) {
  for (const auto& table : reply.unreadable) {
    page.notes.push_back(one_line(table.table) + " cannot be read: " + one_line(table.problem));
    if (!table.remedy.empty()) page.notes.push_back("      " + one_line(table.remedy));
  }
  if (reply.tables.empty()) {
    if (reply.unreadable.empty()) {
      page.notes.push_back("no tables in " + one_line(reply.lake) + "; tarn pull SOURCE makes one");
    }
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& t : reply.tables) {
    rows.push_back({one_line(t.table), count_text(t.version), count_text(t.rows), count_text(t.files),
                    bytes_text(t.size_bytes), short_time(t.committed_at)});
  }
  page.notes.push_back(count_text(static_cast<int64_t>(reply.tables.size()), "table", "tables") + " in " +
                       one_line(reply.lake));
  return columns({{"TABLE"}, {"VERSION", true}, {"ROWS", true}, {"FILES", true}, {"SIZE", true}, {"COMMITTED (UTC)"}},
                 rows, page.width, page.color);
}

std::string render(const workspace::ShowReply& reply, Page& page) {
  const Style style{page.color};
  std::string made = style.bold(one_line(reply.table)) + "  version " + count_text(reply.version) + ", " +
                     short_time(reply.committed_at) + " UTC\n";
  made += count_text(reply.rows, "row", "rows");
  if (reply.deleted_rows != 0) made += " (" + count_text(reply.deleted_rows) + " deleted)";
  made += ", " + count_text(reply.files, "file", "files") + ", " + bytes_text(reply.size_bytes) + "\n" +
          style.dim((reply.link ? "linked, read only: " : "") + one_line(reply.path) +
                    (reply.link && reply.link->outside ? " (files elsewhere allowed)" : "")) +
          "\n";
  if (reply.oldest_version) {
    made += "versions " + count_text(*reply.oldest_version) + " to " + count_text(reply.version) + "\n";
  }
  if (!reply.partitioned_by.empty()) {
    made += "partitioned by";
    for (const auto& column : reply.partitioned_by) made += " " + one_line(column);
    made += "\n";
  }
  for (const auto& tag : reply.tags) {
    made += "tag " + one_line(tag.tag) + " at version " + count_text(tag.version) + "\n";
  }
  for (const auto& property : reply.properties) {
    made += one_line(property.name) + " = " + one_line(property.value) + "\n";
  }
  made += "\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& c : reply.columns) {
    rows.push_back({one_line(c.name), one_line(c.type), c.nullable ? "" : "not null"});
  }
  made += columns({{"COLUMN"}, {"TYPE"}, {""}}, rows, page.width, page.color);
  rows.clear();
  for (const auto& s : reply.sources) {
    rows.push_back({one_line(s.url), count_text(s.bookmark), s.pulled_at ? short_time(*s.pulled_at) : ""});
  }
  if (!rows.empty()) {
    made += "\n" + columns({{"SOURCE"}, {"BOOKMARK", true}, {"PULLED (UTC)"}}, rows, page.width, page.color);
  }
  for (const auto& s : reply.sources) {
    if (s.reading) made += wrap(one_line(s.url) + " is read with " + one_line(*s.reading), page.width, "");
  }
  rows.clear();
  for (const auto& i : reply.indexes) {
    rows.push_back({i.kind, one_line(i.made_with), percent_text(i.coverage), count_text(i.segments),
                    count_text(i.passages), bytes_text(i.size_bytes)});
  }
  if (!rows.empty()) {
    made +=
        "\n" +
        columns({{"INDEX"}, {"MADE WITH"}, {"COVERS", true}, {"SEGMENTS", true}, {"PASSAGES", true}, {"SIZE", true}},
                rows, page.width, page.color);
  }
  return made;
}

std::string render(const workspace::HistoryReply& reply, Page& page) {
  std::vector<std::vector<std::string>> rows;
  const auto change = [](int64_t added, int64_t removed) {
    std::string text;
    if (added != 0) text += "+" + count_text(added);
    if (removed != 0) text += (text.empty() ? "−" : " −") + count_text(removed);
    return text.empty() ? std::string("0") : text;
  };
  for (const auto& c : reply.versions) {
    rows.push_back({count_text(c.version), short_time(c.committed_at), one_line(c.operation),
                    change(c.rows_added, c.rows_removed), change(c.files_added, c.files_removed), one_line(c.engine)});
  }
  for (const auto& c : reply.versions) {
    if (c.user_metadata) page.notes.push_back("version " + count_text(c.version) + ": " + one_line(*c.user_metadata));
  }
  if (reply.truncated) page.notes.push_back("older versions are not shown: -n N shows more");
  return columns({{"VERSION", true}, {"COMMITTED (UTC)"}, {"OPERATION"}, {"ROWS", true}, {"FILES", true}, {"ENGINE"}},
                 rows, page.width, page.color);
}

std::string render(const workspace::OptimizeReply& reply, Page& page) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& t : reply.tables) {
    rows.push_back({one_line(t.table), count_text(t.version),
                    count_text(t.files_before) + " → " + count_text(t.files_after),
                    bytes_text(t.bytes_before) + " → " + bytes_text(t.bytes_after)});
  }
  page.notes.push_back(duration_text(reply.took_ms));
  return columns({{"TABLE"}, {"VERSION", true}, {"FILES", true}, {"SIZE", true}}, rows, page.width, page.color);
}

std::string render(const workspace::CheckReply& reply, Page& page) {
  const Style style{page.color};
  std::vector<std::vector<std::string>> rows;
  for (const auto& t : reply.tables) {
    rows.push_back({one_line(t.table), count_text(t.version), count_text(t.rows), count_text(t.files),
                    count_text(t.segments), count_text(t.passages), bytes_text(t.size_bytes)});
  }
  std::string made = columns({{"TABLE"},
                              {"VERSION", true},
                              {"ROWS", true},
                              {"FILES", true},
                              {"SEGMENTS", true},
                              {"PASSAGES", true},
                              {"READ", true}},
                             rows, page.width, page.color);
  for (const auto& p : reply.problems) {
    made +=
        "\n" + style.red("problem") + " " + one_line(p.table) + (p.file.empty() ? "" : ", " + one_line(p.file)) + "\n";
    made += wrap(one_line(p.problem), page.width, "  ");
    if (!p.remedy.empty()) made += wrap("→ " + one_line(p.remedy), page.width, "  ");
  }
  made += "\n" +
          (reply.ok ? style.green("all is well")
                    : style.red(count_text(static_cast<int64_t>(reply.problems.size()), "problem", "problems"))) +
          "\n";
  page.notes.push_back(duration_text(reply.took_ms));
  return made;
}

std::string render(const workspace::DoctorReply& reply, Page& page) {
  const Style style{page.color};
  size_t widest = 0;
  for (const auto& c : reply.checks) widest = std::max(widest, width_of(c.name));
  std::string made;
  for (const auto& c : reply.checks) {
    const std::string status = c.status == "ok"     ? style.green("ok  ")
                               : c.status == "warn" ? style.yellow("warn")
                                                    : style.red("FAIL");
    const std::string indent(widest + 8, ' ');
    const std::string text = wrap(one_line(c.detail), page.width, indent);
    made +=
        status + "  " + one_line(c.name) + std::string(widest - width_of(c.name) + 2, ' ') + text.substr(indent.size());
    if (c.fix) made += wrap("→ " + one_line(*c.fix), page.width, indent);
  }
  return made;
}

std::string page_of(const operation::Answer& answer, Page& page) {
  std::string text;
  const bool rendered = workspace::Operations::any([&]<typename Op>() {
    using Reply = operation::ReplyOf<Op>;
    if constexpr (requires(const Reply& reply) { render(reply, page); }) {
      const Reply* reply = answer.as<Reply>();
      if (reply != nullptr) text = render(*reply, page);
      return reply != nullptr;
    }
    return false;
  });
  return rendered ? text : json::write_pretty(answer.json()) + "\n";
}

}  // namespace tarn::cli
