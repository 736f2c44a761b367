#include "ingest/ingest.h"

namespace tarn::ingest {

base::Status watch(const PullRequest& request, const Environment& environment, const base::Context& context,
                   const std::function<bool(const base::Result<PullReport>&)>& report) {
  TARN_ASSIGN(const connector::Descriptor* kind, connector::find(*environment.connectors, request.source.url));
  TARN_TRY(connector::check_options(*kind, request.source.options));
  if (!kind->watchable) {
    return {base::Code::unsupported, "a source of the kind '" + kind->name + "' cannot be watched",
            "pull it again from time to time"};
  }
  connector::Source located = request.source;
  TARN_ASSIGN(located.url, kind->locate(request.source.url));
  TARN_ASSIGN(auto connector, kind->open(located));
  // Made before the first pull, so that what happens meanwhile is not missed.
  TARN_ASSIGN(auto watcher, connector->watch());
  for (bool first = true;; first = false) {
    auto pulled = pull(request, environment, context);
    bool go_on = report(pulled);
    if (!pulled.ok() && (first || context.stopped())) return pulled.status();
    if (!go_on) return {};
    TARN_TRY(watcher->wait(context));
  }
}

}  // namespace tarn::ingest
