#include "workspace/operations/connectors.h"

#include <algorithm>

#include "workspace/named_sources.h"

namespace tarn::workspace {

using base::Result;
using operation::Face;

namespace {

std::string type_of(const operation::Shape& shape) {
  switch (shape.kind) {
    case operation::Kind::boolean:
      return "boolean";
    case operation::Kind::integer:
      return "integer";
    case operation::Kind::number:
      return "number";
    case operation::Kind::text:
      return "text";
    case operation::Kind::list:
      return "list of " + type_of(*shape.item);
    case operation::Kind::record:
    case operation::Kind::any:
      break;
  }
  return "any";
}

std::string deletions_of(const connector::Descriptor& connector) {
  switch (connector.deletions) {
    case connector::Deletions::listing:
      return "listing";
    case connector::Deletions::tombstones:
      return "tombstones";
    case connector::Deletions::never:
      return "never";
  }
  return "";
}

ConnectorInfo info_of(const connector::Descriptor& connector) {
  ConnectorInfo info;
  info.name = connector.name;
  info.doc = connector.doc;
  info.written = connector.written;
  info.schemes = connector.schemes;
  info.gives = connector.rows == connector::Rows::records ? "records" : "documents";
  info.deletions = deletions_of(connector);
  info.watchable = connector.watchable;
  info.takes_secret = connector.takes_secret;
  info.permissions = connector.permissions;
  info.fetches = static_cast<int64_t>(connector.fetches);
  info.licence = connector.licence;
  for (const operation::FieldShape& field : connector.options.fields) {
    if (field.hidden) continue;
    const bool kept = std::find(connector.kept.begin(), connector.kept.end(), field.name) != connector.kept.end();
    info.options.push_back({field.name, type_of(field.shape), field.fallback, field.doc,
                            kept                                        ? "kept"
                            : connector::is_once(connector, field.name) ? "once"
                                                                        : "pull"});
  }
  return info;
}

}  // namespace

operation::Declaration<ConnectorsRequest, ConnectorsReply> Connectors::declare() {
  operation::Operation o;
  o.name = "connectors";
  o.faces = {Face::cli, Face::network};
  o.doc = "list the kinds of sources that can be pulled";
  o.help =
      R"(For each kind: how a source of it is written, its options with their types and defaults, what it gives, how it
learns that an item is gone, whether it can be watched, takes a secret and knows who may read, and its licence.)";
  o.examples = {{"tarn connectors", "what can be pulled, and how"}, {"tarn connectors --json", "for a program"}};
  o.list = "connectors";
  return operation::declare<ConnectorsRequest, ConnectorsReply>(std::move(o));
}

Result<ConnectorsReply> Connectors::run(const ConnectorsRequest&, NamedSources& sources) {
  ConnectorsReply reply;
  for (const connector::Descriptor& connector : sources.connectors()) reply.connectors.push_back(info_of(connector));
  return reply;
}

}  // namespace tarn::workspace
