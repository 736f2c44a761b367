#include "workspace/operations/sources.h"

#include <algorithm>
#include <map>

#include "base/clock.h"
#include "ingest/state.h"
#include "lake/table_name.h"
#include "lake/text_table.h"
#include "workspace/counts.h"
#include "workspace/databases.h"
#include "workspace/last_pulls.h"
#include "workspace/named_sources.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

namespace {

constexpr const char* kNeverPulled = "never pulled";
constexpr const char* kFailed = "failed";

// A source that a table has a bookmark of.
struct Known {
  std::string id;
  SourceSummary summary;
};

std::optional<std::string> text_at(const json::Value& object, const char* name) {
  return object[name].is_string() ? std::optional(object[name].as_string()) : std::nullopt;
}

int64_t seconds_since(int64_t then_us) {
  return std::max<int64_t>(0, base::system_clock().now_us() - then_us) / 1'000'000;
}

Known known_of(const std::string& table, const std::string& id, const json::Value& bookmark) {
  Known known{id, {}};
  known.summary.table = table;
  known.summary.source = text_at(bookmark, "source").value_or("");
  known.summary.changed_at = text_at(bookmark, "pulled_at");
  const ingest::Bookmark pull = ingest::parse_bookmark(bookmark);
  known.summary.state = pull.under_way ? "stopped" : "ok";
  if (!pull.under_way) known.summary.pulled_at = known.summary.changed_at;
  if (!pull.state) return known;
  known.summary.waiting = static_cast<int64_t>(pull.state->doubted);
  if (pull.state->rights_read_at_us) known.summary.rights_age_s = seconds_since(*pull.state->rights_read_at_us);
  for (const connector::Reject& reject : pull.state->rejects) {
    ++(reject.is_failure() ? known.summary.rejected : known.summary.skipped);
  }
  return known;
}

// Live rows by source, where the table has several.
Result<std::map<std::string, int64_t>> count_rows(const Pinned& pinned, duck::Connection& connection) {
  TARN_ASSIGN(const lake::Select live, pinned.table->select(*pinned.snapshot, {"source"}, false));
  TARN_ASSIGN(const auto rows, connection.query("SELECT source, count(*) FROM (" + live.sql + ") GROUP BY ALL"));
  std::map<std::string, int64_t> counts;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* const chunk, rows->next());
    if (chunk == nullptr) return counts;
    for (size_t i = 0; i < chunk->rows(); ++i) counts[std::string(chunk->text(0, i))] = chunk->integer(1, i);
  }
}

Result<std::vector<Known>> sources_of(const Pinned& pinned, Databases& databases) {
  std::vector<Known> all;
  for (const auto& [id, n] : pinned.snapshot->transactions) {
    const auto bookmark = pinned.table->bookmark(*pinned.snapshot, id);
    if (bookmark.ok() && *bookmark && text_at(**bookmark, "source")) {
      all.push_back(known_of(pinned.name, id, **bookmark));  // else another program's txn
    }
  }
  if (all.empty()) return all;
  if (!lake::is_text_table(pinned.snapshot->schema)) {  // one source's alone
    all.front().summary.rows = live_rows(*pinned.snapshot);
    return all;
  }
  TARN_ASSIGN(const auto connection, databases.connect());
  TARN_ASSIGN(const auto counts, count_rows(pinned, *connection));
  for (Known& known : all) {
    const auto count = counts.find(known.summary.source);
    known.summary.rows = count == counts.end() ? 0 : count->second;
  }
  return all;
}

void add_last_pull(const LastPulls& last_pulls, const std::string& id, SourceSummary* summary) {
  const auto found = last_pulls.find({summary->table, id});
  if (found == last_pulls.end()) return;
  const LastPull& last = found->second;
  // Without a bookmark, what went well went into a table that is no more.
  const bool has_bookmark = summary->state != kNeverPulled;
  if (!has_bookmark && last.state != kFailed) return;
  summary->state = last.state;
  if (has_bookmark && last.ended_ok) summary->pulled_at = last.ended_ok;
  if (!last.problem.empty() && !summary->problem) summary->problem = last.problem;
}

void add_lag(SourceSummary* summary) {
  if (!summary->pulled_at) return;
  const auto then = base::parse_utc(*summary->pulled_at);
  if (then.ok()) summary->lag_s = seconds_since(*then);
}

}  // namespace

operation::Declaration<SourcesRequest, SourcesReply> Sources::declare() {
  operation::Operation o;
  o.name = "sources";
  o.faces = {Face::cli, Face::network};
  o.doc = "list what the lake is pulled from, and how that stands";
  o.help =
      R"(The sources that the lake's tarn.toml names, and those that were pulled by their URL or path: how the last pull
ended, when one last ended well and how long ago that is, live rows, and what could not be read. tarn.toml has a table
[sources.NAME] for each, with its url, the table it goes into, where its secret is kept, and the options of its kind,
which tarn connectors lists; tarn pull NAME pulls it, and tarn pull --all each of them.)";
  o.examples = {{"tarn sources", "how the sources stand"}, {"tarn sources --json", "for a program that watches"}};
  o.errors = {{Code::invalid_argument, "tarn.toml has something in it that is not understood"}};
  o.list = "sources";
  return operation::declare<SourcesRequest, SourcesReply>(std::move(o));
}

Result<SourcesReply> Sources::run(const SourcesRequest&, NamedSources& named, Tables& tables, LakeStore& lake,
                                  Databases& databases, const base::Context& context) {
  SourcesReply reply;
  reply.lake = lake.directory();
  reply.file = named.file();
  TARN_ASSIGN(const auto names, named.all());
  const auto lease = tables.reading();
  std::vector<Known> known;
  LastPulls last_pulls;
  if (const auto files = lake.open(); files.ok()) {
    last_pulls = read_last_pulls(**files);
    std::vector<PassedOver> passed_over;
    TARN_ASSIGN(const std::vector<Pinned> all, tables.pin_all({}, "", false, context, &passed_over));
    for (const PassedOver& table : passed_over) reply.unreadable.push_back({table.name, table.status.message()});
    for (const Pinned& pinned : all) {
      TARN_TRY(context.check());
      auto found = sources_of(pinned, databases);
      if (!found.ok()) {
        reply.unreadable.push_back({pinned.name, found.status().message()});
        continue;
      }
      std::move(found->begin(), found->end(), std::back_inserter(known));
    }
  }
  for (const connector::NamedSource& one : names) {
    SourceSummary summary;
    TARN_ASSIGN(const connector::Descriptor* const kind, connector::find(named.connectors(), one.url));
    const auto located = kind->locate(one.url);
    const auto canonical = kind->canonical(one.url);
    const std::string source = canonical.ok() ? *canonical : one.url;
    const std::string id = connector::source_id(source);
    const auto table = lake::full_name(one.into);
    const auto of_table = std::find_if(known.begin(), known.end(), [&](const Known& k) {
      return k.id == id && table.ok() && k.summary.table == *table;
    });
    if (of_table == known.end()) {
      summary.source = source;
      summary.table = table.ok() ? *table : one.into;
      summary.state = kNeverPulled;
    } else {
      summary = of_table->summary;
      known.erase(of_table);
    }
    if (!located.ok()) summary.problem = located.status().message();
    if (!table.ok()) summary.problem = table.status().message();
    summary.name = one.name;
    summary.kind = kind->name;
    add_last_pull(last_pulls, id, &summary);
    reply.sources.push_back(std::move(summary));
  }
  for (Known& other : known) {
    const auto kind = connector::find(named.connectors(), other.summary.source);
    if (kind.ok()) other.summary.kind = (*kind)->name;
    add_last_pull(last_pulls, other.id, &other.summary);
    reply.sources.push_back(std::move(other.summary));
  }
  for (SourceSummary& summary : reply.sources) {
    add_lag(&summary);
    if (summary.state == "ok" && summary.waiting > 0) summary.state = "waiting";
  }
  return reply;
}

}  // namespace tarn::workspace
