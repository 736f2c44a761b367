// One pass over a folder: walk, compare with the bookmark, read what is new, tell the sink.
#pragma once

#include <string>

#include "connector/connector.h"
#include "connector/folder/disk.h"
#include "connector/folder/options.h"

namespace tarn::connector::folder {

struct Root {
  std::string named;      // the folder as the user named it, absolute
  std::string real;       // where that leads
  std::string only_file;  // the one name in it that is the source; "" = the whole folder
  std::string base_url;   // of the folder, with a '/' at its end
  FileStat stat;
};

base::Result<Outcome> run_pass(const Disk& disk, const Root& root, const json::Value& bookmark, const Options& options,
                               const RunOptions& run, Sink& sink, const base::Context& context);

}  // namespace tarn::connector::folder
