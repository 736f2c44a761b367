// Subtitles (SubRip, WebVTT) as paragraphs of what is said, each with the second at which it begins.
// Shape:   cues are joined to sentences; a pause, another speaker, or kParagraphBytes at a sentence's end begin a
//          paragraph. What a rolling caption repeats of the cue before is left out; so are marks, styles and places.
// Limits:  kMaxTagBytes of a mark, kMaxSpeakerBytes of a name, kMaxBodyBytes.
// Errors:  invalid_argument where it has no cue.
// Source:  WebVTT (W3C), section 4; SubRip as players read it.
#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "document/entities.h"
#include "document/markdown/inline_text.h"
#include "document/placed_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using json::Value;

constexpr int64_t kPauseMs = 4000;
constexpr size_t kParagraphBytes = 500, kLongParagraphBytes = 1000;
constexpr size_t kMaxSpeakerBytes = 60;
constexpr size_t kMaxTagBytes = 1000;  // of a mark: what is longer is text

// "01:02:03,456", "02:03.456"; what follows is passed over.
std::optional<int64_t> time_ms(std::string_view text) {
  text = base::trimmed(text);
  int64_t parts[3] = {0, 0, 0};
  size_t count = 0, at = 0;
  for (; count < 3; ++count) {
    const size_t start = at;
    while (at < text.size() && base::is_digit(text[at]) && at - start < 6) {
      parts[count] = parts[count] * 10 + (text[at++] - '0');
    }
    if (at == start) return {};
    if (at == text.size() || text[at] != ':' || count == 2) break;
    ++at;
  }
  if (count == 0) return {};
  int64_t ms = 0;
  if (at < text.size() && (text[at] == ',' || text[at] == '.')) {
    int64_t scale = 100;
    for (++at; at < text.size() && base::is_digit(text[at]); ++at, scale /= 10) ms += scale * (text[at] - '0');
  }
  const int64_t seconds = count == 2 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : parts[0] * 60 + parts[1];
  return seconds * 1000 + ms;
}

struct Cue {
  int64_t start_ms = 0, end_ms = 0;
  std::vector<std::string> lines;
  std::string speaker;
};

bool parse_times(std::string_view line, Cue* cue) {
  const size_t arrow = line.find("-->");
  if (arrow == std::string_view::npos) return false;
  const auto start = time_ms(line.substr(0, arrow)), end = time_ms(line.substr(arrow + 3));
  if (!start || !end) return false;
  cue->start_ms = *start;
  cue->end_ms = *end;
  return true;
}

// Without marks ("<i>", "{\an8}"); "<v Ann>" says who speaks.
std::string words_of(std::string_view line, std::string* speaker) {
  std::string out;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool tag = line[i] == '<' && i + 1 < line.size() &&
                     (base::is_letter(line[i + 1]) || line[i + 1] == '/' || base::is_digit(line[i + 1]));
    if (tag || line.substr(i).starts_with("{\\")) {
      const size_t end = line.substr(0, i + kMaxTagBytes).find(tag ? '>' : '}', i);
      if (end != std::string_view::npos) {
        const std::string_view inner = line.substr(i + 1, end - i - 1);
        const size_t blank = inner.find(' ');
        if ((inner.starts_with("v ") || inner.starts_with("v.")) && blank != std::string_view::npos) {
          *speaker = std::string(base::trimmed(inner.substr(blank).substr(0, kMaxSpeakerBytes)));
        }
        i = end;
        continue;
      }
    }
    out += line[i];
  }
  return unescape_entities(base::trimmed(out));
}

bool ends_sentence(std::string_view text) {
  while (!text.empty() && (text.back() == '"' || text.back() == ')' || text.back() == '\'')) text.remove_suffix(1);
  return text.ends_with('.') || text.ends_with('!') || text.ends_with('?') || text.ends_with("…") ||
         text.ends_with("。") || text.ends_with("？") || text.ends_with("！") || text.ends_with(']');
}

class Writer {
 public:
  void add(Cue cue) {
    std::string before = last_line_;
    for (std::string& line : cue.lines) {
      if (line.empty() || line == before) continue;
      before = last_line_ = line;
      const bool turns =
          line.starts_with("- ") || line.starts_with("– ") || line.starts_with(">>") || cue.speaker != speaker_;
      const bool pause = cue.start_ms - end_ms_ > kPauseMs;
      const bool full = bytes_ > kLongParagraphBytes || (bytes_ > kParagraphBytes && ended_);
      if (bytes_ > 0 && (turns || pause || full)) flush();
      if (bytes_ == 0) {
        start_ms_ = cue.start_ms;
        if (!cue.speaker.empty()) {
          words_.open(Mark::strong);
          words_.add_text(cue.speaker + ":");
          words_.close(Mark::strong);
          words_.add_text(" ");
        }
      }
      speaker_ = cue.speaker;
      words_.add_text((bytes_ > 0 ? " " : "") + line);
      bytes_ += line.size() + 1;
      ended_ = ends_sentence(line);
    }
    end_ms_ = std::max(end_ms_, cue.end_ms);
  }
  void take(Document* d) {
    flush();
    out_.take(d);
    d->extra.set("seconds", static_cast<double>(end_ms_) / 1000);
  }

 private:
  void flush() {
    const std::string text = words_.take();
    bytes_ = 0;
    if (text.empty()) return;
    out_.gap();
    out_.at(kSecond, std::to_string(start_ms_ / 1000));
    out_.add(text + "\n");
  }
  PlacedText out_;
  InlineText words_;
  std::string last_line_, speaker_;
  int64_t start_ms_ = 0, end_ms_ = 0;
  size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace

bool is_subtitles(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  return head.starts_with("WEBVTT") && (head.size() == 6 || head[6] <= ' ');
}

Status read_subtitles(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  Writer writer;
  std::optional<Cue> open;
  std::string before;  // the line before: a cue's number or name, which is no text
  uint64_t cues = 0;
  bool skip = false;  // a block that is no cue: notes, styles
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = base::trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    Cue cue;
    if (line.empty()) {
      if (open) writer.add(std::move(*std::exchange(open, {})));
      skip = false;
    } else if (parse_times(line, &cue)) {
      // Without a blank line before it, its number stands among the words of the one before.
      if (open) {
        if (!open->lines.empty() && open->lines.back().find_first_not_of("0123456789") == std::string::npos) {
          open->lines.pop_back();
        }
        writer.add(std::move(*open));
      }
      open = std::move(cue);
      ++cues;
      skip = false;
    } else if (open && !skip) {
      std::string words = words_of(line, &open->speaker);
      open->lines.push_back(std::move(words));
    } else if (line.starts_with("Language:")) {
      d.lang = title_line(line.substr(9));
    } else if (line.starts_with("NOTE") || line.starts_with("STYLE") || line.starts_with("REGION")) {
      skip = true;
    }
  }
  if (open) writer.add(std::move(*open));
  if (cues == 0) {
    return {Code::invalid_argument, "it has no cue: no line is 'START --> END'", "name its type: --as 'text:…'"};
  }
  writer.take(&d);
  if (d.body.size() > kMaxBodyBytes) return over_body_limit();
  d.extra.set("cues", cues);
  return sink(std::move(d));
}

}  // namespace tarn::document
