#include "workspace/opened_lake.h"

#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

class WorkspaceSession final : public SqlSession {
 public:
  explicit WorkspaceSession(std::unique_ptr<sql::Session> session) : session_(std::move(session)) {}

  std::vector<std::string> split(const std::string& script) const override { return session_->split(script); }
  bool is_complete(std::string_view text) const override { return sql::Session::is_complete(text); }
  std::vector<std::string> complete(std::string_view text_before_cursor) override {
    return session_->complete(text_before_cursor);
  }
  base::Status run(const std::string& statement, const RowFormat& format, const TextSink& sink,
                   const base::Context& context) override {
    return session_->run_statement(statement,
                                   {.name = format.name,
                                    .header = format.header,
                                    .null_text = format.null_text,
                                    .separator = format.separator,
                                    .width = format.width,
                                    .shown = format.shown},
                                   sink, context);
  }
  base::Status save(const std::string& statement, const std::string& format, const std::string& path,
                    const base::Context& context) override {
    return session_->save(statement, format, path, context);
  }
  uint64_t rows_changed() const override { return session_->rows_changed(); }
  const std::vector<base::Status>& warnings() const override { return session_->warnings(); }

 private:
  std::unique_ptr<sql::Session> session_;
};

class WorkspaceLake final : public OpenedLake {
 public:
  explicit WorkspaceLake(std::unique_ptr<Workspace> workspace) : workspace_(std::move(workspace)) {}

  std::vector<operation::Bound> operations() override { return workspace_->operations(); }
  base::Result<std::unique_ptr<SqlSession>> session(const std::string& as_of, bool locked) override {
    TARN_ASSIGN(auto opened, workspace_->part<SqlSessions>().open(as_of, locked));
    return std::unique_ptr<SqlSession>(new WorkspaceSession(std::move(opened)));
  }
  void leave() override { workspace_->part<Databases>().leave(); }

 private:
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace

base::Result<std::unique_ptr<OpenedLake>> open_lake(const LakeOptions& options) {
  OpenOptions open;
  open.lake = options.lake;
  open.threads = options.threads;
  open.model = options.model;
  TARN_ASSIGN(auto opened, Workspace::open(std::move(open)));
  return std::unique_ptr<OpenedLake>(new WorkspaceLake(std::move(opened)));
}

bool served_as_worker(int argc, char** argv, int* code) {
  register_workers();
  if (!worker::is_worker(argc, argv)) return false;
  *code = worker::serve(argc, argv);
  return true;
}

}  // namespace tarn::workspace
