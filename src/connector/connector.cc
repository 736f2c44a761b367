#include "connector/connector.h"

#include "base/hash.h"
#include "connector/folder/folder.h"
#include "connector/uri.h"

namespace tarn::connector {

std::string source_id(std::string_view canonical_url) { return base::hash128(canonical_url).hex(); }

base::Result<std::unique_ptr<Connector>> make_connector(const std::string& url_or_path) {
  std::string_view scheme = scheme_of(url_or_path);
  if (scheme.empty()) return folder::open_folder(url_or_path);
  if (scheme == "file") {
    std::string_view rest = std::string_view(url_or_path).substr(5);
    if (rest.starts_with("//localhost/"))
      rest.remove_prefix(11);
    else if (rest.starts_with("///"))
      rest.remove_prefix(2);
    if (!rest.starts_with('/') || rest.starts_with("//"))
      return base::Status(base::Code::invalid_argument, "not a file URL of this machine: " + url_or_path,
                          "write file:///absolute/path");
    TARN_ASSIGN(std::string path, decode_path(rest));
    return folder::open_folder(path);
  }
  return base::Status(base::Code::unsupported, "no connector for '" + std::string(scheme) + ":' (" + url_or_path + ")",
                      "there are: a path of a folder or file, file:///…; a path with a colon is written ./path");
}

}  // namespace tarn::connector
