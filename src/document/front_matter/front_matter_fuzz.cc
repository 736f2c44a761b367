// Any bytes as a Markdown file with front matter, and straight into both readers.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/document.h"
#include "document/front_matter/front_matter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)tarn::document::parse_yaml_subset(text);
  (void)tarn::document::parse_toml_subset(text);
  const tarn::document::FrontMatter f = tarn::document::split_front_matter(text);
  if (f.body_at > size || (f.body_at == 0 && !f.fields.members().empty())) abort();
  (void)tarn::document::extract(text, "text/markdown", "fuzz.md");
  return 0;
}
