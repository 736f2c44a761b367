// Random histories against a map in memory: every version, from the cache and from a fresh process, has exactly its
// rows. TARN_SEED runs one seed; TARN_SOAK=1 runs many.
#include <cstdlib>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Model = std::map<std::string, int64_t>;

std::vector<std::string> lines_of(const Model& model) {
  std::vector<std::string> lines;
  for (const auto& [id, v] : model) lines.push_back(id + "|" + std::to_string(v));
  return sorted(lines);
}

class HistoryTest : public EveryStoreTest {
 protected:
  // What a step does to the table (in a change) and to the model.
  struct Step {
    std::function<base::Status(Change&)> apply;
    std::function<void(Model&)> model;
    std::string what;
  };

  Step random_step(base::Random& random, const Model& now, const delta::Snapshot& snapshot, Table& table) {
    const uint64_t kind = random.below(10);
    if (kind < 5) {
      Model rows;
      const uint64_t count = 1 + random.below(30);
      for (uint64_t i = 0; i < count; ++i) {
        rows["k" + std::to_string(random.below(120))] = static_cast<int64_t>(random.below(1000));
      }
      std::string select;
      for (const auto& [id, v] : rows) {
        select += (select.empty() ? "" : " UNION ALL ") + ("SELECT '" + id + "' AS id, " + std::to_string(v) + " AS v");
      }
      return {[this, select](Change& change) { return change.upsert(connection_, select, "id", {}); },
              [rows](Model& model) {
                for (const auto& [id, v] : rows) model[id] = v;
              },
              "upsert"};
    }
    if (kind < 6) {  // new ids only: an append checks no key
      const std::string prefix = "n" + std::to_string(random.next() % 1'000'000) + "_";
      const auto count = static_cast<int64_t>(1 + random.below(50));
      return {[this, prefix, count](Change& change) {
                return change.append(
                    connection_,
                    "SELECT '" + prefix + "' || i AS id, i AS v FROM range(" + std::to_string(count) + ") t(i)", {});
              },
              [prefix, count](Model& model) {
                for (int64_t i = 0; i < count; ++i) model[prefix + std::to_string(i)] = i;
              },
              "append"};
    }
    if (kind < 8 || snapshot.files.empty()) {
      std::vector<std::string> keys;
      for (const auto& [id, v] : now) {
        if (random.below(6) == 0) keys.push_back(id);
      }
      keys.push_back("never there");
      return {[this, keys](Change& change) { return change.delete_keys(connection_, "id", keys, {}); },
              [keys](Model& model) {
                for (const auto& key : keys) model.erase(key);
              },
              "delete_keys"};
    }
    // By position, as SQL's DELETE does it.
    const std::string where = "v % 7 = " + std::to_string(random.below(7));
    const Select positions = take(table.select(snapshot, {"id", "v"}, true));
    std::map<std::string, delta::RowList> found;
    std::vector<std::string> ids;
    for (const std::string& line : query_rows(connection_, "SELECT tarn_file, tarn_row, id FROM (" + positions.sql +
                                                               ") WHERE " + where + " ORDER BY 1, 2")) {
      const size_t a = line.find('|'), b = line.find('|', a + 1);
      found[line.substr(0, a)].push_back(std::stoll(line.substr(a + 1, b - a - 1)));
      ids.push_back(line.substr(b + 1));
    }
    return {[found](Change& change) {
              for (const auto& [file, rows] : found) TARN_TRY(change.delete_rows(file, rows));
              return base::Status();
            },
            [ids](Model& model) {
              for (const auto& id : ids) model.erase(id);
            },
            "delete_rows"};
  }

  void run(uint64_t seed, int steps) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    const std::string path = "main/h" + std::to_string(seed);
    const bool vectors = random.below(4) != 0;
    const auto table = create_pairs(path, {{"delta.checkpointInterval", std::to_string(3 + random.below(9))},
                                           {"delta.enableDeletionVectors", vectors ? "true" : "false"}});
    Model now;
    std::vector<Model> versions{now};
    for (int i = 0; i < steps; ++i) {
      if (random.below(8) == 0) {
        const auto version = take(table->optimize(connection_, {}, {}));
        ASSERT_LE(version.value, static_cast<int64_t>(versions.size()));
        if (version.value == static_cast<int64_t>(versions.size())) versions.push_back(now);
        continue;
      }
      const auto base = take(table->snapshot());
      const Step first = random_step(random, now, *base, *table);
      const auto change = table->change(base);
      ASSERT_OK(first.apply(*change));
      // Sometimes another writer gets in between, from the same base.
      if (random.below(3) == 0) {
        if (random.below(3) == 0) {
          const auto version = take(table->optimize(connection_, {}, {}));
          if (version.value == static_cast<int64_t>(versions.size())) versions.push_back(now);
        } else {
          const auto other_base = take(table->snapshot());
          const Step other = random_step(random, now, *other_base, *table);
          const auto other_change = table->change(other_base);
          ASSERT_OK(other.apply(*other_change));
          const auto version = take(other_change->commit({}));
          other.model(now);
          if (version.value == static_cast<int64_t>(versions.size())) versions.push_back(now);
        }
      }
      const auto committed = change->commit({});
      if (!committed.ok()) {
        // Only rows that were given by their position may lose.
        EXPECT_EQ(committed.status().code(), base::Code::conflict) << committed.status().to_string();
        EXPECT_EQ(first.what, "delete_rows");
        continue;
      }
      first.model(now);
      if (committed->value == static_cast<int64_t>(versions.size())) {
        versions.push_back(now);
      } else {
        EXPECT_EQ(now, versions.back()) << first.what << " changed rows without a version";
      }
    }
    const auto fresh = take(open_table(environment_, path));
    ASSERT_EQ(take(fresh->snapshot())->version.value + 1, static_cast<int64_t>(versions.size()));
    for (size_t v = 0; v < versions.size(); ++v) {
      EXPECT_EQ(rows(*fresh, base::Version(static_cast<int64_t>(v))), lines_of(versions[v])) << "version " << v;
    }
    EXPECT_EQ(rows(*table), lines_of(now));
    expect_clean(*fresh);
  }
};

TEST_P(HistoryTest, EveryVersionHasItsRows) {
  if (const char* seed = std::getenv("TARN_SEED")) return run(std::strtoull(seed, nullptr, 10), 40);
  const bool soak = std::getenv("TARN_SOAK") != nullptr;
  for (uint64_t seed = 1; seed <= (soak ? 60U : 4U) && !HasFailure(); ++seed) run(seed, soak ? 40 : 14);
}

INSTANTIATE_TEST_SUITE_P(Stores, HistoryTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
