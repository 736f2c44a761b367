// Reading in a worker process, for bytes that are not trusted. Neither is what the worker sends: it is checked like a
// file.
// Errors:  those of read() and of the worker (worker/pool.h); corruption for what is no document.
// Threads: as many calls at once as the pool has workers.
#pragma once

#include <string>
#include <string_view>

#include "document/document.h"
#include "worker/pool.h"

namespace tarn::document {

base::Status read_in(worker::Pool& pool, std::string_view bytes, std::string_view mime, std::string_view name,
                     const ExtractOptions& options, const Sink& sink);

// A document as a message. It is not stored.
std::string encode_document(const Document& document);
base::Result<Document> decode_document(std::string_view message);

}  // namespace tarn::document
