// Any text through the tokenizer of a vocabulary that is itself part of the input.
#include <cstdint>
#include <string>

#include "encode/wordpiece.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::encode;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t cut = input.find('\0');
  std::string vocabulary = "[UNK]\n[CLS]\n[SEP]\na\nb\n##b\n##c\n";
  if (cut != std::string::npos) vocabulary.append(input, 0, cut);
  const auto pieces = WordPiece::parse(std::move(vocabulary), "fuzz");
  if (!pieces.ok()) return 0;
  std::vector<int32_t> ids;
  pieces->encode(std::string_view(input).substr(cut == std::string::npos ? 0 : cut + 1), 64, &ids);
  if (ids.size() < 2 || ids.size() > 64) __builtin_trap();
  for (int32_t id : ids) {
    if (id < 0 || static_cast<size_t>(id) >= pieces->size()) __builtin_trap();
  }
  return 0;
}
