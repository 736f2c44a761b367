// The rows of one source in a table: those that are live, with their ids, and those that a commit is filled from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::ingest {

// An item's row, with those of its parts.
struct LiveRow {
  struct Part {
    std::string id, source_version;
    int64_t extractor = 0;
  };
  std::string id, source_version;
  int64_t extractor = 0;  // version of the reader that made it
  std::string reader;     // its name; "" in rows from before readers had names
  std::map<std::string, Part> parts;
  bool renamed = false;  // by this pull: the row moves to another uri
  bool again = false;    // by this pull: the item is read again
  // Whether the reader of this type would make the same of the same bytes.
  bool is_current(std::string_view mime) const;
  // The rows of parts that a killed pull left behind: they were made of other bytes, or by another version.
  std::vector<std::string> stale_parts() const;
  void add_ids_to(std::vector<std::string>& ids) const;  // its own and its parts'
  std::map<std::string, std::string> part_ids() const;
};

class LiveRows {
 public:
  base::Status load(const lake::TableReader& table, const delta::Snapshot& snapshot, duck::Connection& connection,
                    const std::string& source);
  LiveRow* find(const std::string& uri);
  // What was a part of an item becomes an item, with the row that it has and those of its own parts ("name/…").
  void part_becomes_item(const std::string& of, const std::string& name, const std::string& uri);
  // A row of another source that this pull may replace.
  void add_ids(const LiveRow& row);
  void erase(const std::string& uri) { by_uri_.erase(uri); }
  const std::unordered_map<std::string, LiveRow>& by_uri() const { return by_uri_; }
  // Of parts whose item has no row.
  const std::vector<std::string>& orphans() const { return orphans_; }
  // An id that no live row of the source has: from (source id, uri, part), with a counter when a renamed document holds
  // that one.
  std::string new_id(const std::string& source_id, const std::string& uri, const std::string& part = "");
  bool is_live(const std::string& id) const { return live_ids_.contains(id); }

 private:
  std::unordered_map<std::string, LiveRow> by_uri_;
  std::unordered_set<std::string> live_ids_, ids_;  // ids_: and those given by new_id
  std::vector<std::string> orphans_;
};

// A temporary DuckDB table with the columns of a schema, filled row by row and given to a Change.
class RowBuffer {
 public:
  RowBuffer(duck::Connection& connection, std::vector<delta::Field> schema);
  ~RowBuffer();
  RowBuffer(const RowBuffer&) = delete;
  RowBuffer& operator=(const RowBuffer&) = delete;

  base::Status add(const std::vector<duck::Cell>& row);
  uint64_t rows() const { return rows_; }
  const std::string& name() const { return name_; }  // of the table, which is there from the first row on, or select()
  // A SELECT of the rows in the schema's columns.
  base::Result<std::string> select();
  base::Status clear();

 private:
  base::Status create();

  duck::Connection& connection_;
  const std::vector<delta::Field> schema_;
  const std::string name_;
  std::unique_ptr<duck::Appender> appender_;
  bool created_ = false;
  uint64_t rows_ = 0;
};

}  // namespace tarn::ingest
