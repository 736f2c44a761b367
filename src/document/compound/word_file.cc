#include "document/compound/word_file.h"

#include "base/utf8.h"
#include "document/compound/characters.h"
#include "document/compound/old_office.h"
#include "document/compound/summary.h"

namespace tarn::document::compound {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kPage = 512;
// Of Word 97 and of most of Word 6; the others are those of Word 6 in Japan, China and Korea.
constexpr uint16_t kMagics[] = {0xA5EC, 0xA5DC, 0xA697, 0xA698, 0xA699};
constexpr uint16_t kFirst97 = 106;  // versions of the file information block: Word 95 has 104, Word 97 193
constexpr uint16_t kComplex = 0x0004, kEncrypted = 0x0100, kSecondTables = 0x0200, kExtended = 0x1000;

// The code page that a language was written in before Unicode.
int code_page_of_language(uint16_t language) {
  if (language == 0x404 || language == 0xC04) return 950;
  switch (language & 0x3FF) {
    case 0x01:
    case 0x20:
    case 0x29:
      return 1256;
    case 0x04:
      return 936;
    case 0x05:
    case 0x0E:
    case 0x15:
    case 0x18:
    case 0x1A:
    case 0x1B:
    case 0x24:
      return 1250;
    case 0x08:
      return 1253;
    case 0x0D:
      return 1255;
    case 0x02:
    case 0x19:
    case 0x22:
    case 0x23:
    case 0x2F:
      return 1251;
    case 0x11:
      return 932;
    case 0x12:
      return 949;
    case 0x1E:
      return 874;
    case 0x1F:
      return 1254;
    case 0x25:
    case 0x26:
    case 0x27:
      return 1257;
    case 0x2A:
      return 1258;
    default:
      return 1252;
  }
}

// A single change of a piece is named by a number of its own, with the value behind it; {} where it means nothing.
std::array<char, 3> single_change(uint16_t change) {
  struct Short {
    uint8_t number;
    uint16_t code;
  };
  static constexpr Short kShort[] = {{0x0C, 0x260A}, {0x18, 0x2416}, {0x19, 0x2417}, {0x41, 0x0800}, {0x55, 0x0835},
                                     {0x56, 0x0836}, {0x57, 0x0837}, {0x5C, 0x083C}, {0x78, 0x2640}};
  const uint8_t number = change >> 1 & 0x7F;
  for (const Short& s : kShort) {
    if (s.number != number) continue;
    return {static_cast<char>(s.code & 0xFF), static_cast<char>(s.code >> 8), static_cast<char>(change >> 8)};
  }
  return {};
}

}  // namespace

Result<WordFile> WordFile::open(CompoundFile& file) {
  WordFile word;
  TARN_TRY(word.load(file));
  return word;
}

Status WordFile::load(CompoundFile& file) {
  TARN_ASSIGN(main_, file.read(file.root(), "WordDocument"));
  const Binary fib(main_);
  if (std::find(std::begin(kMagics), std::end(kMagics), fib.u16(0)) == std::end(kMagics) || fib.size() < 0x100) {
    return {Code::invalid_argument, "it is no text of Word: it does not begin like one"};
  }
  const uint16_t version = fib.u16(2), flags = fib.u16(10);
  if (flags & kEncrypted) return encrypted();
  old_ = version < kFirst97;
  if (old_) {
    tables_ = main_;
    code_page_ = code_page_of_language(fib.u16(6));
    // A Western Word was used for other writings too.
    if (code_page_ == 1252) code_page_ = summary_code_page(file).value_or(1252);
  } else {
    TARN_ASSIGN(tables_, file.read(file.root(), flags & kSecondTables ? "1Table" : "0Table"));
    if (tables_.empty()) {
      return {Code::invalid_argument, "it is damaged: it has no tables of its text", "open and save it in Word"};
    }
  }
  TARN_ASSIGN(data_, file.read(file.root(), "Data"));
  load_ranges();
  load_pieces();
  load_runs(WordTable::character_pages, &characters_);
  load_runs(WordTable::paragraph_pages, &paragraphs_);
  return {};
}

Binary WordFile::table(WordTable which) const {
  const Binary fib(main_);
  const uint64_t at = (old_ ? 0x58 : 0x9A) + uint64_t{8} * static_cast<uint32_t>(which);
  if (old_ && which > WordTable::pieces) return {};
  if (!old_ && static_cast<uint32_t>(which) >= fib.u16(0x98)) return {};
  return Binary(Binary(tables_).part(fib.u32(at), fib.u32(at + 4)));
}

Binary WordFile::from_table(WordTable which) const {
  const Binary found = table(which);
  return found.size() == 0 ? found
                           : Binary(Binary(tables_).part(static_cast<size_t>(found.bytes().data() - tables_.data())));
}

void WordFile::load_ranges() {
  const Binary fib(main_);
  uint32_t at = old_ ? 0x34 : 0x4C, cp = 0;
  Range macros, *all[] = {&main, &footnotes, &headers, &macros, &comments, &endnotes, &boxes};
  for (Range* range : all) {
    const uint32_t count = std::min<uint32_t>(fib.u32(at), kMaxCharacters - cp);
    *range = {cp, cp + count};
    cp += count;
    at += 4;
  }
}

void WordFile::load_pieces() {
  const Binary fib(main_), all = table(WordTable::pieces);
  const bool wide = !old_ || (fib.u16(10) & kExtended) != 0;  // Word 95 of Japan, China and Korea
  size_t at = 0;
  while (all.u8(at) == 1 && all.has(at, 3)) {
    if (changes_.size() < kMaxPieceChanges) changes_.push_back(all.part(at + 3, all.u16(at + 1)));
    at += 3 + size_t{all.u16(at + 1)};
  }
  if (all.u8(at) == 2 && (!old_ || (fib.u16(10) & kComplex) != 0)) {
    const Binary table(all.part(at + 5, all.u32(at + 1)));
    const size_t count = table.size() < 4 ? 0 : (table.size() - 4) / 12;
    for (size_t i = 0; i < count; ++i) {
      const Binary one(table.part(4 * (count + 1) + 8 * i, 8));
      Piece piece{table.u32(4 * i), table.u32(4 * i + 4), one.u32(2), wide, one.u16(6), {}};
      if (!old_ && (piece.at & 0x40000000) != 0) {  // 8-bit characters
        piece.at = (piece.at & 0x3FFFFFFF) / 2;
        piece.wide = false;
      }
      if ((piece.change & 1) == 0) piece.single = single_change(piece.change);
      pieces_.push_back(piece);
    }
  } else {
    pieces_.push_back({0, boxes.to, fib.u32(24), wide && old_, 0, {}});
  }
  char16_t of_byte[256];
  for (int c = 0; c < 256; ++c) {
    const std::string text = from_code_page(std::string(1, static_cast<char>(c)), old_ ? code_page_ : 1252);
    of_byte[c] = text.empty() ? u'?' : static_cast<char16_t>(base::utf8_at(text, 0).value);
  }
  // A character has a byte at least.
  const auto most = static_cast<uint32_t>(std::min(main_.size(), kMaxCharacters));
  uint32_t cp = 0;
  size_t whole = 0;
  for (bool ends = false; whole < pieces_.size() && !ends; ++whole) {
    Piece& piece = pieces_[whole];
    if (piece.from != cp || piece.to <= piece.from || cp >= most) break;
    piece.to = std::min(piece.to, most);
    const std::string_view bytes = fib.part(piece.at, uint64_t{piece.to - piece.from} * (piece.wide ? 2 : 1));
    for (size_t i = 0; i + (piece.wide ? 1 : 0) < bytes.size(); i += piece.wide ? 2 : 1) {
      const char16_t unit = piece.wide ? Binary(bytes).u16(i) : static_cast<uint8_t>(bytes[i]);
      // Word 95 marks bytes of its code page among wide characters.
      const bool is_byte = !piece.wide || (old_ && (unit & 0xFF00) == 0x1000);
      text_ += is_byte ? of_byte[unit & 0xFF] : unit;
    }
    text_.resize(piece.to);  // what is cut off is nothing
    cp = piece.to;
    ends = bytes.empty();
  }
  pieces_.resize(whole);
  for (Range* range : {&main, &footnotes, &headers, &comments, &endnotes, &boxes}) {
    range->from = std::min(range->from, cp);
    range->to = std::min(range->to, cp);
  }
}

// A page: places in the file, their formats' places in the page, from its end the formats.
void WordFile::load_page(uint32_t number, bool paragraphs, std::vector<WordRun>* runs) {
  const Binary page(Binary(main_).part(uint64_t{number} * kPage, kPage));
  if (page.size() < kPage) return;
  const size_t count = page.u8(kPage - 1), entry = !paragraphs ? 1 : old_ ? 7 : 13;
  for (size_t i = 0; i < count && runs->size() < kMaxRuns; ++i) {
    WordRun run{page.u32(4 * i), page.u32(4 * i + 4), 0, {}};
    const size_t at = 2 * size_t{page.u8(4 * (count + 1) + entry * i)};
    if (at != 0 && !paragraphs) run.changes = page.part(at + 1, page.u8(at));
    if (at != 0 && paragraphs) {
      size_t size = 2 * size_t{page.u8(at)}, from = at + 1;
      if (old_) {
        size = size > 0 ? size : 2 * size_t{page.u8(from++)};
      } else if (size == 0) {
        size = 2 * size_t{page.u8(from++)};
      } else {
        --size;
      }
      run.style = page.u16(from);
      run.changes = size > 2 ? page.part(from + 2, size - 2) : std::string_view();
    }
    if (run.to > run.from) runs->push_back(run);
  }
}

void WordFile::load_runs(WordTable which, std::vector<WordRun>* runs) {
  const Binary pages = table(which);
  const size_t width = old_ ? 2 : 4;
  const size_t count = pages.size() < 4 ? 0 : (pages.size() - 4) / (4 + width);
  std::vector<bool> seen(main_.size() / kPage + 1);
  for (size_t i = 0; i < count; ++i) {
    const size_t at = 4 * (count + 1) + width * i;
    const uint32_t page = old_ ? pages.u16(at) : pages.u32(at) & 0x3FFFFF;
    if (page >= seen.size() || seen[page]) continue;
    seen[page] = true;
    load_page(page, which == WordTable::paragraph_pages, runs);
  }
  std::sort(runs->begin(), runs->end(), [](const WordRun& a, const WordRun& b) { return a.from < b.from; });
}

const WordFile::Piece* WordFile::piece_of(uint32_t cp) {
  if (last_piece_ < pieces_.size() && pieces_[last_piece_].from <= cp && cp < pieces_[last_piece_].to) {
    return &pieces_[last_piece_];
  }
  const auto behind = std::upper_bound(pieces_.begin(), pieces_.end(), cp,
                                       [](uint32_t at, const Piece& piece) { return at < piece.from; });
  if (behind == pieces_.begin()) return nullptr;
  last_piece_ = static_cast<size_t>(behind - pieces_.begin() - 1);
  return cp < pieces_[last_piece_].to ? &pieces_[last_piece_] : nullptr;
}

uint32_t WordFile::place_of(uint32_t cp) {
  const Piece* piece = piece_of(cp);
  return piece ? piece->at + (cp - piece->from) * (piece->wide ? 2 : 1) : UINT32_MAX;
}

const WordRun& WordFile::run_at(const std::vector<WordRun>& runs, uint32_t cp, size_t* last) {
  static const WordRun nothing;
  const uint32_t at = place_of(cp);
  const auto holds = [&](size_t i) { return i < runs.size() && runs[i].from <= at && at < runs[i].to; };
  if (holds(*last)) return runs[*last];
  const auto behind = std::upper_bound(runs.begin(), runs.end(), at,
                                       [](uint32_t place, const WordRun& run) { return place < run.from; });
  if (behind == runs.begin()) return nothing;
  *last = static_cast<size_t>(behind - runs.begin() - 1);
  return holds(*last) ? runs[*last] : nothing;
}

const WordRun& WordFile::character_run(uint32_t cp) { return run_at(characters_, cp, &last_character_); }
const WordRun& WordFile::paragraph_run(uint32_t cp) { return run_at(paragraphs_, cp, &last_paragraph_); }

bool WordFile::ends_run(uint32_t cp) {
  const WordRun& run = paragraph_run(cp);
  const Piece* piece = piece_of(cp);
  return !piece || run.to == 0 || place_of(cp) + (piece->wide ? 2 : 1) >= run.to;
}

std::string_view WordFile::piece_changes(uint32_t cp) {
  const Piece* piece = piece_of(cp);
  if (!piece || old_) return {};
  if (piece->change & 1) {
    const size_t at = piece->change >> 1;
    return at < changes_.size() ? changes_[at] : std::string_view();
  }
  if (piece->single[0] == 0 && piece->single[1] == 0) return {};
  return {piece->single.data(), piece->single.size()};
}

}  // namespace tarn::document::compound
