#include "document/archive/archive.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/archive/tar.h"
#include "document/archive/unpack.h"
#include "document/archive/zip.h"
#include "document/markdown/inline_text.h"
#include "document/part.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kMaxListed = 5'000, kMaxNameBytes = 1'000, kMaxTold = 100;
constexpr size_t kTypeBytes = 4096;  // that say what it is

struct Member {
  std::string name;
  std::string link;  // not "": where it leads to
  bool is_file = true;
  uint64_t bytes = 0;
};

// A member, with its bytes where they are wanted.
using Visit = std::function<Status(const Member& member, const Result<std::string>& bytes)>;
using Walk = std::function<Status(bool with_bytes, Budget* budget, const Visit& visit)>;

std::string shown_name(std::string_view name) {
  while (name.starts_with("./") || name.starts_with('/')) name.remove_prefix(name[0] == '/' ? 1 : 2);
  std::string out;
  if (is_utf8(name)) {
    out = name;
  } else if (auto decoded = text::decode(name); decoded.ok()) {
    out = std::move(decoded->text);
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  out.resize(base::utf8_floor(out, kMaxNameBytes));
  return out;
}

// What macOS and Windows put beside files.
bool is_litter(std::string_view name) {
  const std::string_view base = name.substr(name.find_last_of('/') + 1);
  return name.starts_with("__MACOSX/") || base.starts_with("._") || base == ".DS_Store" || base == "Thumbs.db" ||
         base == "desktop.ini";
}

Status walk_zip(Zip* zip, bool with_bytes, const Visit& visit) {
  for (const ZipMember& m : zip->members()) {
    const Member member{shown_name(m.name), m.is_link || m.is_special ? "elsewhere" : "", !m.is_folder, m.bytes};
    Result<std::string> bytes = std::string();
    if (with_bytes && member.is_file && member.link.empty()) {
      bytes = m.bytes > kMaxMemberBytes ? Result<std::string>(over_member_limit()) : zip->read(m, kMaxMemberBytes);
    }
    TARN_TRY(visit(member, bytes));
  }
  return {};
}

Status walk_tar(std::string_view bytes, bool with_bytes, Budget* budget, const Visit& visit) {
  Member member;
  std::string out;
  bool over = false;
  size_t count = 0;
  TarReader::Visitor visitor;
  visitor.begin = [&](const TarMember& m) -> Status {
    if (++count > kMaxMembers) return too_many_members();
    member = {shown_name(m.name), "", !m.is_folder(), m.bytes};
    if (!m.is_file() && !m.is_folder()) {
      member.link = m.target.empty() ? "elsewhere" : shown_name(m.target);
    }
    out.clear();
    over = false;
    return {};
  };
  visitor.data = [&](std::string_view piece) -> Status {
    over |= out.size() + piece.size() > kMaxMemberBytes;
    if (with_bytes && !over) out += piece;
    return {};
  };
  visitor.end = [&]() -> Status {
    return visit(member, over ? Result<std::string>(over_member_limit()) : Result<std::string>(std::move(out)));
  };
  TarReader reader(visitor);
  TARN_TRY(unpack(bytes, budget, [&](std::string_view piece) { return reader.take(piece); }));
  if (!reader.is_whole()) return {Code::invalid_argument, "it is cut off", "see whether it was copied whole"};
  return {};
}

Document listing(const std::vector<Member>& members, const Status& status) {
  Document d;
  d.extra = json::Value::object();
  json::Value links = json::Value::array();
  size_t files = 0;
  for (const Member& m : members) {
    if (!m.is_file) continue;
    if (++files <= kMaxListed) {
      InlineText line;
      line.add_text(m.name + (m.link.empty() ? "" : " (a link or device, not followed)"));
      d.body += "- " + line.take() + "\n";
    }
    if (!m.link.empty() && links.items().size() < kMaxTold) links.push(m.name + " -> " + m.link);
  }
  if (files > kMaxListed) d.body += "- … and " + std::to_string(files - kMaxListed) + " more\n";
  d.extra.set("members", files);
  if (!links.items().empty()) d.extra.set("not_followed", std::move(links));
  if (!status.ok()) d.extra.set("damaged", status.message());
  return d;
}

// Once for the names, once for the bytes: of a stream only one member is held. `damage`: what is known of it before.
Status read_members(const Input& input, const Walk& walk, const Status& damage, const Sink& sink) {
  std::vector<Member> members;
  Budget looking(input.bytes.size());
  Status listed = walk(false, &looking, [&](const Member& m, const Result<std::string>&) -> Status {
    if (members.size() == kMaxMembers) return too_many_members();
    if (!is_litter(m.name)) members.push_back(m);
    return {};
  });
  if (!listed.ok() && members.empty()) return listed;
  if (listed.ok()) listed = damage;
  TARN_TRY(sink(listing(members, listed)));
  Status sunk;
  const Status read = walk(true, input.budget, [&](const Member& m, const Result<std::string>& bytes) -> Status {
    if (!m.is_file || !m.link.empty() || is_litter(m.name) || m.name.empty()) return {};
    PartFile part{.name = m.name, .bytes = {}, .size_bytes = m.bytes};
    if (bytes.ok()) {
      part.bytes = *bytes;
    } else {
      part.not_read = bytes.status().message();
    }
    sunk = read_part(input, part, sink);
    return sunk;
  });
  if (!sunk.ok() || read.ok() || !listed.ok()) return sunk;  // what is damaged was told in the list
  return read_part(input, {.name = "… (more members)", .bytes = {}, .not_read = read.message()}, sink);
}

// "notes.md.gz" → "notes.md"; "a.tgz" → "a.tar".
std::string inner_name(std::string_view name) {
  const std::string small = base::lower(name);
  if (small.ends_with(".tgz") || small.ends_with(".tzst")) return std::string(name.substr(0, name.rfind('.'))) + ".tar";
  for (const std::string_view extension : {".gz", ".zst"}) {
    if (small.ends_with(extension)) return std::string(name.substr(0, name.size() - extension.size()));
  }
  return std::string(name);
}

// One file, compressed: it is the item.
Status read_single(const Input& input, const Sink& sink) {
  std::string bytes;
  TARN_TRY(unpack(input.bytes, input.budget, [&](std::string_view piece) -> Status {
    if (bytes.size() + piece.size() > kMaxMemberBytes) return over_member_limit();
    bytes += piece;
    return {};
  }));
  const std::string name = inner_name(input.name);
  const std::string mime = detect_type(name, std::string_view(bytes).substr(0, kTypeBytes));
  const Reader* reader = mime.empty() ? nullptr : reader_of(mime);
  if (!reader || input.depth >= kMaxPartDepth) {
    return {Code::unsupported, "what is compressed in it is of a type that is not read, or lies too deep"};
  }
  TARN_TRY(check_size(*reader, bytes.size()));
  return reader->read({bytes, name, input.options, input.depth + 1, input.budget}, [&](Document d) {
    if (d.mime.empty()) d.mime = reader->mime();
    return sink(std::move(d));
  });
}

// The first bytes of what a stream holds.
std::string head_of(std::string_view bytes) {
  std::string head;
  Budget looking(bytes.size());
  (void)unpack(bytes, &looking, [&](std::string_view piece) -> Status {
    head += piece.substr(0, kTarBlock);
    return head.size() < kTarBlock ? Status() : Status(Code::cancelled, "enough");
  });
  head.resize(std::min(head.size(), kTarBlock));
  return head;
}

}  // namespace

bool looks_like_archive(std::string_view head) {
  return is_zip(head) || is_gzip(head) || is_zstd(head) || is_tar(head);
}

Status read_archive(const Input& given, const Sink& sink) {
  if (given.bytes.empty()) return {Code::invalid_argument, "it is empty", "see whether it was copied whole"};
  Budget own(given.bytes.size());
  Input input = given;
  if (!input.budget) input.budget = &own;
  const auto read_tar = [&] {
    const Walk walk = [&](bool with_bytes, Budget* budget, const Visit& visit) {
      return walk_tar(input.bytes, with_bytes, budget, visit);
    };
    return read_members(input, walk, {}, sink);
  };
  if (is_tar(head_of(input.bytes))) return read_tar();
  if (is_gzip(input.bytes) || is_zstd(input.bytes)) {
    // Archives of the first Unix have no sign; their name says what they are.
    return base::lower(inner_name(input.name)).ends_with(".tar") ? read_tar() : read_single(input, sink);
  }
  if (base::lower(input.name).ends_with(".tar")) return read_tar();
  if (input.bytes.find("PK\x03\x04") == std::string_view::npos && !is_zip(input.bytes)) {
    return {Code::invalid_argument, "it is no archive: its bytes are none of zip, tar, gzip or Zstandard"};
  }
  auto zip = Zip::open(input.bytes, input.budget);
  const Status damage = zip.status();
  if (damage.code() == Code::invalid_argument) zip = Zip::recovered(input.bytes, input.budget);
  if (!zip.ok()) return zip.status();
  if (!damage.ok() && zip->members().empty()) return damage;
  const Walk walk = [&](bool with_bytes, Budget*, const Visit& visit) { return walk_zip(&*zip, with_bytes, visit); };
  return read_members(input, walk, damage, sink);
}

}  // namespace tarn::document
