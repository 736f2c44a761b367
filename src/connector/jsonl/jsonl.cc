#include "connector/jsonl/jsonl.h"

#include <filesystem>
#include <system_error>

#include "connector/jsonl/lines.h"
#include "connector/jsonl/survey.h"
#include "connector/uri.h"
#include "operation/field.h"

namespace tarn::connector::jsonl {

struct Options {
  std::string key = "id";
};

}  // namespace tarn::connector::jsonl

namespace tarn::operation {

template <>
struct Describe<connector::jsonl::Options> {
  static auto fields() {
    using connector::jsonl::Options;
    return std::tuple{
        field("key", &Options::key, "the column that tells records apart (jsonl:FILE); kept with the source")
            .metavar("COLUMN"),
    };
  }
};

}  // namespace tarn::operation

namespace tarn::connector::jsonl {
namespace {

constexpr int kBookmarkFormat = 1;
constexpr size_t kBatchRecords = 1000;
constexpr std::string_view kScheme = "jsonl", kUrl = "jsonl+file";

base::Result<std::string> path_of(const std::string& url) {
  std::string_view rest = std::string_view(url).substr(scheme_of(url).size() + 1);
  if (scheme_of(url) == kScheme) return std::string(rest);  // a path as it is typed
  if (!rest.starts_with("///")) {
    return base::Status(base::Code::invalid_argument, "not a file URL of this machine: " + url,
                        "write jsonl+file:///absolute/path, or jsonl:PATH");
  }
  return decode_path(rest.substr(2));
}

base::Result<std::string> canonical(const std::string& url) {
  TARN_ASSIGN(const std::string path, path_of(url));
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error).lexically_normal();
  if (error || path.empty() || path.find(char{0}) != std::string::npos) {
    return base::Status(base::Code::invalid_argument, "not a path: '" + display_name(path) + "'");
  }
  return std::string(kUrl) + "://" + encode_path(absolute.string());
}

base::Status check_there(const std::string& url) {
  TARN_ASSIGN(const std::string path, path_of(url));
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return {};
  return {error == std::errc::permission_denied ? base::Code::permission_denied : base::Code::not_found,
          "cannot read the source " + display_name(path) + ": no file is there",
          "name a file of JSON lines; nothing was changed"};
}

// One run over one file.
class Run {
 public:
  Run(const std::string& url, const std::string& path, const std::string& key, Sink& sink, const base::Context& context)
      : url_(url), path_(path), key_(key), sink_(sink), context_(context) {}

  base::Result<Outcome> run(const json::Value& bookmark, bool everything) {
    TARN_ASSIGN(const std::string hash, read({}));
    const bool known = bookmark["format"] == json::Value(kBookmarkFormat) && bookmark["key"] == json::Value(key_) &&
                       bookmark["hash"] == json::Value(hash);
    uint64_t records = known && bookmark["records"].is_int() ? static_cast<uint64_t>(bookmark["records"].as_int()) : 0;
    const bool same = known && !everything;
    Outcome outcome(same ? Found::same : Found::news);
    if (same) {
      outcome.unchanged_records = records;
    } else {
      TARN_ASSIGN(records, send(hash));
    }
    outcome.bookmark =
        json::Value::object({{"format", kBookmarkFormat}, {"key", key_}, {"hash", hash}, {"records", records}});
    outcome.bytes_read = bytes_read_;
    // What a line that cannot be read said is not known: the record that it was before stays.
    outcome.complete = bad_ == 0;
    if (bad_ > 0) outcome.notes.emplace_back("lines could not be read, so no record is taken for gone");
    return outcome;
  }

 private:
  using Take = std::function<base::Status(json::Value object)>;

  // Every record; gives the hash of the file.
  base::Result<std::string> read(const Take& take, bool tells = false) {
    auto lines = Lines::open(path_);
    if (!lines.ok()) return lines.status().with_context("cannot read the source");
    for (bad_ = 0;;) {
      TARN_ASSIGN(const bool more, lines->next());
      if (!more) break;
      if (lines->number() % 1024 == 0) {
        TARN_TRY(context_.check());
        context_.update("reading", lines->number(), 0, "lines");
      }
      if (!take || (lines->text().empty() && !lines->too_long())) continue;
      auto object = parse(*lines);
      if (object.ok()) {
        TARN_TRY(take(std::move(*object)));
        continue;
      }
      if (++bad_ > kMaxBadLines) {
        return base::Status(base::Code::exhausted,
                            "more than kMaxBadLines (" + std::to_string(kMaxBadLines) + ") lines of " +
                                display_name(path_) + " are no records",
                            "each line must be a JSON object");
      }
      if (tells) sink_.reject({url_, "line " + std::to_string(lines->number()), object.status().message()});
    }
    bytes_read_ = lines->bytes_read();  // however often
    return lines->hash().hex();
  }

  base::Result<json::Value> parse(const Lines& lines) const {
    if (lines.too_long()) {
      return base::Status(base::Code::exhausted, "longer than kMaxLineBytes (" + std::to_string(kMaxLineBytes) + ")");
    }
    TARN_ASSIGN(json::Value value, json::parse(lines.text(), kMaxLineBytes));
    if (!value.is_object()) return base::Status(base::Code::invalid_argument, "not a JSON object");
    const json::Value& key = value[key_];
    if (!key.is_string() && !key.is_int()) {
      return base::Status(base::Code::invalid_argument, value.contains(key_)
                                                            ? "its '" + key_ + "' is neither text nor a whole number"
                                                            : "it has no '" + key_ + "', which tells records apart");
    }
    return value;
  }

  base::Result<uint64_t> send(const std::string& hash) {
    Survey survey;
    TARN_ASSIGN(const std::string surveyed, read([&](const json::Value& object) { return survey.add(object); }));
    if (survey.records() == 0) {
      TARN_ASSIGN(const std::string again, read([](const json::Value&) { return base::Status(); }, true));
      return again == hash && surveyed == hash ? base::Result<uint64_t>(uint64_t{0}) : changed();
    }
    TARN_ASSIGN(const std::vector<Column> columns, survey.columns());
    TARN_TRY(sink_.table({columns, key_}));
    std::vector<Record> batch;
    const auto flush = [&]() -> base::Status {
      if (batch.empty()) return {};
      return sink_.records(std::exchange(batch, {}));
    };
    TARN_ASSIGN(const std::string sent, read(
                                            [&](const json::Value& object) -> base::Status {
                                              Record record;
                                              record.reserve(columns.size());
                                              for (const Column& column : columns) {
                                                record.push_back(object[column.name]);
                                              }
                                              batch.push_back(std::move(record));
                                              return batch.size() < kBatchRecords ? base::Status() : flush();
                                            },
                                            true));
    TARN_TRY(flush());
    if (surveyed != hash || sent != hash) return changed();
    return survey.records();
  }

  base::Status changed() const {
    return {base::Code::unavailable, display_name(path_) + " changed while it was read; nothing was changed",
            "pull again when nothing writes to it"};
  }

  const std::string& url_;
  const std::string& path_;
  const std::string& key_;
  Sink& sink_;
  const base::Context& context_;
  uint64_t bytes_read_ = 0, bad_ = 0;  // of the last reading
};

class JsonLines final : public Connector {
 public:
  JsonLines(std::string url, std::string path, Options options)
      : url_(std::move(url)), path_(std::move(path)), options_(std::move(options)) {}

  base::Result<Outcome> run(const json::Value& bookmark, const RunOptions& options, Sink& sink,
                            const base::Context& context) override {
    return Run(url_, path_, options_.key, sink, context).run(bookmark, options.everything);
  }

 private:
  const std::string url_, path_;
  const Options options_;
};

base::Result<std::unique_ptr<Connector>> open(const Source& source) {
  TARN_ASSIGN(Options options, operation::decode<Options>(source.options));
  TARN_ASSIGN(std::string path, path_of(source.url));
  return std::unique_ptr<Connector>(std::make_unique<JsonLines>(source.url, std::move(path), std::move(options)));
}

}  // namespace

Descriptor descriptor() {
  Descriptor d;
  d.name = "jsonl";
  d.doc = "a file of JSON lines: each line is a record";
  d.schemes = {std::string(kScheme), std::string(kUrl)};
  d.written = "jsonl:PATH";
  d.rows = Rows::records;
  d.options = operation::shape_of<Options>();
  d.kept = {"key"};
  d.paths = true;
  d.canonical = canonical;
  d.check_there = check_there;
  d.open = open;
  return d;
}

}  // namespace tarn::connector::jsonl
