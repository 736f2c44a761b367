#include "connector/confluence/rights.h"

#include <fmt/format.h>

#include <algorithm>

namespace tarn::connector::confluence {

using base::Code;
using base::Context;
using base::Result;
using base::Status;
using json::Value;

namespace {

constexpr int kListed = 250;
constexpr int kMaxDepth = 100;  // of pages below each other
constexpr std::string_view kSubjects = "restrictions.read.restrictions.user,restrictions.read.restrictions.group";

}  // namespace

// What is listed of a space; the rest is asked for page by page when it is needed.
Status Rights::sweep() {
  for (const Space& space : there_.spaces) {
    std::map<std::string, Value> found;
    const std::string cql = fmt::format("space = \"{}\" and type in (page, blogpost)", space.key);
    const Status listed = wiki_.all(
        fmt::format("/rest/api/content/search?cql={}&limit={}&expand={}", encode_query(cql), kListed, kSubjects),
        [&](const Value& c) { found[c["id"].as_string()] = c["restrictions"]["read"]["restrictions"]; },
        [&] { found.clear(); }, context_);
    TARN_TRY(context_.check());
    if (!listed.ok()) continue;
    for (const auto& [id, restrictions] : found) TARN_TRY(take(id, restrictions));
  }
  return {};
}

Status Rights::take(const std::string& page, const Value& restrictions) {
  Layer layer{page};
  if (restrictions["user"].is_object() && restrictions["group"].is_object()) {
    Status read = subjects(restrictions["user"], Principal::Kind::user, &layer.may);
    if (read.ok()) read = subjects(restrictions["group"], Principal::Kind::group, &layer.may);
    layer.is_known = read.ok();
    TARN_TRY(context_.check());
  }
  pages_[page] = std::move(layer);
  return {};
}

Principal Rights::principal(const Value& subject, Principal::Kind kind) const {
  Principal out{kind, {}};
  if (kind == Principal::Kind::group) {
    out.name = subject["name"].as_string();
    out.id = wiki_.is_cloud() ? subject["id"].as_string() : out.name;
  } else {
    out.id = subject[wiki_.is_cloud() ? "accountId" : "username"].as_string();
    out.name = subject["displayName"].as_string();
    out.email = subject["email"].as_string();
  }
  return out;
}

// A list within an answer, with the pages of it that follow. Who has no id stays in it as nobody: a page that is
// restricted to him is not open to all.
Status Rights::subjects(const Value& list, Principal::Kind kind, std::set<Principal>* out) {
  const auto one = [&](const Value& subject) { out->insert(principal(subject, kind)); };
  for (const Value& subject : list["results"].items()) one(subject);
  const std::string next = wiki_.after(list);
  if (next.empty()) return {};
  return wiki_.all(next, one, [] {}, context_);
}

Result<const Layer*> Rights::restriction(const std::string& page) {
  if (const auto known = pages_.find(page); known != pages_.end()) return &known->second;
  const auto reply = wiki_.get(
      fmt::format("/rest/api/content/{}/restriction/byOperation/read?expand=restrictions.user,restrictions.group",
                  encode_query(page)),
      context_);
  TARN_TRY(context_.check());
  if (reply.ok()) {
    TARN_TRY(take(page, (*reply)["restrictions"]));
  } else {
    pages_[page] = Layer{page};
  }
  return &pages_.at(page);
}

Result<const Layer*> Rights::space(const std::string& key) {
  if (const auto known = spaces_.find(key); known != spaces_.end()) return &known->second;
  Layer layer{"space:" + key};
  layer.is_known = read_space(key, &layer).ok();
  TARN_TRY(context_.check());
  if (!layer.is_known) layer.may.clear();
  return &(spaces_[key] = std::move(layer));
}

Status Rights::read_space(const std::string& key, Layer* out) {
  if (wiki_.is_cloud()) {
    TARN_ASSIGN(const Value reply, wiki_.get("/rest/api/space/" + encode_query(key) + "?expand=permissions", context_));
    if (!reply["permissions"].is_array()) return {Code::permission_denied, "the permissions of a space are not told"};
    for (const Value& p : reply["permissions"].items()) {
      if (p["operation"]["operation"] != Value("read") || p["operation"]["targetType"] != Value("space")) continue;
      if (p["anonymousAccess"].as_bool()) out->may.insert({Principal::Kind::anonymous, {}});
      TARN_TRY(subjects(p["subjects"]["user"], Principal::Kind::user, &out->may));
      TARN_TRY(subjects(p["subjects"]["group"], Principal::Kind::group, &out->may));
    }
    return {};
  }
  // Data Center's REST has had none for long.
  TARN_ASSIGN(const Value reply, wiki_.call("getSpacePermissionSets", Value::array({key}), context_));
  if (!reply.is_array()) return {Code::permission_denied, "the permissions of a space are not told"};
  for (const Value& set : reply.items()) {
    if (set["type"] != Value("VIEWSPACE")) continue;
    for (const Value& p : set["spacePermissions"].items()) {
      const std::string user = p["userName"].as_string(), group = p["groupName"].as_string();
      if (!user.empty()) out->may.insert({Principal::Kind::user, user});
      if (!group.empty()) out->may.insert({Principal::Kind::group, group, group});
      if (user.empty() && group.empty()) out->may.insert({Principal::Kind::anonymous, {}});
    }
  }
  return {};
}

Result<std::vector<Layer>> Rights::of(const Entry& entry) {
  const Entry* on = &entry;
  for (int n = 0; n < kMaxDepth && !on->container.empty(); ++n) {
    const auto above = there_.entries.find(on->container);
    if (above == there_.entries.end()) return std::vector<Layer>{{on->container}};  // nobody
    on = &above->second;
  }
  std::vector<Layer> out;
  TARN_ASSIGN(const Layer* of_space, space(on->space));
  out.push_back(*of_space);
  std::vector<std::string> pages = {on->id};
  std::string at = on->kind == Kind::page ? on->parent : "";
  for (int n = 0; !at.empty(); ++n) {
    pages.push_back(at);
    TARN_ASSIGN(const std::optional<std::string> next, above(at));
    if (!next || n == kMaxDepth) {
      out.push_back({at});  // what is above it is not known
      break;
    }
    at = *next;
  }
  for (const std::string& page : pages) {
    TARN_ASSIGN(const Layer* layer, restriction(page));
    if (!layer->is_known || !layer->may.empty()) out.push_back(*layer);
  }
  return out;
}

// Of a page or a folder, which may be none of those that are pulled. Nothing where it cannot be told.
Result<std::optional<std::string>> Rights::above(const std::string& page) {
  const auto there = there_.entries.find(page);
  if (there != there_.entries.end()) return std::optional(there->second.parent);
  if (const auto known = above_.find(page); known != above_.end()) return known->second;
  auto parent = wiki_.parent(page, context_);
  TARN_TRY(context_.check());
  return above_[page] = parent.ok() ? std::optional(std::move(*parent)) : std::nullopt;
}

Result<std::set<Principal>> Rights::members(const Principal& group) {
  std::set<Principal> out;
  const std::string path = wiki_.is_cloud()
                               ? "/rest/api/group/" + encode_query(group.id) + "/membersByGroupId?limit=200"
                               : "/rest/api/group/" + encode_query(group.id) + "/member?limit=200";
  TARN_TRY(wiki_.all(
      path, [&](const Value& user) { out.insert(principal(user, Principal::Kind::user)); }, [&] { out.clear(); },
      context_));
  return out;
}

bool is_within(const std::vector<Layer>& one, const std::vector<Layer>& other) {
  return std::all_of(other.begin(), other.end(), [&](const Layer& wanted) {
    if (!wanted.is_known) return false;
    if (wanted.may.contains({Principal::Kind::anonymous, {}})) return true;
    return std::any_of(one.begin(), one.end(), [&](const Layer& had) {
      return had.is_known && std::includes(wanted.may.begin(), wanted.may.end(), had.may.begin(), had.may.end());
    });
  });
}

}  // namespace tarn::connector::confluence
