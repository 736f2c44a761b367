#include <array>

#include "duck/handles.h"

namespace tarn::duck {
namespace {

using base::Code;

struct Kind {
  std::string_view prefix;
  Code code;
};

// The kinds that DuckDB's messages begin with. What is not named here comes from the words or data of the caller.
constexpr std::array kKinds{
    Kind{"Permission Error", Code::permission_denied},
    Kind{"INTERRUPT Error", Code::cancelled},
    Kind{"Out of Memory Error", Code::exhausted},
    Kind{"IO Error", Code::io},
    Kind{"HTTP Error", Code::unavailable},
    Kind{"Network Error", Code::unavailable},
    Kind{"Connection Error", Code::unavailable},
    Kind{"Not implemented Error", Code::unsupported},
    Kind{"Missing Extension Error", Code::unsupported},
    Kind{"Extension Autoloading Error", Code::unsupported},
    Kind{"TransactionContext Error", Code::conflict},
    Kind{"Serialization Error", Code::corruption},
    Kind{"INTERNAL Error", Code::internal},
    Kind{"FATAL Error", Code::internal},
};

// Words by which damaged files are known: DuckDB reports them under several kinds.
constexpr std::array<std::string_view, 16> kDamage{
    "No magic bytes found",
    "too small to be a Parquet file",
    "TProtocolException",
    "Footer length error",
    "Invalid Parquet",
    "Don't know what type",
    "don't know what type",
    "Corrupt",
    "corrupt",
    "ZSTD Decompression failure",
    "decompress",
    "Out of buffer",
    "out of buffer",
    "is not a parquet file",
    "Failed to read Parquet file",
    "outside file",
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

base::Status error_status(std::string_view message) {
  Code code = Code::invalid_argument;
  for (const Kind& kind : kKinds) {
    if (message.starts_with(kind.prefix)) {
      code = kind.code;
      break;
    }
  }
  std::string hint;
  if (contains(message, "the configuration has been locked")) {
    code = Code::permission_denied;
  } else if (code == Code::invalid_argument || code == Code::io || code == Code::internal) {
    // Only messages about reading: a SQL text that quotes such words in its caret lines stays a SQL error.
    const bool about_sql = message.starts_with("Parser Error") || message.starts_with("Binder Error") ||
                           message.starts_with("Catalog Error") || message.starts_with("Syntax Error");
    if (!about_sql) {
      for (std::string_view word : kDamage) {
        if (contains(message.substr(0, message.find('\n')), word)) code = Code::corruption;
      }
    }
    if (code == Code::io) {
      if (contains(message, "No files found that match") || contains(message, "No such file or directory")) {
        code = Code::not_found;
      } else if (contains(message, "No space left") || contains(message, "disk is full")) {
        return {Code::exhausted, std::string(message),
                "free some space and run again; nothing that was stored is lost"};
      } else if (contains(message, "File too large")) {
        return {Code::exhausted, std::string(message),
                "raise the limit of a file's size (ulimit -f); nothing that was stored is lost"};
      }
    }
  }
  if (code == Code::exhausted) hint = "raise the memory limit, name a directory for temporary files, or ask for less";
  return {code, std::string(message), std::move(hint)};
}

base::Status check_utf8(std::string_view text) {
  ErrorHandle error(duckdb_valid_utf8_check(text.data(), text.size()));
  if (!error || !duckdb_error_data_has_error(error.get())) return base::ok();
  return {Code::invalid_argument, "text of " + std::to_string(text.size()) + " bytes is not UTF-8"};
}

}  // namespace tarn::duck
