// who-can-see: who may read a document, by the rights that its source has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Databases;
class Tables;

struct WhoCanSeeRequest {
  std::string id;
  std::string table;
  std::string as_of;
  int64_t limit = 100;
};
struct Reader {
  std::string kind;  // user, group
  std::string id;
  std::optional<std::string> name, email;
  std::vector<std::string> by;  // of each layer, what lets them in
};
struct RightsRule {
  std::string on;    // the layer
  std::string kind;  // read, owner, deny
  std::string principal;
  std::optional<std::string> name;
};
struct WhoCanSeeReply {
  std::string id, table, source, uri;
  int64_t version = 0;
  bool kept = false;    // the source tells rights
  bool anyone = false;  // may read it
  std::vector<Reader> readers;
  int64_t total = 0;
  std::vector<RightsRule> rules;
};

struct WhoCanSee {
  static operation::Declaration<WhoCanSeeRequest, WhoCanSeeReply> declare();
  static base::Result<WhoCanSeeReply> run(const WhoCanSeeRequest& request, Tables& tables, Databases& databases,
                                          const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::WhoCanSeeRequest> {
  static auto fields() {
    using R = workspace::WhoCanSeeRequest;
    return std::tuple{
        field("id", &R::id, "the document's id, uri, or the end of its path").required().positional(),
        field("table", &R::table, "the table it is in").metavar("TABLE"),
        as_of_field(&R::as_of),
        field("limit", &R::limit, "show so many; all are counted").between(0, 100'000).letter('n').metavar("N"),
    };
  }
};
template <>
struct Describe<workspace::Reader> {
  static auto fields() {
    using R = workspace::Reader;
    return std::tuple{
        field("kind", &R::kind, "user or group"),
        field("id", &R::id, "the source's id for them"),
        field("name", &R::name, "their name, where the source tells it").omit_empty(),
        field("email", &R::email, "their address, where the source tells it").omit_empty(),
        field("by", &R::by, "what lets them in: themselves, a group or anyone, once for each layer of rules"),
    };
  }
};
template <>
struct Describe<workspace::RightsRule> {
  static auto fields() {
    using R = workspace::RightsRule;
    return std::tuple{
        field("on", &R::on, "what the rule stands on; the rules on one thing are a layer, and every layer must let in"),
        field("kind", &R::kind, "read, owner or deny"),
        field("principal", &R::principal, "whom it names by the source's id; empty for nobody"),
        field("name", &R::name, "their name, where the source tells it").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::WhoCanSeeReply> {
  static auto fields() {
    using R = workspace::WhoCanSeeReply;
    return std::tuple{
        field("id", &R::id, "the document"),
        field("table", &R::table, "namespace.name"),
        field("source", &R::source, "where it was pulled from"),
        field("uri", &R::uri, "its uri; its parts have the same rights"),
        field("version", &R::version, "of the table"),
        field("kept", &R::kept, "the source tells rights; without them, whoever may read the lake may read it"),
        field("anyone", &R::anyone, "anyone may read it, also without a name"),
        field("readers", &R::readers, "who may read it; of a group, each member that the source tells too"),
        field("total", &R::total, "how many they are"),
        field("rules", &R::rules, "the rules, as the source has them"),
    };
  }
};

}  // namespace tarn::operation
