#include "document/compound/summary.h"

#include <algorithm>
#include <map>

#include "document/compound/binary.h"
#include "document/compound/characters.h"
#include "document/office/package.h"
#include "document/office/properties.h"
#include "document/read.h"

namespace tarn::document::compound {
namespace {

constexpr size_t kMaxProperties = 1'000, kMaxTextBytes = 4'000;
constexpr int kUtf16 = 1200;  // as a code page

struct Property {
  std::string text;
  std::optional<int64_t> time;
};

// A section of a stream of properties, by their numbers.
class Section {
 public:
  explicit Section(Binary bytes) : bytes_(bytes) {
    count_ = std::min<size_t>(bytes_.u32(4), kMaxProperties);
    for (size_t i = 0; i < count_; ++i) {
      if (bytes_.u32(8 + 8 * i) == 1) code_page_ = bytes_.u16(bytes_.u32(12 + 8 * i) + 4ull);
    }
  }

  int code_page() const { return code_page_; }

  std::map<uint32_t, Property> all() const {
    std::map<uint32_t, Property> found;
    for (size_t i = 0; i < count_; ++i) found.emplace(bytes_.u32(8 + 8 * i), value(bytes_.u32(12 + 8 * i)));
    return found;
  }

  // The names of a document's own properties.
  std::map<uint32_t, std::string> names() const {
    std::map<uint32_t, std::string> found;
    for (size_t i = 0; i < count_ && found.empty(); ++i) {
      if (bytes_.u32(8 + 8 * i) != 0) continue;
      uint64_t at = bytes_.u32(12 + 8 * i);
      const uint32_t count = bytes_.u32(at);
      at += 4;
      for (uint32_t n = 0; n < count && n < kMaxProperties && bytes_.has(at, 8); ++n) {
        const uint64_t units = bytes_.u32(at + 4), width = code_page_ == kUtf16 ? 2 : 1;
        found.emplace(bytes_.u32(at),
                      text(bytes_.part(at + 8, std::min<uint64_t>(units * width, kMaxTextBytes)), code_page_));
        at += 8 + units * width;
        if (width == 2) at = (at + 3) / 4 * 4;
      }
    }
    return found;
  }

 private:
  static std::string text(std::string_view bytes, int code_page) {
    std::string words = from_code_page(bytes, code_page);
    words.resize(std::min(words.find('\0'), words.size()));
    return title_line(office::clean(words));
  }

  Property value(uint64_t at) const {
    const uint32_t size = bytes_.u32(at + 4);
    switch (bytes_.u16(at)) {
      case 0x02:
        return {std::to_string(static_cast<int16_t>(bytes_.u16(at + 4))), {}};
      case 0x03:
        return {std::to_string(bytes_.i32(at + 4)), {}};
      case 0x0B:
        return {bytes_.u16(at + 4) ? "true" : "false", {}};
      case 0x1E:
        return {text(bytes_.part(at + 8, std::min<uint64_t>(size, kMaxTextBytes)), code_page_), {}};
      case 0x1F:
        return {text(bytes_.part(at + 8, std::min<uint64_t>(uint64_t{size} * 2, kMaxTextBytes)), kUtf16), {}};
      case 0x40:
        return {"", time_of_file(bytes_.u64(at + 4))};
      default:
        return {};
    }
  }

  Binary bytes_;
  size_t count_ = 0;
  int code_page_ = 1252;
};

std::vector<Section> sections(CompoundFile& file, std::string_view name, std::string* bytes) {
  std::vector<Section> all;
  auto read = file.read(file.root(), name);
  if (!read.ok()) return all;
  *bytes = std::move(*read);
  const Binary whole{*bytes};
  if (whole.u16(0) != 0xFFFE) return all;
  for (uint32_t i = 0; i < std::min<uint32_t>(whole.u32(24), 2); ++i) {
    all.emplace_back(Binary(whole.part(whole.u32(44 + 20ull * i))));
  }
  return all;
}

}  // namespace

std::optional<int> summary_code_page(CompoundFile& file) {
  std::string bytes;
  const auto all = sections(file, "\005SummaryInformation", &bytes);
  if (all.empty() || all[0].code_page() == 65001 || all[0].code_page() == kUtf16) return std::nullopt;
  return all[0].code_page();
}

std::optional<int64_t> time_of_file(uint64_t ticks) {
  constexpr uint64_t kFrom1601 = 116'444'736'000'000'000, kYear9999 = 2'650'467'744'000'000'000;
  // What counts from 1601 is how long it was edited.
  if (ticks <= kFrom1601 || ticks > kYear9999) return std::nullopt;
  return static_cast<int64_t>((ticks - kFrom1601) / 10);
}

void read_summary(CompoundFile& file, Document* d) {
  const auto keep = [&](const char* name, const std::string& text) {
    if (!text.empty() && text != "0") d->extra.set(name, text);
  };
  std::string bytes;
  if (const auto own = sections(file, "\005SummaryInformation", &bytes); !own.empty()) {
    const auto all = own[0].all();
    const auto text = [&](uint32_t id) {
      const auto found = all.find(id);
      return found == all.end() ? std::string() : found->second.text;
    };
    const auto time = [&](uint32_t id) {
      const auto found = all.find(id);
      return found == all.end() ? std::nullopt : found->second.time;
    };
    d->title = text(2);
    d->author = text(4);
    office::add_labels(text(5), d);
    d->created_at_us = time(12);
    d->updated_at_us = time(13);
    keep("subject", text(3));
    keep("description", text(6));
    if (text(8) != text(4)) keep("modified_by", text(8));
    keep("revision", text(9));
    keep("generator", text(18));
  }
  const auto more = sections(file, "\005DocumentSummaryInformation", &bytes);
  if (!more.empty()) {
    const auto all = more[0].all();
    for (const auto& [id, name] : {std::pair{2u, "category"}, {14u, "manager"}, {15u, "company"}}) {
      const auto found = all.find(id);
      if (found != all.end()) keep(name, found->second.text);
    }
  }
  if (more.size() < 2) return;
  const auto names = more[1].names();
  const auto values = more[1].all();
  json::Value properties = json::Value::object();
  for (const auto& [id, name] : names) {
    const auto value = values.find(id);
    // What begins so is the office program's own.
    if (value == values.end() || value->second.text.empty() || name.empty() || name.starts_with("_PID_")) continue;
    properties.set(name, value->second.text);
  }
  if (!properties.members().empty()) d->extra.set("properties", std::move(properties));
}

}  // namespace tarn::document::compound
