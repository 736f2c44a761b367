// The encoder, if there is one.
// Threads: any.
#pragma once

#include <memory>

#include "base/once.h"
#include "encode/encoder.h"
#include "workspace/options.h"

namespace tarn::workspace {

class Model {
 public:
  // `named`: the user named the model, so that it must be there.
  Model(const OpenOptions& options, bool named) : options_(options), named_(named) {}

  encode::Encoder* encoder() { return opened()->encoder.get(); }  // null when there is none
  base::Status status() { return opened()->status; }              // of the attempt to open it
  base::Status check();                                           // why there is none, where there should be one

 private:
  struct Opened {
    std::shared_ptr<encode::Encoder> encoder;
    base::Status status;
  };
  std::shared_ptr<const Opened> opened();

  const OpenOptions& options_;
  const bool named_;
  base::Once<std::shared_ptr<const Opened>> encoder_;
};

}  // namespace tarn::workspace
