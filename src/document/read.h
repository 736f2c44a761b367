// What the readers of each type share: the names of the types, decoding, stated times.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "document/document.h"
#include "document/reader.h"

namespace tarn::document {

inline constexpr std::string_view kMarkdown = "text/markdown";
inline constexpr std::string_view kHtml = "text/html";
inline constexpr std::string_view kPlain = "text/plain";

inline constexpr size_t kMaxTitleBytes = 500;
inline constexpr uint64_t kMaxBodyBytes = uint64_t{128}
                                          << 20;  // deep quotes and lists make a body longer than its source
base::Status over_body_limit();

bool looks_binary(std::string_view head);

// Bytes → UTF-8 with '\n' lines and no NUL; notes charset and losses in `extra`. unsupported when the bytes are no
// text.
base::Result<std::string> decode_text(std::string_view bytes, std::string_view charset_hint, json::Value* extra);

// "2024-05-01", RFC 3339, and what people write instead ("2024-05-01 10:00", "+0200", "2024/05/01"); nothing when it is
// no time.
std::optional<int64_t> stated_time(std::string_view text);

bool is_utf8(std::string_view text);

// One line, no white space at its ends, at most kMaxTitleBytes.
std::string title_line(std::string_view text);

// A heading's words on one line; of one that is a picture only, the picture's.
std::string heading_words(std::string_view markdown);

// The words of a body's first heading that has some.
std::string heading_of(std::string_view body);

// Readers (reader.h); those of archives, code, data, images, mail, markup and Office have headers of their own.
base::Status read_confluence(const Input& input, const Sink& sink);
base::Status read_html(const Input& input, const Sink& sink);
base::Status read_markdown(const Input& input, const Sink& sink);
base::Status read_text(const Input& input, const Sink& sink);
base::Status read_notebook(const Input& input, const Sink& sink);
base::Status read_pdf(const Input& input, const Sink& sink);
base::Status read_subtitles(const Input& input, const Sink& sink);

bool is_pdf(std::string_view head);
bool is_subtitles(std::string_view head);
bool looks_like_html(std::string_view head);

}  // namespace tarn::document
