#include "ingest/state.h"

namespace tarn::ingest {

json::Value to_json(const State& state) {
  json::Value rejects = json::Value::array();
  for (const auto& r : state.rejects) {
    json::Value reject = json::Value::array({r.item, r.place, r.reason});
    if (r.skipped) reject.push(true);
    rejects.push(std::move(reject));
  }
  return json::Value::object({{"format", kStateFormat},
                              {"extractor", state.extractor},
                              {"rejects", std::move(rejects)},
                              {"connector", state.connector}});
}

json::Value step_to_json(std::optional<int64_t> began_at) {
  json::Value value = json::Value::object({{"format", kStateFormat}, {"under_way", true}});
  if (began_at) value.set("began_at", *began_at);
  return value;
}

Bookmark parse_bookmark(const json::Value& value) {
  Bookmark out;
  if (value["format"].as_int() != kStateFormat) return out;
  if (value["under_way"].as_bool()) {
    out.under_way = true;
    if (value["began_at"].is_int()) out.began_at = value["began_at"].as_int();
    return out;
  }
  State state;
  state.extractor = static_cast<int>(value["extractor"].as_int());
  state.connector = value["connector"];
  for (const json::Value& r : value["rejects"].items()) {
    const auto& fields = r.items();
    if (fields.size() < 3 || fields.size() > 4) continue;
    const bool skipped = fields.size() == 4 && fields[3].as_bool();
    state.rejects.push_back({fields[0].as_string(), fields[1].as_string(), fields[2].as_string(), skipped});
  }
  out.state = std::move(state);
  return out;
}

}  // namespace tarn::ingest
