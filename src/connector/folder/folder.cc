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
  FolderConnector(const Disk& disk, std::string path, bool is_file, Options options)
      : disk_(disk), path_(std::move(path)), is_file_(is_file), options_(std::move(options)) {}

  base::Result<Outcome> run(const json::Value& bookmark, const RunOptions& run, Sink& sink,
                            const base::Context& context) override {
    TARN_ASSIGN(Root root, find_root());
    return run_pass(disk_, root, bookmark, options_, run, sink, context);
  }

  std::unique_ptr<Overlap> overlap_with(const std::string& other) const override {
    return overlap_of(disk_, file_url(path_), other);
  }
  bool is_gone(const std::string& uri) const override {
    if (!uri.starts_with("file://")) return false;
    auto path = decode_path(std::string_view(uri).substr(7, uri.find('#') - 7));  // of the file that a message lies in
    return path.ok() && disk_.stat(*path, true).status().code() == base::Code::not_found;
  }

  base::Result<std::unique_ptr<Watcher>> watch() override {
    TARN_ASSIGN(Root root, find_root());
    return watch_folder(disk_, root.real, root.only_file, options_);
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
  const bool is_file_;
  const Options options_;
};

// Of a file:// URL.
base::Result<std::string> path_of(std::string_view url) {
  std::string_view rest = url.substr(5);
  if (rest.starts_with("//localhost/")) {
    rest.remove_prefix(11);
  } else if (rest.starts_with("///")) {
    rest.remove_prefix(2);
  }
  if (!rest.starts_with('/') || rest.starts_with("//")) {
    return base::Status(base::Code::invalid_argument, "not a file URL of this machine: " + std::string(url),
                        "write file:///absolute/path");
  }
  return decode_path(rest);
}

base::Result<FileStat> stat_source(const Disk& disk, const std::string& path) {
  auto stat = disk.stat(path, true);
  if (!stat.ok()) {
    base::Status status = stat.status().with_context("cannot read the source " + display_name(path));
    if (status.code() == base::Code::not_found) {
      return status.with_hint("name a folder or a file that exists; nothing was changed");
    }
    return status;
  }
  if (stat->kind != FileStat::Kind::directory && stat->kind != FileStat::Kind::file) {
    return base::Status(base::Code::unsupported, "neither a folder nor a regular file: " + display_name(path));
  }
  return stat;
}

base::Result<std::string> canonical(const std::string& url_or_path) {
  std::string path = url_or_path;
  if (!scheme_of(url_or_path).empty()) {
    TARN_ASSIGN(path, path_of(url_or_path));
  }
  std::error_code error;
  std::string absolute = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error || path.empty() || path.find(char{0}) != std::string::npos) {
    return base::Status(base::Code::invalid_argument, "not a path: '" + display_name(path) + "'");
  }
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return file_url(absolute);
}

base::Status check_there(const Disk& disk, const std::string& url) {
  TARN_ASSIGN(const std::string path, path_of(url));
  return base::as_status(stat_source(disk, path));
}

base::Result<std::unique_ptr<Connector>> open(const Disk& disk, const Source& source) {
  TARN_ASSIGN(Options options, operation::decode<Options>(source.options));
  TARN_TRY(base::as_status(Reader::make(options)));
  TARN_ASSIGN(std::string path, path_of(source.url));
  TARN_ASSIGN(const FileStat stat, stat_source(disk, path));
  const bool is_file = stat.kind == FileStat::Kind::file;
  return std::unique_ptr<Connector>(
      std::make_unique<FolderConnector>(disk, std::move(path), is_file, std::move(options)));
}

}  // namespace

Descriptor descriptor(const Disk& disk) {
  Descriptor d;
  d.name = "folder";
  d.doc = "a folder of this machine, or one file";
  d.schemes = {"", "file"};
  d.written = "a path of a folder or file, file:///…";
  d.options = operation::shape_of<Options>();
  d.kept = {"as", "charset", "whole_page", "password_file", std::string(kKeepOriginals)};
  d.once = {"allow_empty"};
  d.watchable = true;
  d.paths = true;
  d.canonical = canonical;
  d.check_there = [&disk](const std::string& url) { return check_there(disk, url); };
  d.open = [&disk](const Source& source) { return open(disk, source); };
  return d;
}

}  // namespace tarn::connector::folder
