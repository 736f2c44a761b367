#include "connector/folder/overlap.h"

#include "connector/uri.h"

namespace tarn::connector::folder {
namespace {

constexpr std::string_view kScheme = "file://";

struct Place {
  std::string source;  // canonical URL
  std::string real;    // where it leads; as it is named when it leads nowhere now
};

std::optional<Place> place_of(const Disk& disk, const std::string& source) {
  if (!source.starts_with(kScheme)) return std::nullopt;
  auto path = decode_path(std::string_view(source).substr(kScheme.size()));
  if (!path.ok() || !path->starts_with('/')) return std::nullopt;
  auto real = disk.resolve(*path);
  return Place{source, real.ok() ? std::move(*real) : std::move(*path)};
}

// What follows `root` and its '/' in `path`; "" for the root itself.
std::optional<std::string> rest_of(std::string_view path, std::string_view root) {
  if (path == root) return std::string();
  if (root != "/" && (!path.starts_with(root) || path[root.size()] != '/')) return std::nullopt;
  return std::string(path.substr(root == "/" ? 1 : root.size() + 1));
}

std::string join(const std::string& root, const std::string& rest) {
  return rest.empty() ? root : root + (root.ends_with('/') ? "" : "/") + rest;
}

// The uri that `to` has for an item of `from`: of a file, or of a message in it ("…/inbox#id").
std::optional<std::string> carried(const Place& from, const Place& to, const std::string& uri) {
  const size_t message = std::min(uri.find('#'), uri.size());
  const auto encoded =
      rest_of(uri.substr(0, message), from.source == "file:///" ? std::string_view("file://") : from.source);
  if (!encoded) return std::nullopt;
  auto below = decode_path(*encoded);
  if (!below.ok()) return std::nullopt;
  const auto rest = rest_of(join(from.real, *below), to.real);
  if (!rest) return std::nullopt;
  return join(to.source, encode_path(*rest)) + uri.substr(message);
}

class FolderOverlap final : public Overlap {
 public:
  FolderOverlap(Place ours, Place theirs) : ours_(std::move(ours)), theirs_(std::move(theirs)) {}
  bool theirs_is_wider() const override { return rest_of(ours_.real, theirs_.real).has_value(); }
  std::optional<std::string> ours(const std::string& their_uri) const override {
    return carried(theirs_, ours_, their_uri);
  }
  std::string theirs(const std::string& our_uri) const override {
    return carried(ours_, theirs_, our_uri).value_or(our_uri);
  }
  std::string relation() const override { return encode_path(ours_.real) + " " + encode_path(theirs_.real); }

 private:
  const Place ours_, theirs_;
};

}  // namespace

std::unique_ptr<Overlap> overlap_of(const Disk& disk, const std::string& ours, const std::string& theirs) {
  if (ours == theirs) return nullptr;
  auto a = place_of(disk, ours), b = place_of(disk, theirs);
  if (!a || !b || (!rest_of(a->real, b->real) && !rest_of(b->real, a->real))) return nullptr;
  return std::make_unique<FolderOverlap>(std::move(*a), std::move(*b));
}

}  // namespace tarn::connector::folder
