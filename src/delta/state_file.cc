#include "delta/state_file.h"

#include "base/bytes.h"
#include "delta/path.h"

namespace tarn::delta {
namespace {

using base::ByteReader;
using base::ByteWriter;
using base::Hash128;
using base::kHashBytes;
using base::Result;
using base::Status;

constexpr std::string_view kMagic = "TRNSTAT1";

// Which members of a file follow its path, in this order.
enum Member : uint8_t {
  kEncodedPath = 1,
  kHash = 2,  // of 16 bytes, in place of the tag
  kTags = 4,
  kPartition = 8,
  kVector = 16,
  kRowId = 32,
  kRowVersion = 64,
  kClustering = 128,
};

Result<std::string> get_text(ByteReader* in) {
  TARN_ASSIGN(const std::string_view text, in->text());
  return std::string(text);
}

Result<json::Value> get_json(ByteReader* in) {
  TARN_ASSIGN(const std::string_view text, in->text());
  auto value = json::parse(text);
  if (!value.ok()) return in->corrupt(value.status().message());
  return value;
}

void put_file(const DataFile& file, bool local, ByteWriter* out) {
  auto tags = file.tags;
  std::optional<Hash128> hash;
  if (const auto tag = tags.find(std::string(kHashTag)); tag != tags.end()) {
    hash = Hash128::from_hex(tag->second);
    if (hash) tags.erase(tag);
  }
  const bool plain_path = local && (file.encoded_path.empty() || file.encoded_path == encode_path(file.path));
  unsigned members = 0;
  if (!plain_path) members |= kEncodedPath;
  if (hash) members |= kHash;
  if (!tags.empty()) members |= kTags;
  if (!file.partition_values.empty()) members |= kPartition;
  if (file.deletion_vector) members |= kVector;
  if (file.base_row_id) members |= kRowId;
  if (file.row_commit_version) members |= kRowVersion;
  if (!file.clustering_provider.empty()) members |= kClustering;
  out->fixed(static_cast<uint8_t>(members));
  out->text(file.path);
  out->varint(static_cast<uint64_t>(file.size_bytes));
  out->fixed(file.modified_ms);
  out->text(file.stats);
  if (!plain_path) out->text(file.encoded_path);
  if (hash) out->hash(*hash);
  if (!tags.empty()) {
    out->varint(tags.size());
    for (const auto& [key, value] : tags) {
      out->text(key);
      out->text(value);
    }
  }
  if (!file.partition_values.empty()) {
    out->varint(file.partition_values.size());
    for (const auto& [key, value] : file.partition_values) {
      out->text(key);
      out->fixed(static_cast<uint8_t>(value ? 1 : 0));
      if (value) out->text(*value);
    }
  }
  if (file.deletion_vector) {
    const DeletionVector& vector = *file.deletion_vector;
    out->text(vector.storage);
    out->text(vector.path_or_inline);
    out->fixed(static_cast<uint8_t>(vector.offset ? 1 : 0));
    out->fixed(vector.offset.value_or(0));
    out->fixed(vector.size_bytes);
    out->fixed(vector.cardinality);
  }
  if (file.base_row_id) out->fixed(*file.base_row_id);
  if (file.row_commit_version) out->fixed(*file.row_commit_version);
  if (!file.clustering_provider.empty()) out->text(file.clustering_provider);
}

Result<DeletionVector> get_vector(ByteReader* in) {
  DeletionVector vector;
  TARN_ASSIGN(vector.storage, get_text(in));
  TARN_ASSIGN(vector.path_or_inline, get_text(in));
  TARN_ASSIGN(const uint8_t has_offset, in->fixed<uint8_t>());
  TARN_ASSIGN(const int32_t offset, in->fixed<int32_t>());
  if (has_offset != 0) vector.offset = offset;
  TARN_ASSIGN(vector.size_bytes, in->fixed<int32_t>());
  TARN_ASSIGN(vector.cardinality, in->fixed<int64_t>());
  return vector;
}

Status get_file(ByteReader* in, DataFile* file) {
  TARN_ASSIGN(const unsigned members, in->fixed<uint8_t>());
  TARN_ASSIGN(file->path, get_text(in));
  TARN_ASSIGN(const uint64_t size, in->varint());
  if (size > INT64_MAX) return in->corrupt("a file's size is too large");
  file->size_bytes = static_cast<int64_t>(size);
  TARN_ASSIGN(file->modified_ms, in->fixed<int64_t>());
  TARN_ASSIGN(file->stats, get_text(in));
  if (members & kEncodedPath) {
    TARN_ASSIGN(file->encoded_path, get_text(in));
  }
  if (members & kHash) {
    TARN_ASSIGN(const Hash128 hash, in->hash());
    file->tags.emplace(kHashTag, hash.hex());
  }
  if (members & kTags) {
    TARN_ASSIGN(const uint64_t count, in->varint());
    for (uint64_t i = 0; i < count; ++i) {
      TARN_ASSIGN(std::string key, get_text(in));
      TARN_ASSIGN(file->tags[std::move(key)], get_text(in));
    }
  }
  if (members & kPartition) {
    TARN_ASSIGN(const uint64_t count, in->varint());
    for (uint64_t i = 0; i < count; ++i) {
      TARN_ASSIGN(std::string key, get_text(in));
      auto& value = file->partition_values[std::move(key)];
      TARN_ASSIGN(const uint8_t is_set, in->fixed<uint8_t>());
      if (is_set != 0) {
        TARN_ASSIGN(value, get_text(in));
      }
    }
  }
  if (members & kVector) {
    TARN_ASSIGN(file->deletion_vector, get_vector(in));
  }
  if (members & kRowId) {
    TARN_ASSIGN(file->base_row_id, in->fixed<int64_t>());
  }
  if (members & kRowVersion) {
    TARN_ASSIGN(file->row_commit_version, in->fixed<int64_t>());
  }
  if (members & kClustering) {
    TARN_ASSIGN(file->clustering_provider, get_text(in));
  }
  return {};
}

}  // namespace

std::string state_path(const std::string& table_path) { return table_path + "/_tarn/state"; }

std::string state_bytes(const State& state, const Hash128& commit) {
  std::string bytes(kMagic);
  ByteWriter out(&bytes);
  out.hash(commit);
  out.fixed(state.version.value);
  out.fixed(state.committed_at_us);
  out.text(json::write(state.protocol));
  out.text(json::write(state.metadata));
  out.varint(state.transaction_actions.size());
  for (const auto& [id, transaction] : state.transaction_actions) {
    out.text(json::write(transaction_action(transaction)["txn"]));
  }
  out.varint(state.domains.size());
  for (const auto& [name, domain] : state.domains) out.text(json::write(domain));
  out.varint(state.files.size());
  for (const auto& [path, file] : state.files) put_file(file, state.foreign.count(path) == 0, &out);
  out.hash(base::hash128(bytes));
  return bytes;
}

Result<StoredState> read_state(std::string_view bytes, std::string_view what) {
  ByteReader whole(bytes, what);
  if (bytes.size() < kMagic.size() + kHashBytes || !bytes.starts_with(kMagic)) return whole.corrupt("not a state");
  const std::string_view body = bytes.substr(0, bytes.size() - kHashBytes);
  if (base::hash128(body) != base::load_hash(bytes.data() + body.size())) {
    return whole.corrupt("its bytes are not those that were written (the hash differs)");
  }
  ByteReader in(body, what);
  TARN_TRY(in.bytes(kMagic.size()));
  StoredState stored{std::make_shared<State>(), {}};
  State& state = *stored.state;
  TARN_ASSIGN(stored.commit, in.hash());
  TARN_ASSIGN(state.version.value, in.fixed<int64_t>());
  TARN_ASSIGN(state.committed_at_us, in.fixed<int64_t>());
  Actions actions;
  TARN_ASSIGN(actions.protocol, get_json(&in));
  TARN_ASSIGN(actions.metadata, get_json(&in));
  for (const char* kind : {"txn", "domainMetadata"}) {
    TARN_ASSIGN(const uint64_t count, in.varint());
    for (uint64_t i = 0; i < count; ++i) {
      TARN_ASSIGN(json::Value body_of, get_json(&in));
      TARN_TRY(parse_action(json::Value::object({{kind, std::move(body_of)}}), &actions));
    }
  }
  TARN_TRY(state.apply(std::move(actions)));
  TARN_ASSIGN(const uint64_t count, in.varint());
  for (uint64_t i = 0; i < count; ++i) {
    DataFile file;
    TARN_TRY(get_file(&in, &file));
    state.size_bytes += file.size_bytes;
    if (!file.encoded_path.empty() && !is_local_path(file.encoded_path)) state.foreign.insert(file.path);
    std::string path = file.path;
    state.files.emplace_hint(state.files.end(), std::move(path), std::move(file));
  }
  if (!in.done() || state.files.size() != count) return in.corrupt("not a state");
  return stored;
}

Result<StoredState> load_state(const store::Store& store, const std::string& table_path, base::Version at_most) {
  const std::string path = state_path(table_path);
  TARN_ASSIGN(const store::Local file, store.local(path));
  TARN_ASSIGN(const std::string_view bytes, file->bytes());
  constexpr size_t kVersionAt = kMagic.size() + kHashBytes;
  if (bytes.size() >= kVersionAt + sizeof(int64_t) &&
      base::load_le<int64_t>(bytes.data() + kVersionAt) > at_most.value) {
    return Status(base::Code::not_found, path + ": it is of a later version");
  }
  return read_state(bytes, path);
}

}  // namespace tarn::delta
