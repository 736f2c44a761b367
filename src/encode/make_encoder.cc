#include <fmt/format.h>

#include "encode/encoder.h"
#include "encode/family.h"

namespace tarn::encode {
namespace {

constexpr int kMaxThreads = 256;

struct Family {
  const char* kind;
  base::Result<std::unique_ptr<Encoder>> (*make)(const ModelDirectory&, const ModelOptions&);
  const char* is;
};

#define TARN_ENTRY(kind, make, is) {kind, make, is},
constexpr Family kFamilies[] = {TARN_FAMILIES(TARN_ENTRY)};
#undef TARN_ENTRY

}  // namespace

base::Result<std::unique_ptr<Encoder>> make_encoder(const ModelOptions& options) {
  if (options.threads < 1 || options.threads > kMaxThreads) {
    return base::Status(base::Code::invalid_argument,
                        fmt::format("{} threads, not 1 to {}", options.threads, kMaxThreads));
  }
  if (options.precision != "bf16" && options.precision != "f32") {
    return base::Status(base::Code::invalid_argument, fmt::format("precision '{}'", options.precision),
                        "bf16 and f32 are the precisions");
  }
  TARN_ASSIGN(const ModelDirectory directory, ModelDirectory::read(options.directory));
  std::string supported;
  for (const Family& family : kFamilies) {
    if (directory.kind == family.kind) return family.make(directory, options);
    supported += fmt::format("{}\"{}\" ({})", supported.empty() ? "" : ", ", family.kind, family.is);
  }
  return base::Status(
      base::Code::unsupported,
      fmt::format("{}: the model is of the kind \"{}\"; supported: {}", directory.kind_file, directory.kind, supported),
      "use a model of these, such as all-MiniLM-L6-v2");
}

}  // namespace tarn::encode
