#include "workspace/operations/embed.h"

#include "workspace/model.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

operation::Declaration<EmbedRequest, EmbedReply> Embed::declare() {
  operation::Operation o;
  o.name = "embed";
  o.faces = {Face::sql};
  o.doc = "the vector of a text";
  o.examples = {{"SELECT embed('write-ahead log')", "of a query"}};
  o.errors = {{Code::unavailable, "no encoder is installed"}};
  return operation::declare<EmbedRequest, EmbedReply>(std::move(o));
}

Result<EmbedReply> Embed::run(const EmbedRequest& request, Model& model, const base::Context& context) {
  encode::Encoder* encoder = model.encoder();
  if (encoder == nullptr) return Status(Code::unavailable, "no encoder is installed", "install the model part");
  // A statement may ask for as many as a table has rows: its texts take turns with other bulk work.
  const encode::Input input{encode::Role::query, request.text};
  TARN_ASSIGN(const std::vector<float> vector, encoder->encode({&input, 1}, encode::Urgency::bulk, context));
  return EmbedReply{{vector.begin(), vector.end()}};
}

}  // namespace tarn::workspace
