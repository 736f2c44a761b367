// Bytes of an item → Document, in a worker process: bytes of a source are not trusted.
// Threads: an Extract may be called from several threads at once, as many as its pool has workers.
#pragma once

#include <functional>
#include <string_view>

#include "base/status.h"
#include "document/document.h"
#include "worker/pool.h"

namespace tarn::connector {

using Extract = std::function<base::Result<document::Document>(
    std::string_view bytes, std::string_view mime, std::string_view name, const document::ExtractOptions& options)>;

// The job "document.extract" (document::register_jobs) in a pool that outlives the result.
Extract extract_in(worker::Pool& pool);

}  // namespace tarn::connector
