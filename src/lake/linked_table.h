// What a link opens: a Delta table in a store of its own, or a folder of Parquet files that is listed at each look.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/once.h"
#include "delta/physical.h"
#include "lake/delta_table.h"
#include "lake/link.h"

namespace tarn::lake {

class LinkedTable final : public TableReader {
 public:
  LinkedTable(const Environment& environment, std::string path, LinkInfo link);
  base::Status open(const base::Context& context);  // that what it points to is there and can be read
  base::Status check_columns() const;               // that the columns of the link are there

  const std::string& path() const override { return path_; }
  store::Store& store() const override { return *environment_.store; }
  base::Result<std::shared_ptr<const delta::Snapshot>> snapshot(std::optional<base::Version> version,
                                                                const base::Context& context) const override;
  base::Result<base::Version> version_at(int64_t time_us, const base::Context& context) const override;
  base::Result<std::vector<delta::Commit>> history(size_t limit, const base::Context& context) const override;
  base::Result<delta::RowList> deleted_rows(const delta::DataFile& file) const override;
  base::Result<Select> select(const delta::Snapshot& snapshot, const std::vector<std::string>& columns,
                              bool with_position) const override;
  base::Result<Select> select_file(const delta::DataFile& file, const std::vector<std::string>& columns) const override;
  std::string data_address(const delta::DataFile& file) const override {
    return delta::file_location(link_.target, file);
  }
  base::Result<std::string> data_hash(const delta::DataFile& file) const override;
  std::optional<LinkInfo> link() const override { return link_; }
  base::Status check_files(const delta::Snapshot& snapshot, const base::Context& context) const override;
  base::Result<std::optional<json::Value>> bookmark(const delta::Snapshot&, const std::string&) const override {
    return std::optional<json::Value>();
  }
  base::Result<std::vector<Finding>> check(duck::Connection& connection, const base::Context& context) const override;
  // Takes away what was derived, in the lake, from files that are not there any more.
  base::Result<VacuumReport> sweep(const VacuumOptions& options, const base::Context& context) const;

 private:
  struct Listed {
    std::vector<delta::DataFile> files;
    int64_t newest_us = 0;
  };
  static base::Status list_folder(const store::Store& store, const std::string& root, const std::string& below,
                                  int depth, const base::Context& context, Listed* listed);
  struct Mapped {
    std::string name, expression;
  };
  // The columns that the link adds or replaces, over a schema.
  std::vector<Mapped> mapped(const std::vector<delta::Field>& schema) const;
  std::shared_ptr<const delta::Snapshot> exposed(std::shared_ptr<const delta::Snapshot> own) const;
  base::Result<std::shared_ptr<const delta::Snapshot>> own_snapshot(std::optional<base::Version> version,
                                                                    const base::Context& context) const;
  base::Result<std::shared_ptr<const delta::Snapshot>> folder_snapshot(const base::Context& context) const;
  base::Result<std::shared_ptr<const delta::Snapshot>> read_folder(Listed listed, const base::Context& context) const;
  // A SELECT of the files of `snapshot` (as exposed) with the table's own columns.
  base::Result<std::string> own_sql(const delta::Snapshot& snapshot, bool with_deleted) const;

  Environment environment_;
  std::string path_;
  LinkInfo link_;
  std::unique_ptr<store::Store> target_store_;          // of the directory that holds the target
  std::string target_name_;                             // the target in it
  std::shared_ptr<DeltaTable> delta_;                   // null for a folder
  mutable std::mutex mutex_;                            // of what follows, held for a few instructions
  mutable std::shared_ptr<const delta::Snapshot> own_;  // the last own snapshot, and what was made of it
  mutable std::shared_ptr<const delta::Snapshot> exposed_;
  mutable std::string listing_;                        // of a folder: what own_ was made of
  mutable std::map<std::string, int64_t> row_counts_;  // by path, size and time
  mutable base::OncePerKey<std::string, std::shared_ptr<const delta::Snapshot>> reading_;  // a folder, by its listing
};

}  // namespace tarn::lake
