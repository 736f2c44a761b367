#include <filesystem>

#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

base::Result<std::shared_ptr<OpenConnection>> connect_to(const std::shared_ptr<OpenDatabase>& database) {
  auto connection = std::make_shared<OpenConnection>();
  connection->database = database;
  if (database->locked_to) connection->gate = std::make_unique<Gate>(database->handle, *database->locked_to);
  if (duckdb_connect(database->handle, &connection->handle) != DuckDBSuccess) {
    return Status(Code::exhausted, "DuckDB gives no further connection");
  }
  return connection;
}

class OpenedDatabase final : public Database {
 public:
  explicit OpenedDatabase(std::shared_ptr<OpenDatabase> open) : open_(std::move(open)) {}
  base::Result<std::unique_ptr<Connection>> connect() override {
    TARN_ASSIGN(auto connection, connect_to(open_));
    return std::unique_ptr<Connection>(std::make_unique<SessionConnection>(std::move(connection)));
  }

 private:
  std::shared_ptr<OpenDatabase> open_;
};

Status set(duckdb_config config, const char* name, const std::string& value) {
  if (duckdb_set_config(config, name, value.c_str()) == DuckDBSuccess) return base::ok();
  return {Code::internal, std::string("DuckDB takes no ") + name + " = " + value};
}

// Directories and single files with links resolved (DuckDB compares resolved paths), each directory with the slash that
// keeps /lake from allowing /lake-2.
base::Result<std::string> allow(const std::vector<std::string>& paths) {
  std::string directories, files;
  for (const std::string& given : paths) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(given, error);
    if (error) return Status(Code::not_found, given + ": " + error.message());
    std::string path = real.string();
    const bool is_directory = std::filesystem::is_directory(real, error);
    if (is_directory && !path.ends_with('/')) path += '/';
    std::string& list = is_directory ? directories : files;
    list += (list.empty() ? "" : ", ") + quote_literal(path);
  }
  return "SET allowed_directories = [" + directories + "]; SET allowed_paths = [" + files + "]; ";
}

}  // namespace

std::string version() { return duckdb_library_version(); }

std::unique_ptr<Database> make_database(std::shared_ptr<OpenDatabase> open) {
  return std::make_unique<OpenedDatabase>(std::move(open));
}

base::Result<std::unique_ptr<Database>> open(const Options& options) {
  TARN_ASSIGN(auto opened, open_database(options));
  return make_database(std::move(opened));
}

base::Result<std::shared_ptr<OpenDatabase>> open_database(const Options& options) {
  ConfigHandle config;
  if (duckdb_create_config(config.out()) != DuckDBSuccess) return Status(Code::exhausted, "no memory for DuckDB");
  TARN_TRY(set(config.get(), "threads", std::to_string(options.threads)));
  TARN_TRY(set(config.get(), "memory_limit", std::to_string(options.memory_limit_bytes) + "B"));
  TARN_TRY(set(config.get(), "temp_directory", options.temp_directory));
  // No network, ever: extensions come by LOAD of a path, on open connections only.
  TARN_TRY(set(config.get(), "autoload_known_extensions", "false"));
  TARN_TRY(set(config.get(), "autoinstall_known_extensions", "false"));
  TARN_TRY(set(config.get(), "allow_community_extensions", "false"));
  TARN_TRY(set(config.get(), "allow_persistent_secrets", "false"));

  auto open = std::make_shared<OpenDatabase>();
  char* why = nullptr;
  if (duckdb_open_ext(nullptr, &open->handle, config.get(), &why) != DuckDBSuccess) {
    return error_status(take_string(why)).with_context("opening DuckDB");
  }
  // One order of times on every machine: DuckDB's default is the machine's zone.
  std::string settings = "SET GLOBAL TimeZone = 'UTC'; ";
  // A second copy of what the page cache has: a sixth of the time that a thousand small files take (bench/lake),
  // nothing for TPC-H. It could also show what a replaced file had before.
  settings += "SET enable_external_file_cache = false; ";
  if (options.locked_to) {
    TARN_ASSIGN(const std::string allowed, allow(*options.locked_to));
    // The owner of the budget moves the limit (instances.cc); the gate takes no SET of a user.
    settings += allowed +
                "SET enable_external_access = false; SET allowed_configs = ['memory_limit']; "
                "SET lock_configuration = true;";
  }
  TARN_ASSIGN(auto connection, connect_to(open));
  if (!options.locked_to) {
    TARN_TRY(register_column_mark(*connection));
    TARN_TRY(register_zero_marks(*connection));
  }
  TARN_TRY(SessionConnection(std::move(connection)).execute(settings));
  if (options.locked_to) {
    // As given, and as DuckDB's own errors have them.
    open->locked_to = options.locked_to;
    std::error_code error;
    for (const std::string& path : *options.locked_to) {
      open->locked_to->push_back(std::filesystem::canonical(path, error).string());
    }
  }
  return open;
}

}  // namespace tarn::duck
