#include "workspace/pull_plan.h"

#include <filesystem>

#include "connector/discreet.h"
#include "lake/table_name.h"
#include "operation/nearest.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;

namespace {

// A word that could have been a name: what it was taken for instead is said where nothing is there.
Status explain_word(const std::string& word, NamedSources& sources) {
  std::error_code error;
  if (!connector::is_source_name(word) || std::filesystem::exists(word, error)) return {};
  TARN_ASSIGN(const auto all, sources.all());
  if (all.empty()) return {};
  std::vector<std::string> names;
  for (const connector::NamedSource& source : all) names.push_back(source.name);
  const std::string near = operation::did_you_mean(word, names);
  return {Code::not_found, sources.file() + " names no source '" + word + "', and no file or folder here is called so",
          near.empty() ? "tarn sources lists what there is" : near};
}

Status add_named(const PullRequest& request, const connector::NamedSource& named, const connector::Descriptor& kind,
                 ingest::PullRequest* pull) {
  const auto into = lake::full_name(request.into), table = lake::full_name(named.into);
  if (!request.into.empty() && (!into.ok() || !table.ok() || *into != *table)) {
    return {Code::invalid_argument, "the source '" + named.name + "' goes into " + named.into + ", by tarn.toml",
            "leave --into out, or change it there"};
  }
  pull->source.url = named.url;
  pull->source.options = named.options;
  pull->table = named.into;
  pull->forget_options = true;  // what stands in the file is all
  for (const auto& [name, value] : request.options.members()) {
    const json::Value given = json::Value::object({{name, value}});
    TARN_TRY(connector::check_options(kind, given));
    if (!connector::is_once(kind, name)) {
      return {
          Code::invalid_argument,
          connector::describe_options(given) + ": how the source '" + named.name + "' is pulled stands in tarn.toml",
          "change it there"};
    }
    pull->source.options.set(name, value);
  }
  return {};
}

}  // namespace

Result<PullPlan> plan_pull(const PullRequest& request, const std::optional<connector::NamedSource>& named,
                           NamedSources& sources) {
  if (request.source.empty()) {
    return Status(Code::invalid_argument, "no source is named", "give a folder, a file, a URL or a name, or --all");
  }
  PullPlan plan;
  plan.connectors = sources.connectors();
  plan.request.source.url = request.source;
  plan.request.source.options = request.options;
  plan.request.table = request.into.empty() ? std::string(ingest::kDocuments) : request.into;
  plan.request.forget_options = request.default_reading;
  plan.request.dry_run = request.dry_run;
  if (request.believe_deletions) plan.request.believe_deletions = static_cast<uint64_t>(*request.believe_deletions);
  plan.request.commit_every = static_cast<uint64_t>(request.commit_every);
  if (!named) {
    TARN_TRY(explain_word(request.source, sources));
    return plan;
  }
  TARN_ASSIGN(const connector::Descriptor* const kind, connector::find(plan.connectors, named->url));
  TARN_TRY(add_named(request, *named, *kind, &plan.request));
  plan.name = named->name;
  plan.secret = named->secret;
  plan.connectors = connector::discreet(std::move(plan.connectors));
  return plan;
}

Status fetch_secret(const base::Context& context, PullPlan* plan) {
  auto secret = connector::read_secret(plan->secret, context);
  if (!secret.ok()) return secret.status().with_context("the source '" + plan->name + "'");
  plan->request.source.secret = *std::move(secret);
  return {};
}

}  // namespace tarn::workspace
