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

constexpr int kMaxDepth = 100;  // of pages below each other
constexpr std::string_view kSubjects = "restrictions.read.restrictions.user,restrictions.read.restrictions.group";
constexpr std::string_view kAnonymous = "anonymous:";  // no user's and no group's id
constexpr std::string_view kGroup = "group:";          // before a group's id: a user may be called the same

}  // namespace

Status Rights::sweep() {
  for (const Space& space : there_.spaces) {
    std::map<std::string, Value> found;
    const std::string cql = fmt::format("space = \"{}\" and type in (page, blogpost)", space.key);
    const Status listed = wiki_.all(
        fmt::format("/rest/api/content/search?cql={}&limit={}&expand={}", encode_query(cql), kListed, kSubjects),
        [&](const Value& c) { found[c["id"].as_string()] = c["restrictions"]["read"]["restrictions"]; },
        [&] { found.clear(); }, context_);
    TARN_TRY(context_.check());
    if (!listed.ok()) unread_["restrictions in " + space.key] = listed.message();
    for (const auto& [id, e] : there_.entries) {
      if (!is_page(e.kind) || e.space != space.key) continue;
      if (const auto told = found.find(id); told != found.end()) {
        TARN_TRY(take(id, told->second));
      } else if (!listed.ok()) {
        pages_[id] = Layer{id};
      }  // else it is asked for by itself
    }
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
  if (!layer.is_known) unread_["page " + page] = "its restrictions were not told";
  pages_[page] = std::move(layer);
  return {};
}

std::string Rights::named(const Value& subject, Principal::Kind kind) {
  if (kind == Principal::Kind::group) {
    const std::string name = subject["name"].as_string();
    return named(kind, wiki_.is_cloud() ? subject["id"].as_string() : name, name, {});
  }
  return named(kind, subject[wiki_.is_cloud() ? "accountId" : "username"].as_string(),
               subject["displayName"].as_string(), subject["email"].as_string());
}

std::string Rights::named(Principal::Kind kind, std::string id, std::string name, std::string email) {
  if (kind == Principal::Kind::anyone) id = kAnonymous;
  if (id.empty()) return std::string(kNobody);
  if (kind == Principal::Kind::group) id.insert(0, kGroup);
  Principal& known = principals_[id];
  known.id = id;
  known.kind = kind;
  if (!name.empty()) known.name = std::move(name);
  if (!email.empty()) known.email = std::move(email);
  return id;
}

// A list within an answer, with the pages of it that follow. Who has no id stays in it as nobody: a page that is
// restricted to him is not open to all.
Status Rights::subjects(const Value& list, Principal::Kind kind, std::set<std::string>* out) {
  const auto one = [&](const Value& subject) { out->insert(named(subject, kind)); };
  for (const Value& subject : list["results"].items()) one(subject);
  const std::string next = wiki_.after(list);
  if (next.empty()) return {};
  return wiki_.all(next, one, [] {}, context_);
}

Result<const Layer*> Rights::restriction(const std::string& page) {
  if (const auto known = pages_.find(page); known != pages_.end()) return &known->second;
  pages_[page] = Layer{page};
  if (failures_ >= kMaxFailures) return &pages_.at(page);
  const auto reply = wiki_.get(
      fmt::format("/rest/api/content/{}/restriction/byOperation/read?expand=restrictions.user,restrictions.group",
                  encode_query(page)),
      context_);
  TARN_TRY(context_.check());
  failures_ = reply.ok() ? 0 : failures_ + 1;
  if (reply.ok()) {
    TARN_TRY(take(page, (*reply)["restrictions"]));
  } else {
    unread_["page " + page] = reply.status().message();
  }
  return &pages_.at(page);
}

Result<const Layer*> Rights::space(const std::string& key) {
  if (const auto known = spaces_.find(key); known != spaces_.end()) return &known->second;
  Layer layer{"space:" + key};
  const Status read = read_space(key, &layer);
  TARN_TRY(context_.check());
  layer.is_known = read.ok();
  if (!read.ok()) {
    layer.may.clear();
    unread_["space " + key] = read.message();
  }
  return &(spaces_[key] = std::move(layer));
}

Status Rights::read_space(const std::string& key, Layer* out) {
  const Status untold(Code::permission_denied, "its permissions were not told");
  if (wiki_.is_cloud()) {
    TARN_ASSIGN(const Value reply, wiki_.get("/rest/api/space/" + encode_query(key) + "?expand=permissions", context_));
    if (!reply["permissions"].is_array()) return untold;
    for (const Value& p : reply["permissions"].items()) {
      if (p["operation"]["operation"] != Value("read") || p["operation"]["targetType"] != Value("space")) continue;
      if (p["anonymousAccess"].as_bool()) out->may.insert(named(Principal::Kind::anyone, {}, {}, {}));
      TARN_TRY(subjects(p["subjects"]["user"], Principal::Kind::user, &out->may));
      TARN_TRY(subjects(p["subjects"]["group"], Principal::Kind::group, &out->may));
    }
    return {};
  }
  // Data Center's REST has had none for long.
  TARN_ASSIGN(const Value reply, wiki_.call("getSpacePermissionSets", Value::array({key}), context_));
  if (!reply.is_array()) return untold;
  for (const Value& set : reply.items()) {
    if (set["type"] != Value("VIEWSPACE")) continue;
    for (const Value& p : set["spacePermissions"].items()) {
      const std::string user = p["userName"].as_string(), group = p["groupName"].as_string();
      if (!user.empty()) out->may.insert(named(Principal::Kind::user, user, {}, {}));
      if (!group.empty()) out->may.insert(named(Principal::Kind::group, group, group, {}));
      if (user.empty() && group.empty()) out->may.insert(named(Principal::Kind::anyone, {}, {}, {}));
    }
  }
  return {};
}

Result<std::vector<Layer>> Rights::of(const Entry& entry) {
  const Entry* on = &entry;
  for (int n = 0; n < kMaxDepth && !on->container.empty(); ++n) {
    const auto container = there_.entries.find(on->container);
    if (container == there_.entries.end()) return std::vector<Layer>{Layer{on->container}};
    on = &container->second;
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
      out.push_back(Layer{"above:" + at});  // what is there is not known
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

Result<Rights::People> Rights::people() {
  People out;
  std::set<std::string> groups;
  for (const auto* layers : {&spaces_, &pages_}) {
    for (const auto& [key, layer] : *layers) {
      for (const std::string& id : layer.may) {
        if (id.starts_with(kGroup)) groups.insert(id);
      }
    }
  }
  for (const std::string& group : groups) {
    const std::string written = encode_query(group.substr(kGroup.size()));
    std::set<std::string> members;
    const Status read = wiki_.all(
        "/rest/api/group/" + written + (wiki_.is_cloud() ? "/membersByGroupId?limit=200" : "/member?limit=200"),
        [&](const Value& user) { members.insert(named(user, Principal::Kind::user)); }, [&] { members.clear(); },
        context_);
    TARN_TRY(context_.check());
    if (!read.ok()) {
      unread_[group] = read.message();
      continue;
    }
    for (const std::string& member : members) {
      if (member != kNobody) out.members.push_back({group, member});
    }
  }
  for (const auto& [id, principal] : principals_) out.principals.push_back(principal);
  return out;
}

// One for all: each has nobody for its readers until it could be read.
std::vector<Reject> Rights::unread() const {
  if (unread_.empty()) return {};
  const auto& [where, why] = *unread_.begin();
  return {{wiki_.base() + "#rights", "",
           fmt::format("of {} spaces, pages or groups they could not be read, and whom these alone let in may not read "
                       "what they rule: {}: {}",
                       unread_.size(), where, why),
           Reject::Kind::noted}};
}

bool is_within(const std::vector<Layer>& one, const std::vector<Layer>& other) {
  return std::all_of(other.begin(), other.end(), [&](const Layer& wanted) {
    if (!wanted.is_known) return false;
    if (wanted.may.contains(std::string(kAnonymous))) return true;
    return std::any_of(one.begin(), one.end(), [&](const Layer& had) {
      return had.is_known && std::includes(wanted.may.begin(), wanted.may.end(), had.may.begin(), had.may.end());
    });
  });
}

}  // namespace tarn::connector::confluence
