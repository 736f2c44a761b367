#include "connector/folder/folder.h"

#include <filesystem>
#include <system_error>

#include "connector/folder/overlap.h"
#include "connector/folder/pass.h"
#include "connector/folder/watch.h"
#include "connector/uri.h"

namespace tarn::connector::folder {
namespace {

class FolderConnector final : public Connector {
 public:
  FolderConnector(const Disk& disk, std::string path, bool is_file)
      : disk_(disk), path_(std::move(path)), source_(file_url(path_)), is_file_(is_file) {}

  const std::string& source() const override { return source_; }

  base::Result<Outcome> run(const json::Value& bookmark, const Options& options, Sink& sink,
                            const base::Context& context) override {
    TARN_ASSIGN(Root root, find_root());
    return run_pass(disk_, root, bookmark, options, sink, context);
  }

  std::unique_ptr<Overlap> overlap_with(const std::string& other) const override {
    return overlap_of(disk_, source_, other);
  }
  bool is_gone(const std::string& uri) const override {
    if (!uri.starts_with("file://")) return false;
    auto path = decode_path(std::string_view(uri).substr(7));
    return path.ok() && disk_.stat(*path, true).status().code() == base::Code::not_found;
  }

  base::Result<std::unique_ptr<Watcher>> watch(const Options& options) override {
    TARN_ASSIGN(Root root, find_root());
    return watch_folder(disk_, root.real, root.only_file, options);
  }

 private:
  // Where the path leads at this moment.
  base::Result<Root> find_root() const {
    Root root;
    std::string folder = path_;
    if (is_file_) {
      size_t slash = path_.rfind('/');
      folder = path_.substr(0, slash == 0 ? 1 : slash);
      root.only_file = path_.substr(slash + 1);
    }
    auto real = disk_.resolve(folder);
    if (!real.ok()) return real.status().with_context("cannot read the source " + display_name(folder));
    auto stat = disk_.stat(*real, true);
    if (!stat.ok()) return stat.status().with_context("cannot read the source " + display_name(folder));
    root.named = folder;
    root.real = std::move(*real);
    root.stat = *stat;
    root.base_url = folder == "/" ? "file:///" : file_url(folder) + "/";
    return root;
  }

  const Disk& disk_;
  const std::string path_;  // absolute, as named
  const std::string source_;
  const bool is_file_;
};

}  // namespace

base::Result<std::unique_ptr<Connector>> open_folder(const std::string& path, const Disk& disk) {
  std::error_code error;
  std::string absolute = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error || path.empty() || path.find(char{0}) != std::string::npos)
    return base::Status(base::Code::invalid_argument, "not a path: '" + display_name(path) + "'");
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  auto stat = disk.stat(absolute, true);
  if (!stat.ok()) {
    base::Status status = stat.status().with_context("cannot read the source " + display_name(absolute));
    if (status.code() == base::Code::not_found)
      return status.with_hint("name a folder or a file that exists; nothing was changed");
    return status;
  }
  if (stat->kind != FileStat::Kind::directory && stat->kind != FileStat::Kind::file)
    return base::Status(base::Code::unsupported, "neither a folder nor a regular file: " + display_name(absolute));
  return std::unique_ptr<Connector>(
      std::make_unique<FolderConnector>(disk, std::move(absolute), stat->kind == FileStat::Kind::file));
}

}  // namespace tarn::connector::folder
