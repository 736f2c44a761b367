// Any bytes: tokens lie in the text, in order; what was split splits into itself again.
#include "base/check.h"
#include "duck/connection.h"
#include "duck/statements.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view sql(reinterpret_cast<const char*>(data), size);
  tarn::duck::Scanner scanner(sql);
  size_t end = 0;
  for (tarn::duck::Token token = scanner.next(); token.kind != tarn::duck::TokenKind::end; token = scanner.next()) {
    TARN_CHECK(!token.text.empty() && token.offset >= end && token.offset + token.text.size() <= size);
    end = token.offset + token.text.size();
  }
  for (const std::string& statement : tarn::duck::split_statements(sql)) {
    TARN_CHECK(tarn::duck::split_statements(statement) == std::vector<std::string>{statement});
  }
  for (const std::string& name : tarn::duck::possible_names(sql)) TARN_CHECK(!tarn::duck::split_name(name).empty());
  (void)tarn::duck::ending(sql);
  return 0;
}
