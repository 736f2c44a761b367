// What a request to pull means: a source by its name in tarn.toml, by its URL or by its path, with its options and its
// secret.
// Errors:  invalid_argument (no source, options that tarn.toml settles), not_found (neither a name nor a path), and
//          those of tarn.toml and of the place of the secret.
#pragma once

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
};

base::Result<PullPlan> plan_pull(const PullRequest& request, NamedSources& sources, const base::Context& context);

}  // namespace tarn::workspace
