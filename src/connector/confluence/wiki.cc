#include "connector/confluence/wiki.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/percent.h"
#include "connector/uri.h"

namespace tarn::connector::confluence {

using base::Code;
using base::Context;
using base::Result;
using base::Status;
using json::Value;

namespace {

constexpr int kNames = 100;       // people
constexpr int kMaxRestarts = 3;   // of a list whose cursor expired
constexpr size_t kMaxSaid = 300;  // bytes of what the wiki says of a question
constexpr int kMaxRounds = 100'000;
constexpr std::string_view kMeta =
    "version,space,history,ancestors,container,metadata.labels,extensions.inlineProperties,extensions.resolution";

// A list of v2 without those in the bin. Posts are never archived, and to ask for such is an error.
std::string_view all_of(Kind kind) {
  return kind == Kind::post ? "blogposts?status=current" : "pages?status=current,archived";
}

std::string joined(const std::vector<std::string>& words, size_t from, size_t count) {
  std::string out;
  for (size_t i = from; i < std::min(from + count, words.size()); ++i) out += (i == from ? "" : ",") + words[i];
  return out;
}

// Where a list by position begins: "…&start=200…".
struct Start {
  size_t begin = 0, end = 0;  // of the number in the path
  size_t number = 0;
};
std::optional<Start> start_in(std::string_view path) {
  for (const std::string_view name : {"?start=", "&start="}) {
    const size_t at = path.find(name);
    if (at == std::string_view::npos) continue;
    Start out{at + name.size(), at + name.size(), 0};
    const auto [end, error] = std::from_chars(path.data() + out.begin, path.data() + path.size(), out.number);
    out.end = static_cast<size_t>(end - path.data());
    if (error == std::errc()) return out;
  }
  return {};
}

// A server that gives fewer than it was asked for may go on from where it would be with all of them.
std::string without_gap(const std::string& at, std::string next, size_t given) {
  const auto from = start_in(at), to = start_in(next);
  const size_t expected = (from ? from->number : 0) + given;
  if (to && given != 0 && to->number > expected) next.replace(to->begin, to->end - to->begin, std::to_string(expected));
  return next;
}

// With what the wiki says of it: a condition that it cannot read.
Status not_understood(const Status& status, std::string_view body) {
  const auto said = json::parse(body);
  const std::string why = said.ok() ? (*said)["message"].as_string() : "";
  if (why.empty()) return status;
  return {Code::invalid_argument, status.message() + ": " + display_name(why.substr(0, kMaxSaid)), status.hint()};
}

class Download final : public ByteStream {
 public:
  Download(std::unique_ptr<http::Stream> stream, uint64_t size_bytes, const Context& context)
      : stream_(std::move(stream)), size_bytes_(size_bytes), context_(context) {}

  Result<std::string_view> next() override {
    TARN_ASSIGN(const std::string_view some, stream_->next(context_));
    had_bytes_ += some.size();
    // A page for a login, or a file that was cut where no length was told, is not the file.
    if (some.empty() && size_bytes_ != 0 && had_bytes_ != size_bytes_) {
      return Status(Code::io, fmt::format("{} bytes were answered, of a file of {}", had_bytes_, size_bytes_),
                    "pull again");
    }
    return some;
  }

 private:
  std::unique_ptr<http::Stream> stream_;
  const uint64_t size_bytes_;
  uint64_t had_bytes_ = 0;
  const Context& context_;
};

// For a text in a query: the database's own quotes are escaped.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string encode_query(std::string_view text) { return base::percent_encoded(text, "-_.~"); }

Result<std::unique_ptr<Wiki>> Wiki::connect(http::Options options, std::string base, const Context& context) {
  options.origin = base;
  TARN_ASSIGN(std::unique_ptr<http::Client> client, http::Client::make(std::move(options)));
  std::unique_ptr<Wiki> wiki(new Wiki(std::move(client), std::move(base)));
  int status = 0;
  // Data Center has no API v2.
  auto reply = wiki->get("/api/v2/spaces?limit=1", context, &status);
  if (!reply.ok() && status != 404) return reply.status();
  wiki->cloud_ = reply.ok();
  return wiki;
}

Result<Value> Wiki::get(const std::string& path, const Context& context, int* status) {
  http::Request request;
  request.url = base_ + path;
  return ask(std::move(request), context, status);
}

Result<Value> Wiki::call(std::string_view method, Value parameters, const Context& context) {
  http::Request request;
  request.url = base_ + "/rpc/json-rpc/confluenceservice-v2";
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json::write(Value::object(
      {{"jsonrpc", "2.0"}, {"id", 1}, {"method", std::string(method)}, {"params", std::move(parameters)}}));
  request.repeatable = true;  // what is called here reads
  TARN_ASSIGN(const Value reply, ask(std::move(request), context, nullptr));
  return reply["result"];
}

Result<Value> Wiki::ask(http::Request request, const Context& context, int* status) {
  request.headers.push_back({"Accept", "application/json"});
  TARN_ASSIGN(const http::Response response, client_->send(request, context));
  if (status) *status = response.status;
  if (response.status == 400) return not_understood(client_->refusal(response), response.body);
  if (!response.ok()) return client_->refusal(response);
  const std::string type = base::lower(response.header("content-type").value_or(""));
  if (!type.starts_with("application/json")) {
    return Status(Code::unavailable,
                  http::shown(request.url) + ": a page for people was answered where data was asked for",
                  "the session or the token is not valid, or a proxy wants a login");
  }
  auto value = json::parse(response.body);
  if (!value.ok()) return value.status().with_context(http::shown(request.url));
  return value;
}

std::string below(const std::string& base, std::string link) {
  if (link.starts_with(base)) return link.substr(base.size());
  const size_t host = base.find("://") + 3;
  for (size_t at = base.find('/', host); at != std::string::npos; at = base.find('/', at + 1)) {
    const std::string_view path = std::string_view(base).substr(at);
    const bool is_below = link.starts_with(path) && link.size() > path.size() && link[path.size()] == '/';
    if (is_below) return link.substr(path.size());
  }
  return link;
}

std::string Wiki::after(const Value& reply) const { return below(base_, reply["_links"]["next"].as_string()); }

Status Wiki::all(const std::string& path, const std::function<void(const Value&)>& take,
                 const std::function<void()>& begin_again, const Context& context) {
  std::string at = path;
  for (int restarts = 0, rounds = 0; !at.empty(); ++rounds) {
    TARN_TRY(context.check());
    if (rounds > kMaxRounds) return {Code::exhausted, "a list of Confluence does not end"};
    int status = 0;
    auto reply = get(at, context, &status);
    if (!reply.ok() && at != path && (status == 400 || status == 410) && restarts < kMaxRestarts) {
      ++restarts;
      at = path;
      begin_again();
      continue;
    }
    if (!reply.ok()) return reply.status();
    for (const Value& result : (*reply)["results"].items()) take(result);
    at = without_gap(at, after(*reply), (*reply)["results"].items().size());
  }
  return {};
}

Result<std::vector<Space>> Wiki::spaces(const std::vector<std::string>& keys, const Context& context) {
  std::vector<Space> out;
  const auto take = [&](const Value& s) {
    const std::string id = s["id"].is_int() ? std::to_string(s["id"].as_int()) : s["id"].as_string();
    out.push_back({id, s["key"].as_string(), s["name"].as_string()});
    space_keys_[id] = out.back().key;
  };
  const auto clear = [&] { out.clear(); };
  if (cloud_) {
    std::string path = fmt::format("/api/v2/spaces?limit={}", kListed);
    if (!keys.empty()) path += "&keys=" + encode_query(joined(keys, 0, keys.size()));
    TARN_TRY(all(path, take, clear, context));
  } else {
    std::string path = "/rest/api/space?limit=100";
    for (const std::string& key : keys) path += "&spaceKey=" + encode_query(key);
    TARN_TRY(all(path, take, clear, context));
  }
  for (const std::string& key : keys) {
    if (std::none_of(out.begin(), out.end(), [&](const Space& s) { return s.key == key; })) {
      return Status(Code::not_found, "there is no space '" + key + "', or this account may not see it");
    }
  }
  return out;
}

Status Wiki::sweep(const Space& space, Kind kind, const Take& take, const Context& context) {
  std::map<std::string, Entry> found;  // an entry may come twice when something moves meanwhile
  const auto begin_again = [&] { found.clear(); };
  if (cloud_) {
    const std::string path = fmt::format("/api/v2/spaces/{}/{}&limit={}&sort=id", space.id, all_of(kind), kListed);
    TARN_TRY(all(
        path,
        [&](const Value& c) {
          Entry e = entry_v2(c, kind, space_keys_);
          found[e.id] = std::move(e);
        },
        begin_again, context));
  } else {
    const std::string path = fmt::format("/rest/api/content?spaceKey={}&type={}&status=current&limit=200&expand={}",
                                         encode_query(space.key), kind == Kind::post ? "blogpost" : "page", kMeta);
    TARN_TRY(all(
        path,
        [&](const Value& c) {
          Entry e = entry_v1(c);
          found[e.id] = std::move(e);
        },
        begin_again, context));
  }
  for (auto& [id, entry] : found) take(std::move(entry));
  return {};
}

Status Wiki::search(const std::string& cql, const Take& take, const Context& context) {
  std::map<std::string, Entry> found;
  const std::string path =
      fmt::format("/rest/api/content/search?cql={}&limit={}&expand={}", encode_query(cql), kListed, kMeta);
  TARN_TRY(all(
      path,
      [&](const Value& c) {
        if (!kind_of(c["type"].as_string())) return;
        Entry e = entry_v1(c);
        found[e.id] = std::move(e);
      },
      [&] { found.clear(); }, context));
  for (auto& [id, entry] : found) take(std::move(entry));
  return {};
}

Result<std::map<std::string, Entry>> Wiki::bodies(Kind kind, const std::vector<std::string>& ids,
                                                  const Context& context) {
  std::map<std::string, Entry> out;
  for (size_t from = 0; from < ids.size(); from += kWithBodies) {
    const std::string some = joined(ids, from, kWithBodies);
    if (cloud_ && (kind == Kind::page || kind == Kind::post)) {
      const std::string path =
          fmt::format("/api/v2/{}&id={}&body-format=storage&limit={}", all_of(kind), encode_query(some), kWithBodies);
      TARN_TRY(all(
          path,
          [&](const Value& c) {
            Entry e = entry_v2(c, kind, space_keys_);
            out[e.id] = std::move(e);
          },
          [] {}, context));
    } else {
      const std::string path = fmt::format("/rest/api/content/search?cql={}&limit={}&expand=body.storage,{}",
                                           encode_query("id in (" + some + ")"), kWithBodies, kMeta);
      TARN_TRY(all(
          path,
          [&](const Value& c) {
            Entry e = entry_v1(c);
            out[e.id] = std::move(e);
          },
          [] {}, context));
    }
  }
  return out;
}

Result<std::optional<Entry>> Wiki::one(Kind kind, const std::string& id, const Context& context) {
  struct Place {
    std::string path;
    bool is_inline = false;
  };
  std::vector<Place> places;
  const std::string written = encode_query(id);
  if (!cloud_) {
    places = {{fmt::format("/rest/api/content/{}?expand={}", written, kMeta)}};
  } else if (kind == Kind::comment) {
    places = {{"/api/v2/footer-comments/" + written}, {"/api/v2/inline-comments/" + written, true}};
  } else if (kind == Kind::attachment) {
    places = {{"/api/v2/attachments/" + written}};
  } else {
    places = {{fmt::format("/api/v2/{}/{}?include-labels=true", kind == Kind::post ? "blogposts" : "pages", written)}};
  }
  for (const auto& [path, is_inline] : places) {
    int status = 0;
    const auto reply = get(path, context, &status);
    if (status == 404) continue;
    if (!reply.ok()) return reply.status();
    Entry e = cloud_ ? entry_v2(*reply, kind, space_keys_) : entry_v1(*reply);
    e.is_inline = e.is_inline || is_inline;
    if (e.status != "current" && e.status != "archived") return std::optional<Entry>();
    return std::optional<Entry>(std::move(e));
  }
  return std::optional<Entry>();
}

Result<std::string> Wiki::parent(const std::string& id, const Context& context) {
  TARN_ASSIGN(const std::optional<Entry> page, one(Kind::page, id, context));
  if (page || !cloud_) return page ? Result<std::string>(page->parent) : Status(Code::not_found, id + " is not there");
  TARN_ASSIGN(const Value folder, get("/api/v2/folders/" + encode_query(id), context));
  return folder["parentId"].as_string();
}

Result<std::optional<Entry>> Wiki::find(const std::string& space, const std::string& title, const Context& context) {
  std::optional<Entry> found;
  const std::string cql = fmt::format("space = {} and type = page and title = {}", quoted(space), quoted(title));
  TARN_TRY(all(
      fmt::format("/rest/api/content/search?cql={}&limit=1&expand=body.storage,{}", encode_query(cql), kMeta),
      [&](const Value& c) { found = entry_v1(c); }, [] {}, context));
  return found;
}

std::map<std::string, std::string> Wiki::names(const std::vector<std::string>& ids, const Context& context) {
  std::map<std::string, std::string> out;
  const auto take = [&](const Value& user) {
    const std::string id = user[cloud_ ? "accountId" : "userKey"].as_string();
    if (!id.empty()) out[id] = name_of(user);
  };
  // A name that cannot be had is no reason to lose a page: its id stands there then.
  for (size_t from = 0; from < ids.size(); from += cloud_ ? kNames : 1) {
    if (cloud_) {
      std::string path = fmt::format("/rest/api/user/bulk?limit={}", kNames);
      for (size_t i = from; i < std::min(from + kNames, ids.size()); ++i) path += "&accountId=" + encode_query(ids[i]);
      if (const auto reply = get(path, context); reply.ok()) {
        for (const Value& user : (*reply)["results"].items()) take(user);
      }
    } else if (const auto reply = get("/rest/api/user?key=" + encode_query(ids[from]), context); reply.ok()) {
      take(*reply);
    }
  }
  return out;
}

Result<std::unique_ptr<ByteStream>> Wiki::download(const Entry& attachment, const Context& context) {
  http::Request request;
  request.url = base_ + below(base_, attachment.download);
  TARN_ASSIGN(std::unique_ptr<http::Stream> stream, client_->open(request, context));
  if (!stream->head().ok()) return client_->refusal(stream->head());
  return std::unique_ptr<ByteStream>(std::make_unique<Download>(std::move(stream), attachment.size_bytes, context));
}

}  // namespace tarn::connector::confluence
