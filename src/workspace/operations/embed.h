// embed(): the vector of a text, in SQL.
#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class Model;

struct EmbedRequest {
  std::string text;
};
struct EmbedReply {
  std::vector<double> vector;
};

struct Embed {
  static constexpr const char* kSqlType = "FLOAT[]";
  static operation::Declaration<EmbedRequest, EmbedReply> declare();
  static base::Result<EmbedReply> run(const EmbedRequest& request, Model& model, const base::Context& context);
  static const std::vector<double>& value(const EmbedReply& reply) { return reply.vector; }
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::EmbedRequest> {
  static auto fields() {
    return std::tuple{field("text", &workspace::EmbedRequest::text, "what is encoded")
                          .required()
                          .positional()
                          .max_bytes(size_t{1} << 30)};
  }
};
template <>
struct Describe<workspace::EmbedReply> {
  static auto fields() {
    return std::tuple{field("vector", &workspace::EmbedReply::vector, "as the encoder makes it of a query")};
  }
};

}  // namespace tarn::operation
