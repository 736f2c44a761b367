// The bytes that a source had, kept beside the rows that were made of them, by choice of the source.
// Shape:   `_originals/<first two digits>/<SHA-256>`, put before the commit of the row that names it in
//          extra.original.sha256. Rows with the same bytes share one file; as long as a data file is there that names
//          it, live or not, it stays.
// Errors:  corruption (the bytes are not those of the name), and what the store and DuckDB return.
// Threads: put_original() may be called from several.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lake/table.h"

namespace tarn::lake {

inline constexpr std::string_view kOriginals = "_originals";

std::string path_of_original(std::string_view sha256);
// Durable; the SHA-256 of the bytes.
base::Result<std::string> put_original(const Environment& environment, std::string_view bytes);
// Checked.
base::Result<std::string> read_original(const Environment& environment, const std::string& sha256);

struct Original {
  std::string sha256;
  int64_t size_bytes = 0, put_at_us = 0;  // by the store's clock
};
base::Result<std::vector<Original>> list_originals(const Environment& environment);

// What rows of data files name, also of files that no version has any more.
struct OriginalsInUse {
  std::set<std::string> of_rows;  // of the uris that were asked for, in the table that was asked for
  std::set<std::string> of_others;
};
// Of every table of the lake, those that lie aside too. `table`: its path; "" for none.
base::Result<OriginalsInUse> originals_in_use(const Environment& environment, duck::Connection& connection,
                                              const std::string& table, const std::set<std::string>& uris,
                                              const base::Context& context);

// Takes away those that no row names; one that was put less than an hour ago may be named by a commit to come.
base::Result<std::vector<RemovedFile>> sweep_originals(const Environment& environment, duck::Connection& connection,
                                                       bool dry_run, const base::Context& context);

}  // namespace tarn::lake
