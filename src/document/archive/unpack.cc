#include "document/archive/unpack.h"

#include <zstd.h>

#include <memory>
#include <vector>

#include "document/archive/inflate.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using Take = std::function<Status(std::string_view piece)>;

Status damaged() {
  return {Code::invalid_argument, "what is compressed in it is damaged or cut off",
          "see whether the file is whole, and copy it anew"};
}

Status unpack_gzip(std::string_view bytes, const Take& take) {
  while (is_gzip(bytes)) {
    Inflate inflate(Inflate::Form::gzip);
    auto rest = inflate.read(bytes, take);
    if (!rest.ok()) return rest.status().code() == Code::corruption ? damaged() : rest.status();
    if (!inflate.ended()) return damaged();
    bytes = *rest;
  }
  return {};  // what follows is filling
}

Status unpack_zstd(std::string_view bytes, const Take& take) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::vector<char> piece(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  size_t left = 1;
  while (in.pos < in.size || left != 0) {
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    const size_t before = in.pos;
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) return damaged();
    if (out.pos > 0) TARN_TRY(take({piece.data(), out.pos}));
    if (out.pos == 0 && in.pos == before) return left == 0 ? Status() : damaged();
  }
  return {};
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B\x08"); }
bool is_zstd(std::string_view bytes) { return bytes.starts_with("\x28\xB5\x2F\xFD"); }

Status unpack(std::string_view bytes, Budget* budget, const Take& take) {
  const auto count = [&](std::string_view piece) -> Status {
    TARN_TRY(budget->take(piece.size()));
    return take(piece);
  };
  if (is_gzip(bytes)) return unpack_gzip(bytes, count);
  if (is_zstd(bytes)) return unpack_zstd(bytes, count);
  return take(bytes);
}

}  // namespace tarn::document
