#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "search/candidates.h"
#include "search/filter.h"
#include "search/highlight.h"

namespace tarn::search {
namespace {

using base::Code;
using base::Result;
using base::Status;

// The pool grows by this much until it holds enough documents or everything that matches.
constexpr size_t kPoolGrowth = 4;

template <typename Fetch>
std::vector<Candidate> gather(const Pools& pools, size_t wanted, bool group, const Fetch& fetch) {
  for (size_t depth = std::max<size_t>(100, wanted * kPoolGrowth);; depth *= kPoolGrowth) {
    const std::vector<Candidate> pool = fetch(depth);
    std::vector<Candidate> best = group ? best_of_documents(pools, pool) : pool;
    if (best.size() >= wanted || pool.size() < depth) return best;
  }
}

double semantic_weight(const encode::Encoder& encoder) {
  return encoder.calibration() ? encoder.calibration()->semantic_weight : kNeutralSemanticWeight;
}

}  // namespace

Result<Reply> search(const Request& request, const std::vector<Target>& targets, const Environment& environment,
                     const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(ParsedQuery query, request.is_question ? parse_question(request.query, *environment.analyzer)
                                                     : parse_query(request.query, *environment.analyzer));
  Reply reply;
  reply.mode = request.mode;
  if (request.mode != Mode::lexical && !environment.encoder) {
    if (request.mode == Mode::semantic) {
      return Status(Code::unavailable, "there is no encoder to search by meaning",
                    "install the model part, or use --mode lexical");
    }
    reply.mode = Mode::lexical;
  }
  std::vector<float> vector;
  if (reply.mode != Mode::lexical) {
    const encode::Input input{encode::Role::query, query.text};
    TARN_ASSIGN(vector, environment.encoder->encode({&input, 1}, encode::Urgency::urgent, context));
  }
  Allowed allowed;
  if (!request.filter.empty()) {
    TARN_ASSIGN(auto locked, environment.locked());
    TARN_ASSIGN(allowed, allowed_by(request.filter, targets, *locked));
  }
  TARN_TRY(context.check());

  Pools pools(query, targets, allowed);
  const size_t wanted = request.offset + request.k;
  std::vector<Candidate> best;
  switch (reply.mode) {
    case Mode::lexical:
      best = gather(pools, wanted, request.group, [&](size_t depth) { return pools.lexical(depth); });
      break;
    case Mode::semantic:
      best = gather(pools, wanted, request.group, [&](size_t depth) { return pools.semantic(vector, depth); });
      break;
    case Mode::hybrid:
      best = pools.hybrid(vector, semantic_weight(*environment.encoder));
      if (request.group) best = best_of_documents(pools, best);
      break;
  }
  for (size_t i = request.offset; i < std::min(wanted, best.size()); ++i) {
    const Candidate& candidate = best[i];
    const index::LiveSet::Segment& segment = pools.segment(candidate);
    const auto span = segment.lexical->passage(candidate.passage);
    const auto document = segment.lexical->document(span.document);
    Hit hit;
    hit.score = candidate.score;
    hit.lexical = candidate.lexical;
    hit.semantic = candidate.semantic;
    hit.target = candidate.target;
    hit.id = document.id;
    hit.title = document.title;
    hit.uri = document.uri;
    hit.heading = segment.lexical->heading(candidate.passage);
    hit.start = span.start;
    hit.end = span.end;
    TARN_ASSIGN(hit.text, segment.lexical->text(candidate.passage));
    TARN_ASSIGN(hit.context, segment.lexical->context(candidate.passage));
    TARN_ASSIGN(hit.anchors, segment.lexical->anchors(candidate.passage));
    hit.context_start = span.context_start;
    hit.context_end = span.context_end;
    hit.highlights = highlights(hit.text, query.marks, *environment.analyzer, hit.context);
    hit.file = segment.file.path;
    hit.row = document.row;
    if (request.explain) hit.explanation = pools.explain(candidate);
    reply.hits.push_back(std::move(hit));
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::search
