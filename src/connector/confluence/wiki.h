// Confluence's REST API as the connector needs it: what there is, what it says, whether it is still there. Cloud and
// Data Center differ in here only, and in the words for rights.
// Source:  Confluence Cloud REST API v2 and v1, Confluence Data Center REST API (Atlassian). Quirks: a page of a list
//          may be empty and have a next one; a cursor may expire; Data Center's lists go by position, so that an entry
//          slips from one page to the page before when something goes, and a server that gives fewer than it was asked
//          for may pass over the rest; the search's index lags behind.
// Errors:  permission_denied, not_found, unavailable (also a page for people where data was asked), io, exhausted.
// Threads: any, once it is connected and spaces() has answered.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "connector/confluence/entry.h"
#include "connector/stream.h"
#include "http/client.h"
#include "json/value.h"

namespace tarn::connector::confluence {

constexpr int kListed = 250;        // entries of a list asked for at once; the server may give fewer
constexpr size_t kWithBodies = 50;  // of those with bodies
constexpr int kMaxFailures = 3;     // in a row, before nothing more is asked

struct Space {
  std::string id, key, name;
};

class Wiki {
 public:
  // `base`: "https://site/wiki". Asks it which of the two it is.
  static base::Result<std::unique_ptr<Wiki>> connect(http::Options options, std::string base,
                                                     const base::Context& context);

  using Take = std::function<void(Entry entry)>;

  bool is_cloud() const { return cloud_; }
  const std::string& base() const { return base_; }

  // Those of the keys; all that can be read when there are none.
  base::Result<std::vector<Space>> spaces(const std::vector<std::string>& keys, const base::Context& context);
  // Pages or posts, by the database: ids and versions of all that are current or archived, without labels.
  base::Status sweep(const Space& space, Kind kind, const Take& take, const base::Context& context);
  // By the search's index: everything but bodies.
  base::Status search(const std::string& cql, const Take& take, const base::Context& context);
  // With their storage format. Those that are not there, or may not be read, are missing.
  base::Result<std::map<std::string, Entry>> bodies(Kind kind, const std::vector<std::string>& ids,
                                                    const base::Context& context);
  // One thing by its id, by the database and not by the search's index; nothing where it is gone, or in the bin, or may
  // not be seen. Its space is "" where it is none of spaces().
  base::Result<std::optional<Entry>> one(Kind kind, const std::string& id, const base::Context& context);
  // The id of what a page or a folder lies below; "" = of nothing.
  base::Result<std::string> parent(const std::string& id, const base::Context& context);
  // The page of a title, with its storage format; nothing where there is none.
  base::Result<std::optional<Entry>> find(const std::string& space, const std::string& title,
                                          const base::Context& context);
  // Names of people; those that are not known are missing.
  std::map<std::string, std::string> names(const std::vector<std::string>& ids, const base::Context& context);
  // An attachment's bytes: io where there are not as many as it has.
  base::Result<std::unique_ptr<ByteStream>> download(const Entry& attachment, const base::Context& context);

  // What a path below the base answers. `status`: of an answer that is a failure too.
  base::Result<json::Value> get(const std::string& path, const base::Context& context, int* status = nullptr);
  // Every result of a list that begins at `path`; begins again when its cursor has expired.
  base::Status all(const std::string& path, const std::function<void(const json::Value&)>& take,
                   const std::function<void()>& begin_again, const base::Context& context);
  std::string after(const json::Value& list) const;  // the path of the next page of a list; "" = none
  // The old remote interface of Data Center, for what its REST has not.
  base::Result<json::Value> call(std::string_view method, json::Value parameters, const base::Context& context);

 private:
  base::Result<json::Value> ask(http::Request request, const base::Context& context, int* status);
  Wiki(std::unique_ptr<http::Client> client, std::string base) : client_(std::move(client)), base_(std::move(base)) {}

  std::unique_ptr<http::Client> client_;
  const std::string base_;
  bool cloud_ = false;
  std::map<std::string, std::string> space_keys_;  // by id
};

// What of a link stands below the base. Links are told whole, from the base on (v1), from the host on (v2), and where
// the API has an address of its own (api.atlassian.com) from the site's host on.
std::string below(const std::string& base, std::string link);

// For a part of a query.
std::string encode_query(std::string_view text);

}  // namespace tarn::connector::confluence
