// The records of one pull, in a temporary table of DuckDB: what of them is new or other than in a table, and what is
// gone from it.
// Shape:   of several records with one key the last counts. Columns that the source has not in this pull become null in
//          rows that change.
// Errors:  invalid_argument, naming the column, where the source's values do not fit the table's type; what DuckDB
//          returns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connector/record.h"
#include "delta/snapshot.h"
#include "duck/connection.h"
#include "ingest/rows.h"
#include "lake/table.h"

namespace tarn::ingest {

// Of a record, for a report.
struct RecordChange {
  std::string key;
  bool is_new = false;
};

class RecordRows {
 public:
  // `in` is the table's schema as the pull found it: its columns keep their types. Null when it is to be made.
  static base::Result<std::unique_ptr<RecordRows>> make(duck::Connection& connection, connector::RecordTable table,
                                                        const std::vector<delta::Field>* in,
                                                        const std::string& table_name);
  ~RecordRows();
  RecordRows(const RecordRows&) = delete;
  RecordRows& operator=(const RecordRows&) = delete;

  base::Status add(const std::vector<connector::Record>& records);
  // After the last record. `live` selects the table's live rows, "" = there is no table. `complete`: what was not added
  // is gone.
  base::Status compare(const std::string& live, bool complete);

  const std::string& key() const { return table_.key; }
  const std::vector<delta::Field>& schema() const { return schema_; }
  uint64_t records() const { return records_; }            // with different keys
  uint64_t repeated() const { return given_ - records_; }  // those whose key a later one has
  uint64_t added() const { return added_; }
  uint64_t changed() const { return changed_; }
  const std::vector<std::string>& gone() const { return gone_; }  // keys, as text
  void keep_what_is_gone() { gone_.clear(); }
  std::string changed_select() const;  // new and other rows
  base::Result<std::vector<RecordChange>> first_changes(size_t count) const;

 private:
  RecordRows(duck::Connection& connection, connector::RecordTable table, std::vector<delta::Field> schema,
             std::vector<bool> is_there);
  std::string columns(const std::string& of) const;
  base::Status find_gone(const std::string& live);

  duck::Connection& connection_;
  const connector::RecordTable table_;
  const std::vector<delta::Field> schema_;
  const std::vector<bool> is_there_;  // in the table
  RowBuffer rows_;
  const std::string changed_table_;
  bool compared_ = false;
  uint64_t given_ = 0, records_ = 0, added_ = 0, changed_ = 0;
  std::vector<std::string> gone_;
};

}  // namespace tarn::ingest
