#include "workspace/operations/who_can_see.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "connector/rights.h"
#include "ingest/rights.h"
#include "lake/fetch.h"
#include "workspace/databases.h"
#include "workspace/reference.h"
#include "workspace/tables.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

// The side tables as they were when the document was.
class RightsTables {
 public:
  static Result<RightsTables> open(const std::string& as_of, const Pinned& document, Tables& tables,
                                   const base::Context& context) {
    RightsTables opened;
    TARN_ASSIGN(AsOf wanted, tables.as_of(as_of));
    // A version is of the document's table; of the others, what was there then.
    if (wanted.version) wanted = {{}, {}, document.snapshot->committed_at_us, {}};
    for (const auto& [name, select] : {std::pair(ingest::kAclTable, &opened.acl_),
                                       {ingest::kPrincipalsTable, &opened.principals_},
                                       {ingest::kMembersTable, &opened.members_}}) {
      auto pinned = tables.pin(std::string(name), wanted, context);
      if (pinned.status().code() == Code::not_found) continue;
      if (!pinned.ok()) return pinned.status();
      TARN_ASSIGN(*select, pinned->table->select(*pinned->snapshot, {}, false));
    }
    return opened;
  }

  bool there() const { return !acl_.sql.empty(); }

  // Rows of text cells; nulls are "".
  Result<std::vector<std::vector<std::string>>> query(duck::Connection& connection, const std::string& sql,
                                                      const std::vector<duck::Cell>& parameters) const {
    const auto table = [](const lake::Select& select, const char* columns) {
      return select.sql.empty() ? fmt::format("(SELECT {} WHERE false)", columns) : "(" + select.sql + ")";
    };
    const std::string with = fmt::format(
        "WITH RECURSIVE acl AS {}, principals AS {}, members AS {}", table(acl_, ""),
        table(principals_, "'' AS source, '' AS id, '' AS kind, '' AS name, '' AS email, false AS verified"),
        table(members_, "'' AS source, '' AS \"group\", '' AS principal"));
    TARN_ASSIGN(const auto rows, connection.query(with + sql, parameters));
    std::vector<std::vector<std::string>> out;
    for (;;) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (!chunk) return out;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        std::vector<std::string> row;
        for (size_t c = 0; c < rows->columns().size(); ++c) {
          row.emplace_back(chunk->is_null(c, i) ? std::string_view() : chunk->text(c, i));
        }
        out.push_back(std::move(row));
      }
    }
  }

 private:
  lake::Select acl_, principals_, members_;
};

// What one layer says of everyone whom it reaches, by their ids.
struct Layer {
  bool anyone = false;
  std::map<std::string, std::string> in;  // and what lets them in
  std::set<std::string> denied;
};

}  // namespace

operation::Declaration<WhoCanSeeRequest, WhoCanSeeReply> WhoCanSee::declare() {
  operation::Operation o;
  o.name = "who-can-see";
  o.faces = {Face::cli, Face::network};
  o.doc = "list who may read a document in its source";
  o.help = R"(By the rules that the source had when they were last read (tarn sources says when). Rules on one thing,
such as a space or a page, are a layer: one of them must let a reader in and none may deny, and so in every layer. With
--as-of: as it was then.)";
  o.examples = {{"tarn who-can-see 'https://wiki.example.org/wiki/spaces/ENG/pages/42'", "now"},
                {"tarn who-can-see handbook.pdf --as-of 2026-11-01 --json", "as it was, for a program"}};
  o.errors = {{Code::not_found, "no document has this id"}};
  o.list = "readers";
  return operation::declare<WhoCanSeeRequest, WhoCanSeeReply>(std::move(o));
}

Result<WhoCanSeeReply> WhoCanSee::run(const WhoCanSeeRequest& request, Tables& tables, Databases& databases,
                                      const base::Context& context) {
  const auto lease = tables.reading();
  TARN_ASSIGN(auto connection, databases.connect());
  TARN_ASSIGN(const FoundDocument found,
              find_document(request.id, request.table, request.as_of, tables, *connection, context));
  TARN_ASSIGN(const auto row, lake::fetch_row(*found.pinned.table, *found.pinned.snapshot, found.id, "", *connection));
  WhoCanSeeReply reply;
  reply.id = found.id;
  reply.table = found.pinned.name;
  reply.version = found.pinned.snapshot->version.value;
  reply.uri = row.text("uri");
  if (row.find("source")) reply.source = row.text("source");
  TARN_ASSIGN(const RightsTables rights, RightsTables::open(request.as_of, found.pinned, tables, context));
  if (!rights.there()) return reply;
  const std::vector<duck::Cell> item{duck::Cell(reply.source), duck::Cell(reply.uri)};
  TARN_ASSIGN(const auto rules,
              rights.query(*connection,
                           " SELECT a.uri, a.inherited_from, a.kind, a.principal, p.name FROM acl AS a LEFT JOIN "
                           "principals AS p ON p.source = a.source AND p.id = a.principal WHERE a.source = $1 AND "
                           "(a.uri = $2 OR a.uri = '') ORDER BY ALL",
                           item));
  for (const auto& r : rules) {
    if (r[0].empty()) {
      reply.kept = true;
      continue;
    }
    reply.rules.push_back({r[1], r[2], r[3], r[4].empty() ? std::nullopt : std::optional(r[4])});
  }
  // Whom each rule reaches: the principal that it names, and those in that group, however deep.
  TARN_ASSIGN(
      const auto reached,
      rights.query(*connection,
                   ", reach AS (SELECT inherited_from AS layer, kind, principal AS via, principal AS id FROM acl WHERE "
                   "source = $1 AND uri = $2 UNION SELECT reach.layer, reach.kind, reach.via, m.principal FROM reach "
                   "JOIN members AS m ON m.source = $1 AND m.\"group\" = reach.id) SELECT layer, reach.kind, via, "
                   "reach.id, coalesce(p.kind, 'user'), p.name, p.email FROM reach LEFT JOIN principals AS p ON "
                   "p.source = $1 AND p.id = reach.id ORDER BY ALL",
                   item));
  std::map<std::string, Layer> layers;
  std::map<std::string, Reader> candidates;
  for (const auto& r : reached) {
    Layer& layer = layers[r[0]];
    if (r[3] == connector::kNobody) continue;
    if (r[1] == name_of(connector::Rule::Kind::deny)) {
      layer.denied.insert(r[3]);
      continue;
    }
    if (r[4] == name_of(connector::Principal::Kind::anyone)) {
      layer.anyone = true;
      continue;
    }
    const std::string& name = r[5];
    layer.in.emplace(r[3], r[2]);
    candidates.emplace(r[3], Reader{r[4],
                                    r[3],
                                    name.empty() ? std::nullopt : std::optional(name),
                                    r[6].empty() ? std::nullopt : std::optional(r[6]),
                                    {}});
  }
  reply.anyone = !layers.empty();
  for (const auto& [name, layer] : layers) reply.anyone = reply.anyone && layer.anyone && layer.denied.empty();
  for (auto& [id, reader] : candidates) {
    bool all = true;
    for (const auto& [name, layer] : layers) {
      const auto in = layer.in.find(id);
      all = all && !layer.denied.contains(id) && (layer.anyone || in != layer.in.end());
      if (all) reader.by.push_back(in != layer.in.end() ? in->second : "anyone");
    }
    if (!all) continue;
    ++reply.total;
    if (reply.total <= request.limit) reply.readers.push_back(std::move(reader));
  }
  return reply;
}

}  // namespace tarn::workspace
