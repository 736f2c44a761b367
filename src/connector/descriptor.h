// What a connector says of itself, once: which URLs it reads, with which options, and what can be expected of it.
// Commands, their help, checks of options and lists of connectors are made from here.
// Shape:   a table with one entry for each connector: connectors.cc. An option's name means the same kind of value in
//          every connector that has it, since one command line serves them all.
// Errors:  unsupported (no connector has the scheme; the error names those that there are), invalid_argument (an option
//          that the connector does not have, with a did-you-mean, or a value that does not fit).
// Threads: immutable.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connector/connector.h"
#include "connector/source.h"
#include "operation/shape.h"

namespace tarn::connector {

// How the source says that an item is gone.
enum class Deletions {
  listing,     // every run names every item: what is not named is gone
  tombstones,  // by Sink::vanish()
  never,
};

enum class Rows {
  documents,  // of a text table
  records,    // of a table of their own
};

struct Descriptor {
  std::string name;                  // "folder"
  std::string doc;                   // one line
  std::vector<std::string> schemes;  // of its URLs, in lower case; "" = a path
  std::string written;       // how a source of it is written, for errors: "a path of a folder or file, file:///…"
  operation::Shape options;  // operation::shape_of<its options>()
  // Options that stay with the source: one that is not given is as in the last pull.
  std::vector<std::string> kept = {};
  // Options that confirm something, of one pull only: no configuration may say them for ever.
  std::vector<std::string> once = {};
  Rows rows = Rows::documents;
  Deletions deletions = Deletions::listing;
  size_t fetches = 4;  // items with Item::open that are fetched at once
  bool watchable = false;
  bool paths = false;  // what follows the scheme is a path of this machine
  bool takes_secret = false;
  bool permissions = false;            // it knows who may read an item
  std::string licence = "Apache-2.0";  // SPDX, of it and of what it runs
  // The canonical URL, which names the source for ever and holds no secret; also of a source that is not there now. It
  // looks at nothing but the working directory, which a relative path begins at.
  std::function<base::Result<std::string>(const std::string& url)> canonical;
  // Of a canonical URL: not_found, and what else keeps it from being read. None where only a run can tell.
  std::function<base::Status(const std::string& canonical_url)> check_there = {};
  // Of a located source whose options check_options() let through.
  std::function<base::Result<std::unique_ptr<Connector>>(const Source& source)> open;

  // The canonical URL of a source that is there.
  base::Result<std::string> locate(const std::string& url) const;
};

// Every connector of this program.
const std::vector<Descriptor>& connectors();

// The one that reads this URL or path.
base::Result<const Descriptor*> find(const std::vector<Descriptor>& among, const std::string& url);

base::Status check_options(const Descriptor& connector, const json::Value& options);

bool is_once(const Descriptor& connector, const std::string& option);

// The kept ones of `options`, in their declared order and without those that say what is so by default: what a bookmark
// stores. Null when there are none.
json::Value kept_options(const Descriptor& connector, const json::Value& options);
// `given`, and of `kept` what it leaves open.
json::Value with_kept(const Descriptor& connector, const json::Value& kept, const json::Value& given);

// As on the command line: "--as markdown:*.qmd --charset windows-1252 --whole-page".
std::string describe_options(const json::Value& options);

// The options of all connectors, one of each name, for a request that hands them on.
std::vector<operation::FieldShape> every_option();

// Stable name of a source: 32 hex digits from its canonical URL.
std::string source_id(std::string_view canonical_url);

}  // namespace tarn::connector
