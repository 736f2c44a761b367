#include "document/markdown/inline_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/markdown/block_starts.h"

namespace tarn::document {
namespace {

constexpr size_t kMaxTargetBytes = 2048;
constexpr std::string_view kSeparator = " \xE2\x80\x94 ";  // an em dash

bool is_alnum(char c) { return base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }
bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}
bool is_space(char c) { return c == ' ' || c == '\n'; }
char first(std::string_view s) { return s.empty() ? ' ' : s.front(); }
char last(std::string_view s) { return s.empty() ? ' ' : s.back(); }

// Appends with white space collapsed to one space: U+00A0 and its kin are layout here, soft hyphens and zero-width
// spaces nothing.
void append_collapsed(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    size_t skip = 0;
    bool space = c <= 0x20 || c == 0x7F;
    if (c == 0xC2 && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if (next == 0xA0) space = true, skip = 1;
      if (next == 0xAD) {
        ++i;
        continue;
      }
    } else if (c == 0xE2 && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) == 0x80) {
      const auto next = static_cast<unsigned char>(text[i + 2]);
      if ((next >= 0x80 && next <= 0x8A) || next == 0xAF || next == 0xA8 || next == 0xA9) space = true, skip = 2;
      if (next == 0x8B) {
        i += 2;
        continue;
      }
    } else if (c == 0xEF && text.substr(i, 3) == "\xEF\xBB\xBF") {
      i += 2;
      continue;
    }
    i += skip;
    if (!space) {
      out->push_back(text[i]);
    } else if (out->empty() || out->back() != ' ') {
      out->push_back(' ');
    }
  }
}

size_t longest_run(std::string_view text, char c) {
  size_t longest = 0, run = 0;
  for (char x : text) {
    run = x == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string link_target(std::string_view target) {
  const bool plain = target.find_first_of(" ()<>|\n\\") == std::string_view::npos;
  if (plain) return std::string(target);
  std::string out = "<";
  for (char c : target) {
    if (c == '<') {
      out += "%3C";
    } else if (c == '>') {
      out += "%3E";
    } else if (c == '\\') {
      out += "%5C";
    } else if (c == '|') {
      out += "%7C";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    }
  }
  return out + ">";
}

// "&name;" or "&#1;" would be read as a character.
bool begins_entity(std::string_view rest) {
  size_t at = 1;
  if (at < rest.size() && rest[at] == '#') ++at;
  const size_t start = at;
  while (at < rest.size() && at < start + 32 && is_alnum(rest[at])) ++at;
  return at > start && at < rest.size() && rest[at] == ';';
}

const char* mark_text(Mark mark) {
  switch (mark) {
    case Mark::strong:
      return "**";
    case Mark::emphasis:
      return "*";
    case Mark::strike:
      return "~~";
  }
  return "";
}

}  // namespace

void InlineText::add_text(std::string_view text) {
  if (text.empty()) return;
  const Kind kind = code_depth_ > 0 ? Kind::code : Kind::text;
  if (pieces_.empty() || pieces_.back().kind != kind) {
    Piece& piece = pieces_.emplace_back(Piece{kind, {}, {}, {}});
    append_collapsed(text, &piece.text);
  } else {
    append_collapsed(text, &pieces_.back().text);
  }
}

void InlineText::open(Mark mark) {
  if (code_depth_ > 0) return;
  if (open_marks_[static_cast<int>(mark)]++ == 0) pieces_.push_back({Kind::open, mark, {}, {}});
}

void InlineText::close(Mark mark) {
  if (code_depth_ > 0) return;
  int& open = open_marks_[static_cast<int>(mark)];
  if (open > 0 && --open == 0) pieces_.push_back({Kind::close, mark, {}, {}});
}

void InlineText::open_code() { ++code_depth_; }
void InlineText::close_code() {
  if (code_depth_ > 0) --code_depth_;
}

void InlineText::open_link(std::string_view target) {
  if (code_depth_ > 0) return;
  if (link_depth_++ > 0) return;
  const bool useful = !target.empty() && target.size() <= kMaxTargetBytes && !target.starts_with("javascript:") &&
                      !target.starts_with("data:");
  link_open_ = useful;
  link_target_ = useful ? std::string(target) : std::string();
  if (useful) pieces_.push_back({Kind::link, {}, {}, link_target_});
}

void InlineText::close_link() {
  if (code_depth_ > 0) return;
  if (link_depth_ == 0 || --link_depth_ > 0) return;
  if (link_open_) pieces_.push_back({Kind::link_end, {}, {}, link_target_});
  link_open_ = false;
}

void InlineText::add_image(std::string_view text, std::string_view target) {
  std::string alt;
  append_collapsed(text, &alt);
  while (!alt.empty() && alt.back() == ' ') alt.pop_back();
  alt.erase(0, std::min(alt.find_first_not_of(' '), alt.size()));
  if (alt.empty()) return;
  if (code_depth_ > 0 || target.empty() || target.size() > kMaxTargetBytes || target.starts_with("data:")) {
    add_text(alt);
  } else {
    pieces_.push_back({Kind::image, {}, std::move(alt), std::string(target)});
  }
}

void InlineText::add_break() {
  if (code_depth_ > 0) {
    add_text(" ");
  } else {
    pieces_.push_back({Kind::line_break, {}, {}, {}});
  }
}

void InlineText::add_separator() {
  if (!pieces_.empty()) pieces_.push_back({Kind::separator, {}, {}, {}});
}

std::string_view InlineText::last_text() const {
  // What closes a mark adds nothing.
  auto last = pieces_.rbegin();
  while (last != pieces_.rend() && (last->kind == Kind::close || last->kind == Kind::link_end)) ++last;
  if (last == pieces_.rend() || (last->kind != Kind::text && last->kind != Kind::code)) return {};
  return last->text;
}

bool InlineText::ends_with_quantity() const {
  const std::string_view text = last_text();
  const char c = last(text), before = text.size() > 1 ? text[text.size() - 2] : ' ';
  return base::is_digit(c) || c == ')' || (is_alnum(c) && !is_alnum(before));
}

bool InlineText::empty() const {
  return std::all_of(pieces_.begin(), pieces_.end(), [](const Piece& p) {
    return p.kind != Kind::image && p.text.find_first_not_of(' ') == std::string::npos;
  });
}

bool InlineText::is_task_mark() const {
  std::string words;
  for (const Piece& piece : pieces_) words += piece.kind == Kind::image ? "?" : piece.text;
  return words == "[x] " || words == "[ ] ";
}

// Marks and links around nothing, and marks that a space parts from their words.
void InlineText::drop_idle_marks() {
  std::vector<Piece> out;
  for (Piece& piece : pieces_) {
    const bool closes = piece.kind == Kind::close || piece.kind == Kind::link_end;
    if (closes) {
      // " ** " → the space goes outside.
      std::string space;
      if (!out.empty() && out.back().kind == Kind::text && out.back().text.ends_with(' ')) {
        out.back().text.pop_back();
        space = " ";
        if (out.back().text.empty()) out.pop_back();
      }
      const Kind opening = piece.kind == Kind::close ? Kind::open : Kind::link;
      if (!out.empty() && out.back().kind == opening && out.back().mark == piece.mark) {
        out.pop_back();
      } else {
        out.push_back(std::move(piece));
      }
      if (!space.empty()) out.push_back({Kind::text, {}, space, {}});
    } else {
      const bool opens = !out.empty() && (out.back().kind == Kind::open || out.back().kind == Kind::link);
      if (opens && piece.kind == Kind::text && piece.text.starts_with(' ')) {
        size_t at = out.size();
        while (at > 0 && (out[at - 1].kind == Kind::open || out[at - 1].kind == Kind::link)) --at;
        if (at == 0 || out[at - 1].kind != Kind::text || !out[at - 1].text.ends_with(' ')) {
          out.insert(out.begin() + static_cast<ptrdiff_t>(at), {Kind::text, {}, " ", {}});
        }
        piece.text.erase(0, 1);
        if (piece.text.empty()) continue;
      }
      // Neighbours of one kind join; a code span behind a code span is one.
      if (!out.empty() && out.back().kind == piece.kind && (piece.kind == Kind::text || piece.kind == Kind::code)) {
        if (out.back().text.ends_with(' ') && piece.text.starts_with(' ')) piece.text.erase(0, 1);
        out.back().text += piece.text;
      } else {
        out.push_back(std::move(piece));
      }
    }
  }
  pieces_ = std::move(out);
}

std::string InlineText::escaped(const Piece& piece, char before, char after) const {
  const std::string_view text = piece.text;
  const bool balanced = std::count(text.begin(), text.end(), '[') == std::count(text.begin(), text.end(), ']') &&
                        text.find(']') >= text.find('[');
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char left = i > 0 ? text[i - 1] : before;
    const char right = i + 1 < text.size() ? text[i + 1] : after;
    bool escape = false;
    switch (c) {
      case '\\':
        escape = is_punctuation(right) || i + 1 == text.size();
        break;
      case '`':
        escape = ticks_;
        break;
      case '*':
        escape = stars_ && !(is_space(left) && is_space(right));
        break;
      case '_':
        escape = !(is_alnum(left) && is_alnum(right)) && !(is_space(left) && is_space(right)) &&
                 text.find('_') != text.rfind('_');
        break;
      case '~':
        escape = tildes_;
        break;
      case '<':
        escape = is_alnum(right) || right == '/' || right == '!' || right == '?';
        break;
      case '&':
        escape = begins_entity(text.substr(i));
        break;
      case '(':
        escape = left == ']';
        break;
      case '[':
        escape = left == ']' || (link_open_ && !balanced);
        break;
      case ']':
        escape = link_open_ && !balanced;
        break;
      case '!':
        escape = right == '[';
        break;
      default:
        break;
    }
    if (escape) out += '\\';
    out += c;
  }
  return out;
}

std::string InlineText::render(Form form) {
  drop_idle_marks();
  // Lone characters pair with nothing, and are left as they are.
  size_t stars = 0, ticks = 0, tildes = 0;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Kind::text) {
      stars += static_cast<size_t>(std::count(piece.text.begin(), piece.text.end(), '*'));
      ticks += static_cast<size_t>(std::count(piece.text.begin(), piece.text.end(), '`'));
      tildes += static_cast<size_t>(std::count(piece.text.begin(), piece.text.end(), '~'));
    } else if (piece.kind == Kind::open) {
      (piece.mark == Mark::strike ? tildes : stars) += 2;
    } else if (piece.kind == Kind::code) {
      ticks += 2;
    }
  }
  stars_ = stars > 1;
  ticks_ = ticks > 1;
  tildes_ = tildes > 1;

  std::string out;
  std::vector<std::pair<size_t, Mark>> opened;  // where marks stand in `out`
  std::string pending_target;
  size_t link_at = std::string::npos;
  const bool in_link_before = link_open_;
  link_open_ = false;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const char next = i + 1 < pieces_.size() ? (pieces_[i + 1].kind == Kind::text   ? first(pieces_[i + 1].text)
                                                : pieces_[i + 1].kind == Kind::link ? '['
                                                                                    : ' ')
                                             : ' ';
    switch (piece.kind) {
      case Kind::text: {
        std::string words = escaped(piece, last(out), next);
        if (is_space(last(out)) && words.starts_with(' ')) words.erase(0, 1);
        out += words;
        break;
      }
      case Kind::code: {
        std::string_view code = piece.text;
        const bool lead = code.starts_with(' '), trail = code.size() > 1 && code.ends_with(' ');
        if (lead) code.remove_prefix(1);
        if (trail && !code.empty()) code.remove_suffix(1);
        if (lead && !is_space(last(out))) out += ' ';
        if (code.empty()) break;
        const std::string ticks_text(longest_run(code, '`') + 1, '`');
        const bool pad = code.front() == '`' || code.back() == '`';
        if (last(out) == '`') out += ' ';
        out += ticks_text;
        if (pad) out += ' ';
        if (form == Form::cell) {
          for (char c : code) {
            if (c == '|') out += '\\';
            out += c;
          }
        } else {
          out += code;
        }
        if (pad) out += ' ';
        out += ticks_text;
        if (trail) out += ' ';
        break;
      }
      case Kind::image:
        out += "![";
        for (char c : piece.text) {
          if (c == '[' || c == ']' || c == '\\') out += '\\';
          out += c;
        }
        out += "](" + link_target(piece.target) + ")";
        break;
      case Kind::open:
        opened.emplace_back(out.size(), piece.mark);
        out += mark_text(piece.mark);
        break;
      case Kind::close: {
        const std::string_view mark = mark_text(piece.mark);
        auto found =
            std::find_if(opened.rbegin(), opened.rend(), [&](const auto& o) { return o.second == piece.mark; });
        if (found == opened.rend()) break;
        const size_t at = found->first;
        const bool innermost = found == opened.rbegin();
        opened.erase(std::next(found).base());
        const std::string_view inner = std::string_view(out).substr(at + mark.size());
        const char before = at > 0 ? out[at - 1] : ' ';
        const char inside_first = first(inner), inside_last = last(inner);
        // Where CommonMark would not take them as marks (flanking rules), or they say nothing more (code), they go.
        const bool no_left = is_space(inside_first) || (is_punctuation(inside_first) && is_alnum(before));
        const bool no_right = is_space(inside_last) || (is_punctuation(inside_last) && is_alnum(next));
        const bool only_code =
            piece.mark == Mark::emphasis && inner.size() > 2 && inside_first == '`' && inside_last == '`';
        if (inner.empty() || no_left || no_right || only_code || !innermost || inside_first == '*' ||
            inside_last == '*') {
          out.erase(at, mark.size());
          for (auto& o : opened) {
            if (o.first > at) o.first -= mark.size();
          }
          if (link_at != std::string::npos && link_at > at) link_at -= mark.size();
        } else {
          out += mark;
        }
        break;
      }
      case Kind::link:
        if (form == Form::heading) break;
        link_at = out.size();
        out += '[';
        link_open_ = true;
        break;
      case Kind::link_end: {
        if (link_at == std::string::npos) break;
        const std::string words = out.substr(link_at + 1);
        if (words.empty() || words == piece.target) {
          out.erase(link_at, 1);
          for (auto& o : opened) {
            if (o.first > link_at) --o.first;
          }
        } else {
          out += "](" + link_target(piece.target) + ")";
        }
        link_at = std::string::npos;
        link_open_ = false;
        break;
      }
      case Kind::line_break:
        while (!out.empty() && out.back() == ' ') out.pop_back();
        if (form != Form::paragraph) {
          out += ' ';
        } else if (!out.empty()) {
          out += "  \n";
        }
        break;
      case Kind::separator:
        while (!out.empty() && out.back() == ' ') out.pop_back();
        if (!out.empty() && !out.ends_with(kSeparator.substr(0, kSeparator.size() - 1))) {
          out += kSeparator;
        } else if (!out.empty()) {
          out += ' ';
        }
        break;
    }
  }
  // What the paragraph's end cuts open goes on in the next one.
  if (link_at != std::string::npos && link_open_) {
    const std::string target = link_target_;
    if (out.size() > link_at + 1 && !target.empty()) {
      out += "](" + link_target(target) + ")";
    } else {
      out.erase(link_at, 1);
      for (auto& o : opened) {
        if (o.first > link_at) --o.first;
      }
    }
  }
  for (auto o = opened.rbegin(); o != opened.rend(); ++o) {
    while (!out.empty() && is_space(out.back()) && out.size() > o->first + 2) out.pop_back();
    const std::string_view mark = mark_text(o->second);
    if (out.size() <= o->first + mark.size() || out.back() == '*') {
      out.erase(o->first, mark.size());
    } else {
      out += mark;
    }
  }
  link_open_ = in_link_before;
  pieces_.clear();
  for (Mark mark : {Mark::strong, Mark::emphasis, Mark::strike}) {
    if (open_marks_[static_cast<int>(mark)] > 0) pieces_.push_back({Kind::open, mark, {}, {}});
  }
  if (link_open_) pieces_.push_back({Kind::link, {}, {}, link_target_});

  if (out.ends_with(kSeparator)) out.resize(out.size() - kSeparator.size());
  while (!out.empty() && is_space(out.back())) out.pop_back();
  out.erase(0, std::min(out.find_first_not_of(" \n"), out.size()));
  return out;
}

std::string InlineText::take() { return guard_line_starts(render(Form::paragraph)); }

std::string InlineText::take_heading() {
  std::string out = render(Form::heading);
  // A closing run of '#' would be cut off.
  if (out.ends_with('#')) out.insert(out.size() - 1, "\\");
  return out;
}

std::string InlineText::take_cell() {
  for (Piece& piece : pieces_) {
    if (piece.kind != Kind::text && piece.kind != Kind::image) continue;
    // The text's own escapes come later: a private mark stands for the pipe till then.
    std::replace(piece.text.begin(), piece.text.end(), '|', '\x01');
  }
  std::string rendered = render(Form::cell);
  std::string out;
  for (char c : rendered) {
    if (c == '\x01') {
      out += "\\|";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string guard_line_starts(std::string_view paragraph) {
  std::string out;
  for (size_t at = 0; at <= paragraph.size();) {
    const size_t end = std::min(paragraph.find('\n', at), paragraph.size());
    std::string line(paragraph.substr(at, end - at));
    int ordinal = -1;
    const size_t marker = list_marker(line, &ordinal);
    if (marker > 0 && ordinal >= 0) {
      line.insert(marker - 1, "\\");
    } else if (marker > 0 || line.starts_with('>') || atx_heading(line).level > 0 || is_rule(line) ||
               setext_level(line) > 0 || opening_fence(line).mark || delimiter_cells(line) > 0 ||
               html_block_kind(line) > 0 || line.starts_with(":::") ||
               (line.starts_with('[') && line.find("]:") != std::string::npos) || line.starts_with('|')) {
      line.insert(0, "\\");
    } else if (out.empty() && at == 0 && line == "+++") {
      line.insert(0, "\\");
    }
    out += line;
    if (end == paragraph.size()) break;
    out += '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace tarn::document
