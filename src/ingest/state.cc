#include "ingest/state.h"

#include <algorithm>

#include "document/reader.h"

namespace tarn::ingest {

using Kind = connector::Reject::Kind;

constexpr const char* kOptions = "reading";  // the name that they had when only a folder had some

namespace {

// Bookmarks from before the readers had versions of their own name one for these three.
constexpr const char* kFirstReaders[] = {"html", "markdown", "text"};

Readers parse_readers(const json::Value& value) {
  Readers readers;
  for (const auto& [name, version] : value["readers"].members()) readers[name] = static_cast<int>(version.as_int());
  if (!value["extractor"].is_int()) return readers;
  for (const char* name : kFirstReaders) readers[name] = static_cast<int>(value["extractor"].as_int());
  return readers;
}

}  // namespace

Readers readers_now() {
  Readers now;
  for (const document::Reader& reader : document::readers()) now[std::string(reader.name)] = reader.version;
  return now;
}

json::Value to_json(const State& state) {
  json::Value rejects = json::Value::array();
  for (const auto& r : state.rejects) {
    json::Value reject = json::Value::array({r.item, r.place, r.reason});
    if (r.kind == Kind::skipped) reject.push(true);
    if (r.kind == Kind::noted) reject.push("noted");
    rejects.push(std::move(reject));
  }
  json::Value readers = json::Value::object();
  for (const auto& [name, version] : state.readers) readers.set(name, version);
  json::Value value = json::Value::object({{"format", kStateFormat}, {"readers", std::move(readers)}});
  if (!state.options.members().empty()) value.set(kOptions, state.options);
  if (!state.others.empty()) {
    json::Value others = json::Value::array();
    for (const OtherSource& o : state.others) {
      others.push(json::Value::array({o.id, o.number, o.moved_at, o.url, o.relation}));
    }
    value.set("others", std::move(others));
  }
  if (state.moved_at) value.set("moved_at", *state.moved_at);
  if (state.doubted > 0) value.set("doubted", state.doubted);
  if (state.rights_read_at_us) value.set("rights_read_at_us", *state.rights_read_at_us);
  value.set("rejects", std::move(rejects));
  return value.set("connector", state.connector);
}

json::Value step_to_json(std::optional<int64_t> began_at, const json::Value& options) {
  json::Value value = json::Value::object({{"format", kStateFormat}, {"under_way", true}});
  if (began_at) value.set("began_at", *began_at);
  if (!options.members().empty()) value.set(kOptions, options);
  return value;
}

Bookmark parse_bookmark(const json::Value& value) {
  Bookmark out;
  if (value["format"].as_int() != kStateFormat) return out;
  if (value["under_way"].as_bool()) {
    out.under_way = true;
    if (value["began_at"].is_int()) out.began_at = value["began_at"].as_int();
    out.options = value[kOptions];
    return out;
  }
  State state;
  state.readers = parse_readers(value);
  state.connector = value["connector"];
  state.options = value[kOptions];
  if (value["moved_at"].is_int()) state.moved_at = value["moved_at"].as_int();
  if (value["doubted"].is_int()) state.doubted = static_cast<uint64_t>(std::max<int64_t>(0, value["doubted"].as_int()));
  if (value["rights_read_at_us"].is_int()) state.rights_read_at_us = value["rights_read_at_us"].as_int();
  for (const json::Value& other : value["others"].items()) {
    const auto& f = other.items();
    if (f.size() != 5 || !f[1].is_int() || !f[2].is_int()) continue;
    state.others.push_back({f[0].string_or(""), f[3].string_or(""), f[1].as_int(), f[2].as_int(), f[4].string_or("")});
  }
  for (const json::Value& r : value["rejects"].items()) {
    const auto& fields = r.items();
    if (fields.size() < 3 || fields.size() > 4) continue;
    const Kind kind = fields.size() < 4                   ? Kind::failure
                      : fields[3] == json::Value("noted") ? Kind::noted
                      : fields[3].as_bool()               ? Kind::skipped
                                                          : Kind::failure;
    state.rejects.push_back({fields[0].as_string(), fields[1].as_string(), fields[2].as_string(), kind});
  }
  out.state = std::move(state);
  return out;
}

}  // namespace tarn::ingest
