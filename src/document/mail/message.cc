#include "document/mail/message.h"

#include "base/ascii.h"

namespace tarn::document::mail {
namespace {

// The parts between lines of "--boundary"; what stands before the first and behind the last is for old programs.
std::vector<std::string_view> split(std::string_view body, const std::string& boundary, size_t most) {
  std::vector<std::string_view> parts;
  const std::string mark = "--" + boundary;
  size_t start = std::string_view::npos;
  for (size_t at = body.find(mark); at != std::string_view::npos; at = body.find(mark, at + 1)) {
    if (at > 0 && body[at - 1] != '\n') continue;
    const size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view behind = base::trimmed(body.substr(at + mark.size(), end - at - mark.size()));
    if (!behind.empty() && behind != "--") continue;  // another boundary that begins alike
    if (start != std::string_view::npos) {
      std::string_view part = body.substr(start, at > start ? at - start : 0);
      if (part.ends_with('\n')) part.remove_suffix(1);  // it belongs to the boundary
      if (part.ends_with('\r')) part.remove_suffix(1);
      parts.push_back(part);
    }
    start = std::min(end + 1, body.size());
    if (behind == "--" || parts.size() >= most) return parts;
  }
  if (start != std::string_view::npos && start < body.size()) parts.push_back(body.substr(start));  // cut off
  return parts;
}

Entity parse(std::string_view text, std::string number, int depth, size_t* count) {
  ++*count;
  Entity e;
  e.number = std::move(number);
  e.header = parse_header(text, &e.body);
  e.type = parse_typed(e.header.get("content-type"));
  if (e.type.value.find('/') == std::string::npos) e.type.value = e.type.value == "text" ? "text/plain" : "";
  if (e.type.value.empty()) e.type.value = "text/plain";
  e.disposition = parse_typed(e.header.get("content-disposition"));
  const std::string boundary = e.type.get("boundary");
  if (!e.type.value.starts_with("multipart/") || boundary.empty() || boundary.size() > kMaxBoundaryBytes ||
      depth >= kMaxDepth) {
    return e;
  }
  size_t n = 0;
  for (const std::string_view part : split(e.body, boundary, kMaxEntities)) {
    if (*count >= kMaxEntities) {
      e.cut = true;
      break;
    }
    const std::string place = (e.number.empty() ? "" : e.number + ".") + std::to_string(++n);
    e.parts.push_back(parse(part, place, depth + 1, count));
    if (e.type.value == "multipart/digest" && e.parts.back().header.get("content-type").empty()) {
      e.parts.back().type.value = "message/rfc822";
    }
  }
  return e;
}

}  // namespace

std::string Entity::file_name() const {
  std::string name = disposition.get("filename");
  if (name.empty()) name = type.get("name");
  return name.substr(name.find_last_of("/\\") == std::string::npos ? 0 : name.find_last_of("/\\") + 1);
}

std::string Entity::decoded() const {
  const std::string encoding = base::lower(base::trimmed(header.get("content-transfer-encoding")));
  if (encoding == "base64") return from_base64(body);
  if (encoding == "quoted-printable") return from_quoted_printable(body);
  return std::string(body);
}

Entity parse_message(std::string_view message) {
  if (message.starts_with("\xEF\xBB\xBF")) message.remove_prefix(3);
  while (message.starts_with('\n') || message.starts_with('\r')) message.remove_prefix(1);
  // The line that a mailbox has before each.
  if (message.starts_with("From ") || message.starts_with(">From ")) {
    message.remove_prefix(std::min(message.find('\n'), message.size() - 1) + 1);
  }
  size_t count = 0;
  return parse(message, "", 0, &count);
}

}  // namespace tarn::document::mail
