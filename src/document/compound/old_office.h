// The readers of what a compound file holds.
#pragma once

#include "document/compound/compound_file.h"
#include "document/reader.h"

namespace tarn::document::compound {

inline constexpr std::string_view kWordMime = "application/msword";
inline constexpr std::string_view kExcelMime = "application/vnd.ms-excel";
inline constexpr std::string_view kPowerPointMime = "application/vnd.ms-powerpoint";
inline constexpr std::string_view kOutlookMime = "application/vnd.ms-outlook";

base::Status read_word(CompoundFile& file, const Sink& sink);
// `stream`: the workbook's records.
base::Status read_excel(std::string_view stream, CompoundFile* file, const Sink& sink);
base::Status read_power_point(CompoundFile& file, const Sink& sink);
base::Status read_outlook(CompoundFile& file, const Input& input, const Sink& sink);

inline base::Status encrypted() {
  return {base::Code::permission_denied, "it is encrypted with a password", "save it without one"};
}

}  // namespace tarn::document::compound
