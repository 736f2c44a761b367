// What a request to pull means: a source by its name in tarn.toml, by its URL or by its path, with its options and its
// secret.
// Errors:  invalid_argument (no source, options that tarn.toml settles), not_found (neither a name nor a path), and
//          those of the place of the secret.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "connector/descriptor.h"
#include "ingest/ingest.h"
#include "workspace/named_sources.h"
#include "workspace/operations/pull.h"

namespace tarn::workspace {

struct PullPlan {
  ingest::PullRequest request;
  std::vector<connector::Descriptor> connectors;  // held to say nothing of the secret
  std::string name;                               // in tarn.toml; "" of a URL or a path
  connector::SecretPlace secret;
};

// `named` is what tarn.toml has of that name.
base::Result<PullPlan> plan_pull(const PullRequest& request, const std::optional<connector::NamedSource>& named,
                                 NamedSources& sources);
// From where it is kept, into the plan's request.
base::Status fetch_secret(const base::Context& context, PullPlan* plan);

}  // namespace tarn::workspace
