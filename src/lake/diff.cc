#include "lake/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "delta/schema.h"
#include "duck/cancel_watch.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

// One side: the rows that only this version may have.
struct Side {
  delta::Snapshot whole;                                     // files that the other version lacks
  delta::Snapshot shared;                                    // files that both have, with other deletions
  std::vector<std::pair<std::string, delta::RowList>> rows;  // of the shared files: live here and not there
};

class Diff {
 public:
  Diff(const TableReader& table, const delta::Snapshot& from, const delta::Snapshot& to, duck::Connection& connection,
       int64_t limit)
      : table_(table), from_(from), to_(to), connection_(connection), limit_(limit) {}

  Result<TableDiff> run() {
    TARN_TRY(table_.check_files(from_));
    TARN_TRY(table_.check_files(to_));
    TARN_TRY(split());
    choose_columns();
    TARN_TRY(load("tarn_diff_old", before_));
    TARN_TRY(load("tarn_diff_new", after_));
    if (result_.by_id) {
      TARN_ASSIGN(result_.by_id, unique("tarn_diff_old"));
      if (result_.by_id) {
        TARN_ASSIGN(result_.by_id, unique("tarn_diff_new"));
      }
    }
    TARN_TRY(result_.by_id ? compare_by_id() : compare_rows());
    for (const char* name : {"tarn_diff", "tarn_diff_old", "tarn_diff_new", "tarn_diff_ids"}) {
      TARN_TRY(connection_.execute(fmt::format("DROP TABLE IF EXISTS {}", name)));
    }
    return std::move(result_);
  }

 private:
  Status split() {
    before_.whole = before_.shared = from_;
    after_.whole = after_.shared = to_;
    for (Side* side : {&before_, &after_}) {
      side->whole.files.clear();
      side->shared.files.clear();
    }
    for (const auto& [path, file] : from_.files) {
      ++result_.files;
      const auto other = to_.files.find(path);
      if (other == to_.files.end()) {
        before_.whole.files.insert({path, file});
      } else if (other->second.deletion_vector != file.deletion_vector) {
        TARN_ASSIGN(const delta::RowList gone, table_.deleted_rows(file));
        TARN_ASSIGN(const delta::RowList gone_later, table_.deleted_rows(other->second));
        delta::RowList only_before, only_after;
        std::set_difference(gone_later.begin(), gone_later.end(), gone.begin(), gone.end(),
                            std::back_inserter(only_before));
        std::set_difference(gone.begin(), gone.end(), gone_later.begin(), gone_later.end(),
                            std::back_inserter(only_after));
        add_shared(&before_, file, std::move(only_before));
        add_shared(&after_, other->second, std::move(only_after));
        ++result_.files_read;
      }
    }
    for (const auto& [path, file] : to_.files) {
      if (from_.files.count(path) != 0) continue;
      ++result_.files;
      after_.whole.files.insert({path, file});
    }
    result_.files_read += static_cast<int64_t>(before_.whole.files.size() + after_.whole.files.size());
    return {};
  }

  static void add_shared(Side* side, delta::DataFile file, delta::RowList rows) {
    if (rows.empty()) return;
    side->rows.emplace_back(file.path, std::move(rows));
    side->shared.files.insert({file.path, std::move(file)});
  }

  void choose_columns() {
    for (const delta::Field& field : from_.schema) {
      const delta::Field* other = delta::find_field(to_.schema, field.name);
      if (other == nullptr) {
        result_.columns_removed.push_back(field.name);
      } else if (!delta::is_primitive(field.type, "void") && !delta::is_primitive(other->type, "void")) {
        names_.push_back(field.name);
        if (field.name == "id" && field.type.is_string() && other->type.is_string()) result_.by_id = true;
      }
    }
    for (const delta::Field& field : to_.schema) {
      if (delta::find_field(from_.schema, field.name) == nullptr) result_.columns_added.push_back(field.name);
    }
  }

  std::string list(std::string_view prefix = "") const {
    std::string text;
    for (const std::string& name : names_) {
      text += fmt::format("{}{}{}", text.empty() ? "" : ", ", prefix, duck::quote_name(name));
    }
    return text;
  }

  // A SELECT of a side's rows with the common columns. The positions of shared files are in the table `<name>_rows`.
  Result<Select> select(const std::string& name, const Side& side) const {
    TARN_ASSIGN(Select rows, table_.select(side.whole, names_, false));
    if (side.rows.empty()) return rows;
    TARN_ASSIGN(Select shared, table_.select(side.shared, names_, true));
    rows.sql += fmt::format(
        " UNION ALL SELECT {} FROM ({}) AS f SEMI JOIN {}_rows AS p ON p.file = f.tarn_file AND p.row = f.tarn_row",
        list("f."), shared.sql, name);
    std::move(shared.files.begin(), shared.files.end(), std::back_inserter(rows.files));
    return rows;
  }

  Status load(const std::string& name, const Side& side) {
    TARN_TRY(connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {}_rows(file VARCHAR, row BIGINT)", name)));
    {
      TARN_ASSIGN(const auto appender, connection_.appender(name + "_rows"));
      for (const auto& [file, rows] : side.rows) {
        for (int64_t row : rows) TARN_TRY(appender->append({file, row}));
      }
      TARN_TRY(appender->flush());
    }
    TARN_ASSIGN(const Select side_rows, select(name, side));
    if (!result_.by_id) return {};
    // Two hashes of the whole row, the columns in both orders: what differs shows in one of them.
    std::string reversed;
    for (auto it = names_.rbegin(); it != names_.rend(); ++it) reversed += ", " + duck::quote_name(*it);
    return connection_.execute(fmt::format(
        "CREATE OR REPLACE TEMP TABLE {} AS SELECT CAST(id AS VARCHAR) AS id, hash({}) AS h, hash(1{}) AS g FROM ({})",
        name, list(), reversed, side_rows.sql));
  }

  Result<int64_t> number(const std::string& sql) {
    TARN_ASSIGN(const auto rows, connection_.query(sql));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr || chunk->rows() == 0) return Status(Code::internal, "a count gives no row");
    return chunk->integer(0, 0);
  }

  Result<bool> unique(const std::string& name) {
    TARN_ASSIGN(const int64_t twice, number(fmt::format("SELECT count(*) - count(DISTINCT id) FROM {}", name)));
    return twice == 0;
  }

  Status count(const std::string& change, int64_t* into) {
    TARN_ASSIGN(*into, number(fmt::format("SELECT count(*) FROM tarn_diff WHERE change = '{}'", change)));
    return {};
  }

  Status compare_by_id() {
    TARN_TRY(connection_.execute(
        "CREATE OR REPLACE TEMP TABLE tarn_diff AS SELECT coalesce(o.id, n.id) AS id, CASE WHEN n.id IS NULL THEN "
        "'removed' WHEN o.id IS NULL THEN 'added' ELSE 'changed' END AS change FROM tarn_diff_old AS o FULL JOIN "
        "tarn_diff_new AS n ON o.id = n.id WHERE o.h IS DISTINCT FROM n.h OR o.g IS DISTINCT FROM n.g"));
    TARN_TRY(count("added", &result_.added));
    TARN_TRY(count("removed", &result_.removed));
    TARN_TRY(count("changed", &result_.changed));
    TARN_TRY(connection_.execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE tarn_diff_ids AS SELECT id, change, row_number() OVER (ORDER BY CASE "
                    "change WHEN 'removed' "
                    "THEN 0 WHEN 'changed' THEN 1 ELSE 2 END, id) AS place FROM tarn_diff ORDER BY place LIMIT {}",
                    limit_)));
    TARN_ASSIGN(const auto rows, connection_.query("SELECT id, change FROM tarn_diff_ids ORDER BY place"));
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        result_.rows.push_back({std::string(chunk->text(1, i)), std::string(chunk->text(0, i)), {}, {}});
      }
    }
    TARN_TRY(fill("tarn_diff_old", before_, &DiffRow::before));
    return fill("tarn_diff_new", after_, &DiffRow::after);
  }

  Status fill(const std::string& name, const Side& side, std::vector<duck::Cell> DiffRow::* cells) {
    TARN_ASSIGN(const Select side_rows, select(name, side));
    TARN_ASSIGN(const auto rows,
                connection_.query(fmt::format(
                    "SELECT i.place, {} FROM ({}) AS r JOIN tarn_diff_ids AS i ON i.id = CAST(r.id AS VARCHAR)",
                    list("r."), side_rows.sql)));
    keep_columns(rows->columns(), 1);
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) return {};
      for (size_t i = 0; i < chunk->rows(); ++i) {
        auto& into = result_.rows[static_cast<size_t>(chunk->integer(0, i) - 1)].*cells;
        for (size_t c = 0; c < names_.size(); ++c) into.push_back(chunk->cell(c + 1, i));
      }
    }
  }

  void keep_columns(const std::vector<duck::Column>& columns, size_t first) {
    result_.columns.assign(columns.begin() + static_cast<ptrdiff_t>(first), columns.end());
  }

  Status compare_rows() {
    TARN_ASSIGN(const Select before, select("tarn_diff_old", before_));
    TARN_ASSIGN(const Select after, select("tarn_diff_new", after_));
    TARN_TRY(compare_rows("removed", before.sql, after.sql, &result_.removed, &DiffRow::before));
    return compare_rows("added", after.sql, before.sql, &result_.added, &DiffRow::after);
  }

  Status compare_rows(const std::string& change, const std::string& all, const std::string& others, int64_t* total,
                      std::vector<duck::Cell> DiffRow::* cells) {
    TARN_TRY(connection_.execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE tarn_diff AS SELECT {} FROM ({}) EXCEPT ALL SELECT {} FROM ({})",
                    list(), all, list(), others)));
    TARN_ASSIGN(*total, number("SELECT count(*) FROM tarn_diff"));
    TARN_ASSIGN(const auto rows, connection_.query(fmt::format("SELECT * FROM tarn_diff ORDER BY ALL LIMIT {}",
                                                               limit_ - static_cast<int64_t>(result_.rows.size()))));
    keep_columns(rows->columns(), 0);
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) return {};
      for (size_t i = 0; i < chunk->rows(); ++i) {
        DiffRow row{change, "", {}, {}};
        for (size_t c = 0; c < names_.size(); ++c) (row.*cells).push_back(chunk->cell(c, i));
        result_.rows.push_back(std::move(row));
      }
    }
  }

  const TableReader& table_;
  const delta::Snapshot &from_, &to_;
  duck::Connection& connection_;
  int64_t limit_;
  Side before_, after_;
  std::vector<std::string> names_;
  TableDiff result_;
};

}  // namespace

Result<TableDiff> diff(const TableReader& table, const delta::Snapshot& from, const delta::Snapshot& to,
                       duck::Connection& connection, const DiffOptions& options, const base::Context& context) {
  TARN_TRY(context.check());
  const duck::CancelWatch watch(connection, context);
  auto found = Diff(table, from, to, connection, options.limit).run();
  return found.ok() ? std::move(found) : Result<TableDiff>(context.reason(found.status()));
}

}  // namespace tarn::lake
