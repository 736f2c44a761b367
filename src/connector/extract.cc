#include "connector/extract.h"

namespace tarn::connector {

Extract extract_in(worker::Pool& pool) {
  return [&pool](std::string_view bytes, std::string_view mime, std::string_view name,
                 const document::ExtractOptions& options) -> base::Result<document::Document> {
    TARN_ASSIGN(std::string reply,
                pool.run("document.extract", document::encode_extract_request(bytes, mime, name, options)));
    return document::decode_extract_reply(reply);
  };
}

}  // namespace tarn::connector
