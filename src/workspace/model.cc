#include "workspace/model.h"

#include <filesystem>

namespace tarn::workspace {

using base::Result;
using base::Status;

std::shared_ptr<const Model::Opened> Model::opened() {
  return encoder_
      .get([&]() -> Result<std::shared_ptr<const Opened>> {
        auto opened = std::make_shared<Opened>();
        if (options_.model == "deterministic") {
          opened->encoder = encode::make_deterministic();
        } else if (options_.model != "none") {
          auto made = encode::make_encoder({options_.model, options_.plugin, options_.threads});
          opened->status = made.status();
          if (made.ok()) opened->encoder = std::move(*made);
        }
        return std::shared_ptr<const Opened>(std::move(opened));
      })
      .value();  // that there is none is no failure
}

Status Model::check() {
  const auto found = opened();
  std::error_code error;
  // The package of words has no model, and that is no mistake; one that was named, or that lies there in pieces, is.
  if (found->status.ok() || (!named_ && !std::filesystem::exists(options_.model, error))) return base::ok();
  const std::string& hint = found->status.hint();
  return Status(found->status.code(), "the encoder's model: " + found->status.message(),
                (hint.empty() ? "" : hint + "; ") + "or go on by word only with --model none");
}

}  // namespace tarn::workspace
