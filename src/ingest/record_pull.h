// A pull of a source of records: into a table of its own, in one commit with the bookmark.
// Shape:   columns are those of the source; new ones come last, and are null in older rows. A table of records has one
//          source, which made it: two sources could not tell whose rows are gone.
#pragma once

#include "ingest/ingest.h"

namespace tarn::ingest {

base::Result<PullReport> pull_records(const PullRequest& request, const Environment& environment,
                                      const connector::Descriptor& kind, const base::Context& context);

}  // namespace tarn::ingest
