// Any bytes as a compound file, or as the streams of one: the first byte says of which kind. Streams are packed whole,
// so that no table of sectors keeps them from the readers; two more bytes say how long the first of two is.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/compound/compound_writer_test.h"
#include "document/document.h"

namespace {

using tarn::document::Document;
using tarn::document::compound::CompoundWriter;

std::string packed(uint8_t kind, std::string_view rest) {
  const size_t head = rest.size() < 2 ? 0 : tarn::base::load_le<uint16_t>(rest.data());
  const std::string_view streams = rest.substr(std::min<size_t>(rest.size(), 2));
  const std::string first(streams.substr(0, head)), second(streams.substr(std::min(head, streams.size())));
  CompoundWriter file;
  switch (kind) {
    case 1:
      return file.add("WordDocument", first).add("1Table", second).add("Data", second).bytes();
    case 2:
      return file.add("Workbook", first).add("\005SummaryInformation", second).bytes();
    case 3:
      return file.add("PowerPoint Document", first).add("Current User", second).bytes();
    case 4:
      return file.add("__properties_version1.0", first)
          .add("__substg1.0_10090102", second)
          .add("__substg1.0_0037001E", second)
          .bytes();
    default:
      return std::string(rest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes = packed(data[0] % 5, {reinterpret_cast<const char*>(data) + 1, size - 1});
  const auto status = tarn::document::read(bytes, "application/msword", "fuzz", {}, [](Document d) {
    if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
    return tarn::base::ok();
  });
  if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  return 0;
}
