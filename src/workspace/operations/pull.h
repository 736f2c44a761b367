// pull: a source into a table, or the table up to date.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/ingest.h"
#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Databases;
class Indexing;
class Model;
class NamedSources;
struct OpenOptions;
class TableLocks;
class Tables;
class Workers;

// What sources of one kind or another can be told.
std::vector<operation::FieldShape> source_options();

struct PullRequest {
  std::string source;  // or the name of one
  bool all = false;    // each that has a name, instead
  std::string into;    // "" = main.docs, or as tarn.toml says
  bool watch = false;  // goes on until cancelled; each round is reported to the observer
  bool dry_run = false;
  int64_t commit_every = 1000;                  // documents
  json::Value options = json::Value::object();  // of the source: source_options() are those that there are
  bool default_reading = false;                 // nothing is as in the last pull
  std::optional<int64_t> believe_deletions = {};
};
// One of several.
struct PulledSource {
  std::string name, table;
  std::string state;  // ok, rejected, waiting, failed
  uint64_t added = 0, changed = 0, renamed = 0, deleted = 0, unchanged = 0, rejected = 0;
  std::optional<std::string> code, problem, remedy;
};
// With what the indexer did meanwhile. Changes are told of a dry run only.
struct PullReply : ingest::PullReport {
  uint64_t passages = 0, encoded = 0;    // written; of those, vectors that had to be computed
  std::vector<PulledSource> pulls = {};  // of --all: what is above is their sum then
  int64_t failed() const;
};

struct Pull {
  using Piece = PullReply;  // a round of a watch
  static operation::Declaration<PullRequest, PullReply> declare();
  static base::Result<PullReply> run(const PullRequest& request, const OpenOptions& options, Tables& tables,
                                     Databases& databases, Indexing& indexing, Model& model, Workers& workers,
                                     TableLocks& locks, NamedSources& sources, const operation::Sink<Piece>& rounds,
                                     const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::PullRequest> {
  static auto fields() {
    using R = workspace::PullRequest;
    return std::tuple{
        field("source", &R::source, "a folder, a file, a URL, or a name of the lake's tarn.toml").positional(),
        field("all", &R::all, "pull every source that tarn.toml names, one after the other"),
        field("into", &R::into,
              "the table to bring it into, made when it is not there; else main.docs, or what tarn.toml says")
            .metavar("TABLE"),
        field("watch", &R::watch, "go on and pull again whenever the source changes, until Ctrl-C"),
        field("dry_run", &R::dry_run, "say what would change and write nothing"),
        field("commit_every", &R::commit_every, "commit after so many documents").between(1, 1'000'000).metavar("N"),
        more_fields(&R::options, workspace::source_options()),
        field("default_reading", &R::default_reading, "forget the options that were kept with the source"),
        field("believe_deletions", &R::believe_deletions,
              "delete up to so many items of a source that lost too many at once to be believed")
            .between(1, 1'000'000'000)
            .metavar("N"),
    };
  }
};
template <>
struct Describe<connector::Reject> {
  static auto fields() {
    using R = connector::Reject;
    return std::tuple{
        field("item", &R::item, "path or URI"),
        field("place", &R::place, "line or byte in the item; empty for all of it"),
        field("reason", &R::reason, "why it was not taken"),
    };
  }
};
template <>
struct Codec<ingest::PlannedChange::Kind> {
  static Shape shape() { return Shape::of(Kind::text); }
  static void read(const json::Value& from, ingest::PlannedChange::Kind& to) {
    using enum ingest::PlannedChange::Kind;
    for (const auto kind : {added, changed, renamed, deleted, taken_over}) {
      if (from.is_string() && from.as_string() == ingest::kind_name(kind)) to = kind;
    }
  }
  static json::Value write(ingest::PlannedChange::Kind from) { return std::string(ingest::kind_name(from)); }
};
template <>
struct Describe<ingest::PlannedChange> {
  static auto fields() {
    using R = ingest::PlannedChange;
    return std::tuple{
        field("change", &R::kind, "added, changed, renamed, deleted or taken over"),
        field("uri", &R::uri, "the item"),
        field("from", &R::from, "its former URI, for a rename and for what is taken over").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::PulledSource> {
  static auto fields() {
    using R = workspace::PulledSource;
    return std::tuple{
        field("name", &R::name, "in tarn.toml"),
        field("table", &R::table, "where it is brought"),
        field("state", &R::state,
              "ok, rejected (some of its items were), waiting (deletions that were not believed) or failed"),
        field("added", &R::added, "new items"),
        field("changed", &R::changed, "items with new content"),
        field("renamed", &R::renamed, "items that moved and kept their ids"),
        field("deleted", &R::deleted, "items that are gone from the source"),
        field("unchanged", &R::unchanged, "items as they were"),
        field("rejected", &R::rejected, "items that could not be taken"),
        field("code", &R::code, "of the error").omit_empty(),
        field("problem", &R::problem, "why it failed").omit_empty(),
        field("remedy", &R::remedy, "what to do about it").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::PullReply> {
  static auto fields() {
    using R = workspace::PullReply;
    return std::tuple{
        field("source", &R::source, "as given"),
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "the table's version after the pull"),
        field("dry_run", &R::dry_run, "nothing was written"),
        field("commits", &R::commits, "commits made; 0 when nothing had changed"),
        field("seen", &R::seen, "items in the source"),
        field("added", &R::added, "new items"),
        field("changed", &R::changed, "items with new content"),
        field("renamed", &R::renamed, "items that moved and kept their ids"),
        field("deleted", &R::deleted, "items that are gone from the source"),
        field("unchanged", &R::unchanged, "items as they were"),
        field("doubted", &R::doubted,
              "items that the source seems to have lost, too many at once to be believed: they stay")
            .omit_empty(),
        field("taken_over", &R::taken_over,
              "items whose rows belonged to a source within this one, and are this one's now"),
        field("reading", &R::reading, "how the source is read, as options, where not by default").omit_empty(),
        field("rejected", &R::rejected, "items that could not be taken"),
        field("skipped", &R::skipped,
              "items of a kind that is not read, such as pictures, and links and devices with no file behind them"),
        field("passages", &R::passages, "passages written"),
        field("encoded", &R::encoded, "passages whose vector had to be computed"),
        field("size_bytes", &R::size_bytes, "bytes read from the source"),
        took_field(&R::took_ms),
        field("changes", &R::changes, "what would change (dry run)").omit_empty(),
        field("rejects", &R::rejects,
              "what was not taken, and why, failures first; all of it is in the table tarn.rejects")
            .omit_empty(),
        field("notes", &R::notes, "what the user should know, said when it is new").omit_empty(),
        field("pulls", &R::pulls, "of --all, one for each source; the numbers above are their sums").omit_empty(),
    };
  }
};

}  // namespace tarn::operation
