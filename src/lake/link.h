// Links: a Delta table or a folder of Parquet files that lies elsewhere, read without a copy and never written: a link
// opens as a TableReader that is no Table.
// Shape:   `<table>/_tarn/link.json`; doc/format/link.md. Segments lie in the lake, below the link. Of a folder every
//          *.parquet below it that is not hidden is a data file; directories named key=value give partition columns.
//          Its version is the time of its newest change, in milliseconds; older ones cannot be read.
//          The log of a Delta table names data files inside its folder; with `outside` also elsewhere on this machine,
//          by absolute paths and file: URLs. Other URLs and `..` are refused in any case. Where a text column is named,
//          the table has the columns id, title, uri and body beside its own, so that it can be searched.
// Limits:  kMaxWalkDepth directories, kMaxLinkedFiles files of a folder.
// Errors:  permission_denied for a log that names files where it may not; not_found when what it points to is
//          gone; corruption (file).
// Threads: as table.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lake/table.h"

namespace tarn::lake {

inline constexpr int kLinkFormat = 2;  // of a link with `outside`; else 1
inline constexpr size_t kMaxLinkedFiles = 1'000'000;

// A tag that a folder's data files carry here: their time, in microseconds, by which a file that was written over is
// another one.
inline constexpr std::string_view kTimeTag = "tarn.time";

std::string link_path(const std::string& table_path);
std::string link_text(const LinkInfo& link);
base::Result<LinkInfo> parse_link(const std::string& text, const std::string& path);
// not_found when the table is no link.
base::Result<LinkInfo> read_link(const store::Store& store, const std::string& table_path);
// The links of a lake: paths of tables and where they point.
base::Result<std::vector<std::pair<std::string, LinkInfo>>> list_links(const store::Store& store);

// Finds out what lies at `link.target` (sets `kind`), checks the columns, and writes the link. already_exists when a
// table or link has the path.
base::Result<std::shared_ptr<TableReader>> create_link(const Environment& environment, const std::string& path,
                                                       LinkInfo link);
// Takes the link and what was derived from it away; what it points to stays. What a stop leaves is a link still.
base::Status remove_link(const Environment& environment, const std::string& path);
base::Result<std::shared_ptr<TableReader>> open_link(const Environment& environment, const std::string& path,
                                                     const base::Context& context = {});
// What to say to one who would change what a link points to.
base::Status only_read(const std::string& path, const LinkInfo& link);

}  // namespace tarn::lake
