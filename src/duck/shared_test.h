// One DuckDB for all tests of a program.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "base/status_test.h"
#include "duck/connection.h"

namespace tarn::duck {

// Opening it is the slow part.
struct SharedDuckDB {
  Connection* connection;
  Connect connect;
};
inline const SharedDuckDB& shared_duckdb() {
  struct Shared final : ::testing::Environment {
    std::unique_ptr<Database> database = take(open({}));
    std::unique_ptr<Connection> connection = take(database->connect());
    void TearDown() override {  // not later: the main thread's own things in DuckDB end before statics do
      connection.reset();
      database.reset();
    }
  };
  static auto* const shared = static_cast<Shared*>(::testing::AddGlobalTestEnvironment(new Shared));
  static const auto& duckdb = *new SharedDuckDB{shared->connection.get(), [] { return shared->database->connect(); }};
  return duckdb;
}
inline Connection& shared_connection() { return *shared_duckdb().connection; }

}  // namespace tarn::duck
