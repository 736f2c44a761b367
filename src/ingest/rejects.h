// The side table `tarn.rejects`: one live row for each (table, source, item) that could not be read, replaced or taken
// away as things change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/connector.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::ingest {

inline constexpr std::string_view kRejectsTable = "tarn.rejects";
// id, pull, pulled_at, table_name, source, item, place, reason.
std::vector<delta::Field> rejects_schema();

struct RejectScope {
  std::string table, source;  // canonical name; canonical URL
  std::string pull;           // names the run
  int64_t pulled_at_us = 0;
};

// One for each item, ordered by item; several of one item become the first, with the number and the first places of the
// others in its reason.
std::vector<connector::Reject> one_for_each_item(std::vector<connector::Reject> rejects);

// Makes the live rows of the scope equal to `rejects` (as one_for_each_item returns them). Writes nothing when they
// are. Rows that stay keep their pull and time.
base::Status store_rejects(const lake::Environment& environment, duck::Connection& connection, const RejectScope& scope,
                           const std::vector<connector::Reject>& rejects, const base::Context& context);

}  // namespace tarn::ingest
