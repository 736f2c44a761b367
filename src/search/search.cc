#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "document/document.h"
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

std::optional<int64_t> page_of(const std::optional<document::Anchor>& anchor) {
  int64_t page = 0;
  if (!anchor || anchor->kind != document::kPage) return std::nullopt;
  const char* end = anchor->value.data() + anchor->value.size();
  const auto [stop, error] = std::from_chars(anchor->value.data(), end, page);
  return error == std::errc() && stop == end ? std::optional(page) : std::nullopt;
}

}  // namespace

std::string_view mode_name(Mode mode) {
  switch (mode) {
    case Mode::lexical:
      return "lexical";
    case Mode::semantic:
      return "semantic";
    case Mode::hybrid:
      return "hybrid";
  }
  return "";
}

Result<Reply> search(const Request& request, const std::vector<Target>& targets, const Environment& environment,
                     const base::Context& context) {
  Asked asked;
  TARN_ASSIGN(asked.query, request.is_question ? parse_question(request.query, *environment.analyzer)
                                               : parse_query(request.query, *environment.analyzer));
  if (request.mode != Mode::lexical && environment.encoder) {
    const encode::Input input{encode::Role::query, asked.query.text};
    TARN_ASSIGN(asked.vector, environment.encoder->encode({&input, 1}, encode::Urgency::urgent, context));
  }
  return search(request, asked, targets, environment, context);
}

Result<Reply> search(const Request& request, const Asked& asked, const std::vector<Target>& targets,
                     const Environment& environment, const base::Context& context) {
  const base::Stopwatch stopwatch;
  Reply reply;
  reply.mode = request.mode;
  if (request.mode != Mode::lexical && asked.vector.empty()) {
    if (request.mode == Mode::semantic) {
      return Status(Code::unavailable, "there is no encoder to search by meaning",
                    "install the model part, or use --mode lexical");
    }
    reply.mode = Mode::lexical;
  }
  Allowed allowed;
  if (!request.filter.empty()) {
    TARN_ASSIGN(auto locked, environment.locked());
    TARN_ASSIGN(allowed, allowed_by(request.filter, targets, *locked));
  }
  TARN_TRY(context.check());

  Pools pools(asked.query, targets, allowed);
  const size_t wanted = request.offset + request.k;
  std::vector<Candidate> best;
  switch (reply.mode) {
    case Mode::lexical:
      best = gather(pools, wanted, request.group, [&](size_t depth) { return pools.lexical(depth); });
      break;
    case Mode::semantic:
      best = gather(pools, wanted, request.group, [&](size_t depth) { return pools.semantic(asked.vector, depth); });
      break;
    case Mode::hybrid:
      best = pools.hybrid(asked.vector, semantic_weight(*environment.encoder));
      if (request.group) best = best_of_documents(pools, best);
      break;
  }
  for (size_t i = request.offset; i < std::min(wanted, best.size()); ++i) {
    const Candidate& candidate = best[i];
    const index::LiveSet::Segment& segment = pools.segment(candidate);
    const auto span = segment.lexical->passage(candidate.passage);
    const auto document = segment.lexical->document(span.document);
    Hit hit;
    hit.rank = i + 1;
    hit.score = candidate.score;
    hit.scores = {candidate.lexical, candidate.semantic};
    hit.target = candidate.target;
    hit.table = targets[candidate.target].name;
    hit.id = document.id;
    hit.title = document.title;
    hit.uri = document.uri;
    HitPassage& passage = hit.passage;
    passage.heading = segment.lexical->heading(candidate.passage);
    passage.start = span.start;
    passage.end = span.end;
    TARN_ASSIGN(passage.text, segment.lexical->text(candidate.passage));
    TARN_ASSIGN(passage.context, segment.lexical->context(candidate.passage));
    TARN_ASSIGN(passage.anchors, segment.lexical->anchors(candidate.passage));
    passage.anchor = document::anchor_at(passage.anchors, passage.start, passage.text, passage.start);
    passage.page = page_of(passage.anchor);
    if (!passage.context.empty() && !document::opens_code(passage.context)) passage.columns = passage.context;
    passage.highlights = highlights(passage.text, asked.query.marks, *environment.analyzer, passage.context);
    hit.row = {segment.file.path, document.row};
    if (request.explain) hit.explain = pools.explain(candidate);
    reply.hits.push_back(std::move(hit));
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::search
