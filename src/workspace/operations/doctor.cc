#include "workspace/operations/doctor.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "document/job.h"
#include "encode/encoder.h"
#include "simd/kernel.h"
#include "workspace/databases.h"
#include "workspace/doctor.h"
#include "workspace/lake_store.h"
#include "workspace/operations/tables.h"
#include "workspace/options.h"
#include "workspace/tables.h"
#include "workspace/workers.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

std::string reason(const Status& status) { return status.message(); }
std::string remedy(const Status& status, std::string fallback) {
  return status.hint().empty() ? std::move(fallback) : status.hint();
}

DoctorCheck check_processor(int threads) {
  const simd::Kernel best = simd::best_kernel();
  const std::string detail = fmt::format("{} threads, {} kernels", threads, simd::kernel_name(best));
  if (best == simd::Kernel::scalar) {
    return warned("processor", detail, "vector search will be slow: there is neither AVX2 nor NEON");
  }
  return passed("processor", detail);
}

DoctorCheck check_duckdb(duck::Connection& connection) {
  const base::Stopwatch stopwatch;
  const auto rows = connection.query("SELECT 1");
  if (!rows.ok()) {
    return failed("duckdb", reason(rows.status()), "install Tarn anew: its library libduckdb.so does not work");
  }
  return passed("duckdb", fmt::format("{}, answers in {:.1f} ms", duck::version(), stopwatch.elapsed_ms()));
}

DoctorCheck check_worker(worker::Pool& pool) {
  const base::Stopwatch stopwatch;
  const Status read = document::read_in(pool, "# Ready\n", "text/markdown", "ready.md", {},
                                        [](const document::Document&) { return Status(); });
  if (!read.ok()) return failed("worker", reason(read), remedy(read, "a child process of tarn must be able to start"));
  return passed("worker", fmt::format("starts and extracts in {:.0f} ms", stopwatch.elapsed_ms()));
}

DoctorCheck check_model(const std::string& model, const std::string& plugin, int threads,
                        const base::Context& context) {
  if (model == "none") {
    return warned("model", "switched off: search is by word only", "leave out --model none and TARN_MODEL");
  }
  if (model == "deterministic") {
    return warned("model", "the encoder for tests is in use", "leave out --model and TARN_MODEL");
  }
  std::error_code error;
  if (!std::filesystem::exists(model, error)) {
    return warned("model", "there is none at " + model + ": search is by word only",
                  "install the part of Tarn with the model, or name its folder with --model");
  }
  const base::Stopwatch stopwatch;
  const auto encoder = encode::make_encoder({model, plugin, threads});
  if (!encoder.ok()) {
    return failed("model", reason(encoder.status()), remedy(encoder.status(), "install the model anew"));
  }
  const encode::Input input{encode::Role::query, "ready"};
  const auto vector = (*encoder)->encode({&input, 1}, encode::Urgency::urgent, context);
  if (!vector.ok()) return failed("model", reason(vector.status()), remedy(vector.status(), "install the model anew"));
  return passed("model",
                fmt::format("{}, {} dimensions{}, ready in {:.1f} s", (*encoder)->identity(), (*encoder)->dimensions(),
                            (*encoder)->calibration() ? "" : ", uncalibrated", stopwatch.elapsed_ms() / 1000));
}

int64_t modified_us(const std::string& path) {
  struct stat info{};
  return stat(path.c_str(), &info) == 0 ? int64_t{info.st_mtim.tv_sec} * 1'000'000 : 0;
}

}  // namespace

operation::Declaration<DoctorRequest, DoctorReply> Doctor::declare() {
  operation::Operation o;
  o.name = "doctor";
  o.faces = {Face::cli, Face::network};
  o.doc = "check the installation: model, libraries, disk, permissions";
  o.help = "Exit code 1 when something failed. Each finding comes with its fix.";
  o.examples = {{"tarn doctor", "what is wrong here"}, {"tarn doctor --json", "for a report"}};
  o.list = "checks";
  return operation::declare<DoctorRequest, DoctorReply>(std::move(o),
                                                        [](const DoctorReply& r) { return r.ok ? 0 : 1; });
}

Result<DoctorReply> Doctor::run(const DoctorRequest& request, const OpenOptions& options, Tables& tables,
                                LakeStore& lake, Databases& databases, Workers& workers, const base::Context& context) {
  DoctorReply reply;
  auto& checks = reply.checks;
  const std::string program = options.program.empty() ? "/proc/self/exe" : options.program;
  const char* temporary = std::getenv("TMPDIR");
  checks.push_back(check_processor(options.threads));
  checks.push_back(check_memory(available_memory_bytes()));
  checks.push_back(check_clock(base::system_clock(), modified_us(program)));
  checks.push_back(check_temporary_folder(temporary && *temporary ? temporary : "/tmp"));
  checks.push_back(check_lake_folder(lake.directory()));
  checks.push_back(check_disk(lake.directory(), free_bytes_of(lake.directory())));
  TARN_TRY(context.check());

  const auto lake_tables = ListTables::run({}, tables, lake, context);
  if (lake_tables.ok()) {
    checks.push_back(passed("tables", fmt::format("{} can be read", lake_tables->tables.size())));
  } else if (lake_tables.status().code() == Code::not_found) {
    checks.push_back(passed("tables", "none yet: tarn pull makes the first"));
  } else {
    checks.push_back(
        failed("tables", reason(lake_tables.status()), remedy(lake_tables.status(), "tarn check says more")));
  }
  const auto connection = databases.connect();
  checks.push_back(connection.ok() ? check_duckdb(**connection)
                                   : failed("duckdb", reason(connection.status()),
                                            remedy(connection.status(), "install Tarn anew")));
  checks.push_back(check_worker(workers.extraction()));
  TARN_TRY(context.check());
  checks.push_back(check_model(options.model, options.plugin, options.threads, context));
  reply.ok =
      std::none_of(checks.begin(), checks.end(), [](const DoctorCheck& check) { return check.status == "fail"; });
  return reply;
}

}  // namespace tarn::workspace
