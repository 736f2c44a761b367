#include "cli/workspace_lake.h"

#include "workspace/registry.h"
#include "workspace/workspace.h"

namespace tarn::cli {
namespace {

using Session = decltype(std::declval<workspace::Workspace&>().session("", false).value())::element_type;

class WorkspaceSession final : public SqlSession {
 public:
  explicit WorkspaceSession(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  std::vector<std::string> split(const std::string& script) const override { return session_->split(script); }
  bool is_complete(std::string_view text) const override { return Session::is_complete(text); }
  std::vector<std::string> complete(std::string_view text_before_cursor) override { return session_->complete(text_before_cursor); }
  base::Status run(const std::string& statement, const RowFormat& format, const TextSink& sink, const base::Context& context) override {
    return session_->run_statement(statement,
                                   {.name = format.name, .header = format.header, .null_text = format.null_text, .separator = format.separator, .width = format.width},
                                   sink, context);
  }

 private:
  std::unique_ptr<Session> session_;
};

class WorkspaceLake final : public Lake {
 public:
  explicit WorkspaceLake(std::unique_ptr<workspace::Workspace> workspace) : workspace_(std::move(workspace)) {}

  std::vector<operation::Bound> operations() override { return workspace::bind_operations(*workspace_); }
  base::Status watch(const workspace::PullRequest& request, const base::Context& context,
                     const std::function<void(const base::Result<workspace::PullReply>&)>& report) override {
    return workspace_->watch(request, context, report);
  }
  base::Result<std::unique_ptr<SqlSession>> session(const std::string& as_of, bool locked) override {
    TARN_ASSIGN(auto opened, workspace_->session(as_of, locked));
    return std::unique_ptr<SqlSession>(new WorkspaceSession(std::move(opened)));
  }

 private:
  std::unique_ptr<workspace::Workspace> workspace_;
};

}  // namespace

base::Result<std::unique_ptr<Lake>> open_workspace(const LakeOptions& options) {
  workspace::OpenOptions open;
  open.lake = options.lake;
  open.threads = options.threads;
  open.model = options.model;
  TARN_ASSIGN(auto opened, workspace::Workspace::open(std::move(open)));
  return std::unique_ptr<Lake>(new WorkspaceLake(std::move(opened)));
}

}  // namespace tarn::cli
