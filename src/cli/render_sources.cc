// sources, connectors, and the page of pull --all.
#include "cli/render_sources.h"

#include <algorithm>

#include "cli/layout.h"

namespace tarn::cli {
namespace {

std::string age_text(const std::optional<int64_t>& seconds) {  // 45 s, 12 min, 3 h, 9 d
  if (!seconds) return "never";
  if (*seconds < 60) return count_text(*seconds) + " s";
  if (*seconds < 3600) return count_text(*seconds / 60) + " min";
  if (*seconds < 48 * 3600) return count_text(*seconds / 3600) + " h";
  return count_text(*seconds / (24 * 3600)) + " d";
}

std::string state_text(const std::string& state, const Style& style) {
  return state == "ok" ? state : state == "failed" ? style.red(state) : style.yellow(one_line(state));
}

void note_problem(const std::string& of, const std::string& problem, const std::string& remedy, Page& page) {
  page.notes.push_back(one_line(of) + ": " + one_line(problem));
  if (!remedy.empty()) page.notes.push_back("      " + one_line(remedy));
}

}  // namespace

std::string render_pulls(const workspace::PullReply& reply, Page& page) {
  const Style style{page.color};
  std::vector<std::vector<std::string>> rows;
  for (const auto& pull : reply.pulls) {
    const auto counted = [&](int64_t n) { return pull.state == "failed" ? std::string("–") : count_text(n); };
    rows.push_back({one_line(pull.name), one_line(pull.table), state_text(pull.state, style), counted(pull.added),
                    counted(pull.changed), counted(pull.renamed), counted(pull.deleted), counted(pull.unchanged),
                    counted(pull.rejected)});
    if (pull.problem) note_problem(pull.name, *pull.problem, pull.remedy.value_or(""), page);
  }
  if (reply.dry_run) page.notes.push_back("dry run: nothing was written");
  return columns({{"SOURCE"},
                  {"TABLE"},
                  {"STATE"},
                  {"ADDED", true},
                  {"CHANGED", true},
                  {"RENAMED", true},
                  {"DELETED", true},
                  {"UNCHANGED", true},
                  {"REJECTED", true}},
                 rows, page.width, page.color);
}

std::string render(const workspace::SourcesReply& reply, Page& page) {
  const Style style{page.color};
  for (const auto& table : reply.unreadable) {
    page.notes.push_back(one_line(table.table) + " cannot be read: " + one_line(table.problem));
  }
  if (reply.sources.empty()) {
    page.notes.push_back("no sources; tarn pull SOURCE brings one in, [sources.NAME] in " + one_line(reply.file) +
                         " names one");
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& source : reply.sources) {
    rows.push_back({source.name ? one_line(*source.name) : "–", one_line(source.table), state_text(source.state, style),
                    age_text(source.lag_s), source.rows ? count_text(*source.rows) : "–", count_text(source.rejected),
                    one_line(source.source)});
    const std::string called = source.name.value_or(source.source);
    if (source.problem) note_problem(called, *source.problem, "", page);
    if (source.waiting > 0) {
      const std::string n = std::to_string(source.waiting);
      note_problem(called, "it has " + n + " items no more, too many at once to be believed: they stay",
                   "if they are really gone: tarn pull " + called + " --believe-deletions " + n, page);
    }
    if (source.rights_age_s) {
      page.notes.push_back(one_line(called) + ": its rights were read " + age_text(source.rights_age_s) + " ago");
    }
  }
  return columns({{"SOURCE"}, {"TABLE"}, {"STATE"}, {"AGE", true}, {"ROWS", true}, {"REJECTED", true}, {"URL"}}, rows,
                 page.width, page.color);
}

std::string render(const workspace::ConnectorsReply& reply, Page& page) {
  const Style style{page.color};
  std::string made;
  for (const auto& kind : reply.connectors) {
    made += (made.empty() ? "" : "\n") + style.bold(one_line(kind.name)) + "  " + one_line(kind.doc) + "\n";
    made += wrap("written " + one_line(kind.written) + "; gives " + kind.gives, page.width, "  ");
    std::string more = kind.deletions == "listing"      ? "what a pull does not find any more is gone"
                       : kind.deletions == "tombstones" ? "the source says what is gone"
                                                        : "it never says what is gone";
    if (kind.watchable) more += "; can be watched";
    if (kind.takes_secret) more += "; takes a secret";
    more += kind.permissions ? "; knows who may read" : "; knows no permissions";
    made += wrap(more + "; " + one_line(kind.licence), page.width, "  ");
    size_t widest = 0;
    for (const auto& option : kind.options) widest = std::max(widest, width_of(option.name));
    for (const auto& option : kind.options) {
      const std::string fallback = json::write(option.fallback);
      const bool tells = fallback != "null" && fallback != "[]" && fallback != "false" && fallback != "\"\"";
      const std::string indent(widest + 6, ' ');
      const std::string text =
          wrap(one_line(option.type + (tells ? ", default " + fallback : "") + ": " + option.doc), page.width, indent);
      made += "    " + one_line(option.name) + std::string(widest - width_of(option.name) + 2, ' ') +
              text.substr(indent.size());
    }
  }
  return made;
}

std::string render(const workspace::WhoCanSeeReply& reply, Page& page) {
  const Style style{page.color};
  std::string made =
      style.bold(one_line(reply.table + "/" + reply.id)) + "\n  " + cut(one_line(reply.uri), page.width - 2) + "\n";
  if (!reply.kept) {
    return made + wrap("its source tells no rights: whoever may read the lake may read it", page.width, "  ");
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& reader : reply.readers) {
    std::string by;
    for (const std::string& each : reader.by) {
      if (each != reader.id) by += (by.empty() ? "" : ", ") + one_line(each);
    }
    rows.push_back({reader.kind, one_line(reader.name.value_or(reader.id)), one_line(reader.email.value_or("")),
                    by.empty() ? "by name" : "by " + by});
  }
  if (reply.anyone) {
    made += "  anyone may read it\n";
  } else if (rows.empty()) {
    made += "  nobody may read it\n";
  }
  if (!rows.empty()) made += columns({{"KIND"}, {"NAME"}, {"E-MAIL"}, {"HOW"}}, rows, page.width, page.color);
  for (const auto& rule : reply.rules) {
    const std::string whom = rule.principal.empty() ? "nobody" : one_line(rule.name.value_or(rule.principal));
    page.notes.push_back("rule: " + rule.kind + " " + whom + ", on " + one_line(rule.on));
  }
  if (reply.total > static_cast<int64_t>(rows.size())) {
    page.notes.push_back(count_text(reply.total) + " may read it: -n N shows more");
  }
  return made;
}

}  // namespace tarn::cli
