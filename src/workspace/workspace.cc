#include "workspace/workspace.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "document/document.h"
#include "duck/remote.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr const char* kModelName = "all-MiniLM-L6-v2";
constexpr const char* kPluginName = "libtarn_openvino.so";

std::string program_directory(const std::string& program) {
  std::error_code error;
  const fs::path self = program.empty() ? fs::read_symlink("/proc/self/exe", error) : fs::path(program);
  return self.parent_path().string();
}

// The first of the candidates that is there, or the first.
std::string first_there(const std::vector<fs::path>& candidates) {
  std::error_code error;
  for (const fs::path& path : candidates) {
    if (fs::exists(path, error)) return path.string();
  }
  return candidates.front().string();
}

}  // namespace

void register_workers() {
  document::register_jobs();
  duck::register_jobs();
}

Workspace::Workspace(OpenOptions options, bool model_named)
    : options_(std::move(options)),
      store_(options_),
      databases_(options_),
      model_(options_, model_named),
      indexing_(databases_, model_),
      workers_(options_.threads),
      live_sets_(indexing_),
      tables_(store_, databases_, indexing_, live_sets_),
      retrieval_(tables_, live_sets_, databases_, indexing_, model_),
      sql_sessions_(options_, store_, databases_, workers_, tables_, writing_,
                    [this](const std::string& as_of) { return sql_functions(as_of); }),
      sources_(options_, store_) {}

Result<std::unique_ptr<Workspace>> Workspace::open(OpenOptions options) {
  if (options.lake.empty()) {
    return Status(Code::invalid_argument, "no lake is named", "give --lake DIR or set TARN_LAKE");
  }
  if (options.threads <= 0) options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::error_code error;
  options.lake = fs::absolute(options.lake, error).lexically_normal().string();
  while (options.lake.size() > 1 && options.lake.back() == '/') options.lake.pop_back();
  const fs::path beside = program_directory(options.program);
  const bool model_named = !options.model.empty();
  if (options.model.empty()) {
    options.model = first_there({beside / ".." / "model" / kModelName, beside / "model" / kModelName});
  }
  if (options.plugin.empty()) options.plugin = first_there({beside / ".." / "lib" / kPluginName, beside / kPluginName});
  return std::unique_ptr<Workspace>(new Workspace(std::move(options), model_named));
}

namespace {

template <typename... Ops>
std::vector<operation::Bound> bind_all(operation::List<Ops...>, Workspace& workspace) {
  return {operation::bind<Ops>(
      [&workspace](const operation::RequestOf<Ops>& request, const operation::SinkOf<Ops>& pieces,
                   const base::Context& context) { return workspace.run<Ops>(request, context, pieces); })...};
}

}  // namespace

std::vector<operation::Bound> Workspace::operations() { return bind_all(Operations(), *this); }

}  // namespace tarn::workspace
