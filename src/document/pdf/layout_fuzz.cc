// Any words and rules at any places as pages: what is written of them has an anchor for each page that agrees with the
// body.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "document/pdf/file.h"
#include "document/pdf/layout.h"
#include "document/pdf/writer.h"

namespace pdf = tarn::document::pdf;

namespace {

class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}
  bool done() const { return at_ == end_; }
  int next() { return done() ? 0 : *at_++; }

 private:
  const uint8_t *at_, *end_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static constexpr std::string_view kTexts[] = {"word",         "Word", "•",    "1.",    "har-", "bour", "7",
                                                "end.",         "a|b",  "漢字", ".....", "[3]",  "T",    "x",
                                                "\u05D0\u05D1", "# no"};
  Bytes bytes(data, size);
  std::vector<pdf::FilePage> file;
  while (!bytes.done() && file.size() < 8) {
    pdf::Page page;
    page.width = 595, page.height = 842;
    page.frames.resize(1 + static_cast<size_t>(bytes.next() % 2));
    page.links = {"https://example.org/a"};
    for (int n = bytes.next(); n > 0 && !bytes.done(); --n) {
      const int kind = bytes.next();
      const auto x = static_cast<float>(bytes.next() * 2), y = static_cast<float>(bytes.next() * 3);
      if (kind >= 224) {
        const auto length = static_cast<float>(bytes.next());
        page.rules.push_back(kind % 2 == 0 ? pdf::Rule{x, y, x + length, y} : pdf::Rule{x, y, x, y + length});
        continue;
      }
      pdf::Word word;
      word.text = kTexts[kind % 16];
      word.size = static_cast<float>(8 + (kind >> 4));
      word.x0 = x, word.y = y, word.x1 = x + word.size * 0.5f * static_cast<float>(word.text.size());
      word.bold = kind % 3 == 0, word.mono = kind % 7 == 0, word.glued = kind % 5 == 0;
      word.link = kind % 11 == 0 ? 0 : -1;
      word.right_to_left = word.text[0] == '\xD7';
      page.frames[static_cast<size_t>(kind % 2) % page.frames.size()].words.push_back(std::move(word));
    }
    pdf::FilePage& out = file.emplace_back();
    out.height = page.height;
    out.items = pdf::lay_out(page);
    out.links = page.links;
    if (bytes.next() % 4 == 0) out.notes.push_back({"Note", "", "said"});
  }
  pdf::drop_running(&file);
  pdf::find_headings({{"Word", 2, 0, 100.0f}, {"end", 9, 3, {}}}, &file);
  const auto result = pdf::write(file);
  if (!result.ok()) std::abort();
  const pdf::Written& written = *result;
  if (!tarn::document::are_valid(written.anchors, written.body.size())) std::abort();
  if (written.anchors.size() != file.size()) std::abort();
  return 0;
}
