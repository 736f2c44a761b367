#include "document/language.h"

#include <compact_lang_det.h>
#include <encodings.h>

#include <algorithm>

#include "base/utf8.h"
#include "document/markdown/block_scanner.h"

namespace tarn::document {
namespace {

constexpr int kLeastPercent = 60;
constexpr size_t kSearchedBytes = 4 * kLanguageBytes;  // for prose between code

std::string prose_of(std::string_view markdown) {
  const std::string_view head = markdown.substr(0, base::utf8_floor(markdown, kSearchedBytes));
  std::string prose;
  for (const Block& block : scan_blocks(head)) {
    if (block.kind == BlockKind::code || block.kind == BlockKind::html) continue;
    prose += head.substr(block.start, block.end - block.start);
    prose += '\n';
    if (prose.size() >= kLanguageBytes) break;
  }
  return prose.substr(0, base::utf8_floor(prose, kLanguageBytes));
}

// CLD2's codes are those of Google's old tables.
std::string tag_of(CLD2::Language language) {
  const std::string code = CLD2::LanguageCode(language);
  if (code == "iw") return "he";
  if (code == "jw") return "jv";
  if (code == "zh-Hant" || code == "zh-TW") return "zh-Hant";
  return code == "un" || code.starts_with("xx") || code.starts_with("x-") ? std::string() : code;
}

}  // namespace

std::string language_of(std::string_view markdown) {
  const std::string prose = prose_of(markdown);
  if (prose.size() < kLeastLanguageBytes) return {};
  CLD2::Language best[3];
  int percent[3], text_bytes = 0, valid_bytes = 0;
  double score[3];
  bool is_sure = false;
  const CLD2::CLDHints none{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::ExtDetectLanguageSummaryCheckUTF8(prose.data(), static_cast<int>(prose.size()), true, &none, 0, best, percent,
                                          score, nullptr, &text_bytes, &is_sure, &valid_bytes);
  return is_sure && percent[0] >= kLeastPercent ? tag_of(best[0]) : std::string();
}

}  // namespace tarn::document
