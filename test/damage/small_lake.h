// A lake of a few dozen documents with every kind of file that Tarn writes: commits, checksums, checkpoints, data
// files, deletion vectors in the log and in files, bookmarks, both parts of segments, lexicons, rejects, a receipt;
// older versions' files too.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workspace/workspace.h"

namespace tarn::damage {

// Opened anew, so that nothing is remembered of the files before.
base::Result<std::unique_ptr<workspace::Workspace>> open_small_lake(const std::string& directory);

// Makes it; `source` is a directory for the documents.
base::Status make_small_lake(const std::string& directory, const std::string& source);

// What is read of a lake, as one text; the same lake gives the same text. An error gives a text too, which starts with
// "error: ". `said` is true when the reply says that something was passed over.
struct Answer {
  std::string text;
  bool said = false;
  bool is_error() const { return text.starts_with("error: "); }
};
std::map<std::string, Answer> read_lake(const std::string& directory, const std::string& receipt);

}  // namespace tarn::damage
