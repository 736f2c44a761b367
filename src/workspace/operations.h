// Every operation of Tarn: one line each, in the order of the help. Each stands in files of its own in operations/.
// Units:   start and end are byte offsets into `body` at the version named; times are RFC 3339, UTC; took_ms is wall
//          time.
#pragma once

#include "workspace/operations/ask.h"
#include "workspace/operations/check.h"
#include "workspace/operations/connectors.h"
#include "workspace/operations/diff.h"
#include "workspace/operations/doctor.h"
#include "workspace/operations/embed.h"
#include "workspace/operations/fetch.h"
#include "workspace/operations/forget.h"
#include "workspace/operations/history.h"
#include "workspace/operations/link.h"
#include "workspace/operations/optimize.h"
#include "workspace/operations/passages.h"
#include "workspace/operations/pull.h"
#include "workspace/operations/restore.h"
#include "workspace/operations/search.h"
#include "workspace/operations/show.h"
#include "workspace/operations/sources.h"
#include "workspace/operations/sql.h"
#include "workspace/operations/tables.h"
#include "workspace/operations/tag.h"
#include "workspace/operations/vacuum.h"
#include "workspace/operations/verify.h"
#include "workspace/operations/who_can_see.h"

namespace tarn::workspace {

// clang-format off
using Operations = operation::List<
    Pull,
    Sources,
    Connectors,
    ListTables,
    Show,
    History,
    Search,
    Ask,
    Verify,
    Fetch,
    WhoCanSee,
    Sql,
    Tag,
    Restore,
    Vacuum,
    Diff,
    Forget,
    Link,
    Optimize,
    Check,
    Doctor,
    Passages,
    Embed>;
// clang-format on

}  // namespace tarn::workspace
