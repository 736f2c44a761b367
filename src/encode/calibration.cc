#include "encode/calibration.h"

#include <fmt/format.h>

#include "encode/model_directory.h"

namespace tarn::encode {
namespace {

constexpr const char* kHint = "correct or remove it; without it answers are marked as uncalibrated";

base::Status wrong(const std::string& path, std::string what) {
  return {base::Code::corruption, path + ": " + std::move(what), kHint};
}

base::Result<double> number(const json::Value& object, const char* name, double least, double most,
                            const std::string& path) {
  const json::Value& value = object[name];
  if (!value.is_number() || !(value.as_double() >= least && value.as_double() <= most)) {
    return wrong(path, fmt::format("{} is {}, not a number from {} to {}", name, json::write(value), least, most));
  }
  return value.as_double();
}

}  // namespace

base::Result<std::optional<Calibration>> read_calibration(const std::string& directory,
                                                          const std::string& fingerprint) {
  const std::string path = directory + "/calibration.json";
  TARN_ASSIGN(const std::optional<JsonFile> file, read_json_if_there(path));
  if (!file) return std::optional<Calibration>();
  const json::Value& object = file->value;
  const json::Value& format = object["format"];
  if (format.is_int() && format.as_int() > Calibration::kFormat) {
    return base::Status(
        base::Code::unsupported,
        fmt::format("{}: format {}, this program reads {}", path, format.as_int(), Calibration::kFormat),
        "use a newer Tarn, or remove the file: answers are then marked as uncalibrated");
  }
  if (format != json::Value(Calibration::kFormat)) {
    return wrong(path, fmt::format("format is {}, not {}", json::write(format), Calibration::kFormat));
  }
  if (object["model"].as_string() != fingerprint) {
    return wrong(path, fmt::format("it was fitted with the model {}, and {} lies beside it",
                                   json::write(object["model"]), fingerprint));
  }
  Calibration made;
  TARN_ASSIGN(made.semantic_weight, number(object["hybrid"], "semantic_weight", 0, 1, path));
  const std::pair<const char*, double*> fields[] = {
      {"bias", &made.answer.bias},       {"nearest", &made.answer.nearest},         {"found", &made.answer.found},
      {"missing", &made.answer.missing}, {"counterpart", &made.answer.counterpart}, {"unkind", &made.answer.unkind},
  };
  for (const auto& [name, field] : fields) {
    TARN_ASSIGN(*field, number(object["answer"], name, -Calibration::kMaxWeight, Calibration::kMaxWeight, path));
  }
  return std::optional(made);
}

}  // namespace tarn::encode
