// Paths of data files as the log writes them: URI references, percent-encoded, relative to the table.
// Errors:  corruption for an escape that is none; permission_denied for a path that leaves the table (absolute, `..`,
//          with a scheme).
// Source:  Delta protocol, "Add File and Remove File"; RFC 2396, RFC 3986 section 2.1.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::delta {

base::Result<std::string> decode_path(std::string_view encoded);
std::string encode_path(std::string_view path);

// True when `encoded`, as it stands in a log, names a file below the table and nothing else.
bool is_local_path(std::string_view encoded);
base::Status foreign_path(std::string_view path);  // the refusal, naming the path
// The absolute path of a file that lies outside the table on this machine ("/a/b", "file:/a/b", "file:///a/b"); "" for
// all else.
std::string local_file_of(std::string_view encoded);
// Where Hadoop keeps a file's sums, beside it. It takes a file that was written anew for damaged as long as they are
// there.
std::string hadoop_sum_path(std::string_view path);

}  // namespace tarn::delta
