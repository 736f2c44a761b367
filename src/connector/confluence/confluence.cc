#include "connector/confluence/confluence.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/ascii.h"
#include "connector/confluence/run.h"
#include "connector/reading.h"
#include "connector/uri.h"
#include "http/url.h"

namespace tarn::connector::confluence {

struct Options {
  std::string user, ancestor, cql;
  std::vector<std::string> labels;
  bool no_comments = false, no_attachments = false;
  bool keep_originals = false;  // which ingest does
  int64_t acl_every = 60;
};

}  // namespace tarn::connector::confluence

namespace tarn::operation {

template <>
struct Describe<connector::confluence::Options> {
  static auto fields() {
    using connector::confluence::Options;
    return std::tuple{
        field("user", &Options::user,
              "the account whose API token is the secret (Confluence Cloud: an e-mail address); kept with the source"),
        field("label", &Options::labels, "pages with one of these labels only; kept with the source").metavar("LABEL"),
        field("ancestor", &Options::ancestor, "the page of this id and what lies below it only; kept with the source")
            .metavar("ID"),
        field("cql", &Options::cql, "pages that this condition finds only; kept with the source").metavar("CONDITION"),
        field("no_comments", &Options::no_comments, "leave comments out; kept with the source"),
        field("no_attachments", &Options::no_attachments, "leave attached files out; kept with the source"),
        keep_originals_field(&Options::keep_originals),
        field("acl_every", &Options::acl_every,
              "minutes after which all rights are read again though nothing changed; kept with the source")
            .between(0, 525'600)
            .metavar("MINUTES"),
    };
  }
};

}  // namespace tarn::operation

namespace tarn::connector::confluence {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kPrefix = "confluence+";

struct Place {
  std::string base;                 // "https://site/wiki"
  std::vector<std::string> spaces;  // sorted keys
};

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '~' || c == '_' || c == '-' || c == '.';
  });
}

Result<Place> place_of(const std::string& url) {
  Place out;
  std::string rest = url.substr(kPrefix.size());
  rest.resize(std::min(rest.find('#'), rest.size()));
  const size_t question = std::min(rest.find('?'), rest.size());
  std::string query = rest.substr(std::min(question + 1, rest.size()));
  out.base = rest.substr(0, question);
  while (out.base.ends_with('/')) out.base.pop_back();
  TARN_ASSIGN(const http::Url parsed, http::parse_url(out.base));  // refuses a password in it
  // A name of a host is the same in any case.
  const size_t path = out.base.find('/', out.base.find("://") + 3);
  out.base = base::lower(out.base.substr(0, path)) + out.base.substr(std::min(path, out.base.size()));
  // Cloud's is always there; who leaves it out means it.
  if (parsed.host.ends_with(".atlassian.net") && !out.base.ends_with("/wiki")) out.base += "/wiki";
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string one = query.substr(0, end);
    query.erase(0, end + 1);
    if (!one.starts_with("space=")) {
      return Status(Code::invalid_argument,
                    "'" + one.substr(0, one.find('=')) + "' is nothing that a Confluence URL has",
                    "write confluence+https://site/wiki?space=KEY; the rest are options");
    }
    TARN_ASSIGN(const std::string keys, decode_path(one.substr(6)));
    for (size_t at = 0; at <= keys.size();) {
      const size_t comma = std::min(keys.find(',', at), keys.size());
      const std::string key = keys.substr(at, comma - at);
      if (!is_key(key)) return Status(Code::invalid_argument, "'" + display_name(key) + "' is no key of a space");
      out.spaces.push_back(key);
      at = comma + 1;
    }
  }
  std::sort(out.spaces.begin(), out.spaces.end());
  out.spaces.erase(std::unique(out.spaces.begin(), out.spaces.end()), out.spaces.end());
  return out;
}

Result<std::string> canonical(const std::string& url) {
  TARN_ASSIGN(const Place place, place_of(url));
  std::string out = std::string(kPrefix) + place.base;
  for (size_t i = 0; i < place.spaces.size(); ++i) out += (i == 0 ? "?space=" : "&space=") + place.spaces[i];
  return out;
}

class Confluence final : public Connector {
 public:
  Confluence(Place place, Selection selection, http::Options options)
      : place_(std::move(place)), selection_(std::move(selection)), options_(std::move(options)) {}

  Result<Outcome> run(const json::Value& bookmark, const RunOptions& options, Sink& sink,
                      const base::Context& context) override {
    if (!wiki_) {
      TARN_ASSIGN(wiki_, Wiki::connect(options_, place_.base, context));
    }
    return confluence::run(wiki_, selection_, bookmark, options, sink, context);
  }

 private:
  const Place place_;
  const Selection selection_;
  const http::Options options_;
  std::shared_ptr<Wiki> wiki_;
};

Result<std::unique_ptr<Connector>> open(const Source& source) {
  TARN_ASSIGN(Options options, operation::decode<Options>(source.options));
  TARN_ASSIGN(Place place, place_of(source.url));
  Selection selection{place.spaces,         options.labels,          options.ancestor,      options.cql,
                      !options.no_comments, !options.no_attachments, options.acl_every * 60};
  for (const std::string& label : options.labels) {
    if (label.empty() || label.find_first_of(" \t\n\"\\") != std::string::npos) {
      return Status(Code::invalid_argument, "'" + display_name(label) + "' is no label");
    }
  }
  if (!options.ancestor.empty() && !std::all_of(options.ancestor.begin(), options.ancestor.end(),
                                                [](unsigned char c) { return std::isdigit(c) != 0; })) {
    return Status(Code::invalid_argument, "'" + display_name(options.ancestor) + "' is no id of a page",
                  "it is the number in the page's address");
  }
  http::Options transport;
  if (!source.secret.empty()) {
    transport.credentials = options.user.empty() ? http::Credentials::bearer(source.secret.reveal())
                                                 : http::Credentials::basic(options.user, source.secret.reveal());
  }
  return std::unique_ptr<Connector>(
      std::make_unique<Confluence>(std::move(place), std::move(selection), std::move(transport)));
}

}  // namespace

Descriptor descriptor() {
  Descriptor d;
  d.name = "confluence";
  d.doc = "a Confluence wiki (Cloud or Data Center): pages, blog posts, comments, attached files";
  d.schemes = {"confluence+https", "confluence+http"};
  d.written = "confluence+https://site/wiki?space=KEY";
  d.options = operation::shape_of<Options>();
  d.kept = {"user",     "label", "ancestor", "cql", "no_comments", "no_attachments", std::string(kKeepOriginals),
            "acl_every"};
  d.takes_secret = true;
  d.permissions = true;
  d.canonical = canonical;
  d.open = open;
  return d;
}

}  // namespace tarn::connector::confluence
