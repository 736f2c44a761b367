// connectors: the kinds of sources that this program reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class NamedSources;

struct ConnectorsRequest {};
struct ConnectorOption {
  std::string name, type;
  json::Value fallback;
  std::string doc;
  std::string lasts;  // pull, kept, once
};
struct ConnectorInfo {
  std::string name, doc, written;
  std::vector<std::string> schemes;
  std::string gives;      // documents, records
  std::string deletions;  // listing, tombstones, never
  bool watchable = false, takes_secret = false, permissions = false;
  int64_t fetches = 0;
  std::string licence;
  std::vector<ConnectorOption> options;
};
struct ConnectorsReply {
  std::vector<ConnectorInfo> connectors;
};

struct Connectors {
  static operation::Declaration<ConnectorsRequest, ConnectorsReply> declare();
  static base::Result<ConnectorsReply> run(const ConnectorsRequest& request, NamedSources& sources);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::ConnectorsRequest> {
  static auto fields() { return std::tuple{}; }
};
template <>
struct Describe<workspace::ConnectorOption> {
  static auto fields() {
    using R = workspace::ConnectorOption;
    return std::tuple{
        field("name", &R::name, "as in tarn.toml; --name on the command line, with dashes"),
        field("type", &R::type, "boolean, integer, number, text, or a list of one of them"),
        field("default", &R::fallback, "what it is where it is not given"),
        field("doc", &R::doc, "what it does"),
        field("lasts", &R::lasts, "kept: as in the last pull where it is not given; once: of one pull only; else pull"),
    };
  }
};
template <>
struct Describe<workspace::ConnectorInfo> {
  static auto fields() {
    using R = workspace::ConnectorInfo;
    return std::tuple{
        field("name", &R::name, "of the kind"),
        field("doc", &R::doc, "what it reads"),
        field("written", &R::written, "how a source of it is written"),
        field("schemes", &R::schemes, "of its URLs; an empty one is a path"),
        field("gives", &R::gives, "documents, for a text table, or records, for a table of their own"),
        field("deletions", &R::deletions,
              "how it learns that an item is gone: listing (each pull names all that there is), tombstones (the source "
              "says it), or never"),
        field("watchable", &R::watchable, "tarn pull --watch works"),
        field("takes_secret", &R::takes_secret, "it can be given a secret"),
        field("permissions", &R::permissions, "it knows who may read an item"),
        field("fetches", &R::fetches, "items that are fetched at once"),
        field("licence", &R::licence, "of it and of what it runs (SPDX)"),
        field("options", &R::options, "what a source of it can be told"),
    };
  }
};
template <>
struct Describe<workspace::ConnectorsReply> {
  static auto fields() {
    using R = workspace::ConnectorsReply;
    return std::tuple{field("connectors", &R::connectors, "one by one")};
  }
};

}  // namespace tarn::operation
