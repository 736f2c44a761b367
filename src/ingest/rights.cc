#include "ingest/rights.h"

namespace tarn::ingest {
namespace {

delta::Field field(const char* name, const char* type) { return {name, json::Value(type)}; }

}  // namespace

SideTable acl_table() {
  return {kAclTable,
          {field("source", "string"), field("uri", "string"), field("kind", "string"), field("principal", "string"),
           field("inherited_from", "string")}};
}
SideTable principals_table() {
  return {kPrincipalsTable,
          {field("source", "string"), field("id", "string"), field("kind", "string"), field("name", "string"),
           field("email", "string"), field("verified", "boolean")}};
}
SideTable members_table() {
  return {kMembersTable, {field("source", "string"), field("group", "string"), field("principal", "string")}};
}

Rights::Rights(duck::Connection& connection, std::string source)
    : connection_(connection),
      source_(std::move(source)),
      acl_(connection, acl_table().schema),
      principals_(connection, principals_table().schema),
      members_(connection, members_table().schema) {}

base::Status Rights::add(const std::string& uri, const std::vector<connector::Rule>& rules) {
  if (rules.empty()) return add(uri, {{connector::Rule::Kind::read, std::string(connector::kNobody), uri}});
  for (const connector::Rule& rule : rules) {
    TARN_TRY(acl_.add({source_, uri, std::string(name_of(rule.kind)), rule.principal, rule.inherited_from}));
  }
  return {};
}

base::Status Rights::add(const std::vector<connector::Principal>& principals,
                         const std::vector<connector::Membership>& members) {
  TARN_TRY(principals_.clear());
  TARN_TRY(members_.clear());
  people_ = true;
  for (const connector::Principal& p : principals) {
    TARN_TRY(principals_.add({source_, p.id, std::string(name_of(p.kind)), p.name, p.email, p.verified}));
  }
  for (const connector::Membership& m : members) TARN_TRY(members_.add({source_, m.group, m.principal}));
  return {};
}

base::Status Rights::store(const lake::Environment& environment, const base::Context& context) {
  const std::string ours = "source = " + duck::quote_literal(source_);
  std::string members;
  if (people_) {
    TARN_ASSIGN(const std::string principals, principals_.select());
    TARN_TRY(make_rows(environment, connection_, principals_table(), ours, principals, Making::equal, context));
    TARN_ASSIGN(members, members_.select());
    TARN_TRY(make_rows(environment, connection_, members_table(), ours, members, Making::smaller, context));
  }
  // The source itself has no uri.
  TARN_TRY(add("", {}));
  TARN_ASSIGN(const std::string rules, acl_.select());
  TARN_TRY(make_rows(environment, connection_, acl_table(), ours + " AND uri IN (SELECT uri FROM (" + rules + "))",
                     rules, Making::equal, context));
  TARN_TRY(acl_.clear());
  if (!people_) return {};
  TARN_TRY(make_rows(environment, connection_, members_table(), ours, members, Making::equal, context));
  people_ = false;
  TARN_TRY(principals_.clear());
  return members_.clear();
}

}  // namespace tarn::ingest
