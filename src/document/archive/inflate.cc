#include "document/archive/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace tarn::document {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;
constexpr int kWindow = 15, kGzip = 16;  // as inflateInit2() has them

}  // namespace

struct Inflate::Stream {
  z_stream z{};
  std::vector<char> piece = std::vector<char>(kPieceBytes);
  bool good = false;
};

Inflate::Inflate(Form form) : stream_(std::make_unique<Stream>()) {
  stream_->good = inflateInit2(&stream_->z, form == Form::raw ? -kWindow : kWindow + kGzip) == Z_OK;
}

Inflate::~Inflate() {
  if (stream_->good) inflateEnd(&stream_->z);
}

base::Result<std::string_view> Inflate::read(std::string_view bytes,
                                             const std::function<base::Status(std::string_view piece)>& take) {
  z_stream& z = stream_->z;
  const auto damaged = [] { return base::Status(base::Code::corruption, "deflated bytes are damaged"); };
  if (!stream_->good) return damaged();
  while (!ended_) {
    // zlib counts in 32 bits.
    const size_t given = std::min<size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(given);
    z.next_out = reinterpret_cast<Bytef*>(stream_->piece.data());
    z.avail_out = kPieceBytes;
    const int done = inflate(&z, Z_NO_FLUSH);
    if (done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR) return damaged();
    bytes.remove_prefix(given - z.avail_in);
    const size_t made = kPieceBytes - z.avail_out;
    if (made > 0) TARN_TRY(take({stream_->piece.data(), made}));
    ended_ = done == Z_STREAM_END;
    if (!ended_ && made == 0 && (bytes.empty() || done == Z_BUF_ERROR)) break;  // more bytes are needed
  }
  return bytes;
}

}  // namespace tarn::document
