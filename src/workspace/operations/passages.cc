#include "workspace/operations/passages.h"

#include "workspace/retrieval.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

operation::Declaration<PassagesRequest, PassagesReply> Passages::declare() {
  operation::Operation o;
  o.name = "passages";
  o.faces = {Face::sql};
  o.doc = "the passages that a table is indexed by";
  o.examples = {{"FROM passages('docs')", "all of a table's"}};
  o.errors = {{Code::not_found, "there is no such table"}, {Code::invalid_argument, "the table has no index"}};
  o.list = "passages";
  return operation::declare<PassagesRequest, PassagesReply>(std::move(o));
}

Result<PassagesReply> Passages::run(const PassagesRequest& request, Retrieval& retrieval,
                                    const operation::Sink<Piece>& sink, const base::Context& context) {
  TARN_ASSIGN(const std::vector<search::Target> found,
              retrieval.targets({request.table}, request.as_of, false, context));
  PassagesReply reply;
  for (const index::LiveSet::Segment& segment : found.front().live->segments()) {
    for (base::PassageOrdinal p(0); p.value < segment.lexical->passage_count(); p = p.next()) {
      if (!segment.deleted.empty() && (segment.deleted[p.value / 64] >> (p.value % 64) & 1)) continue;
      const auto span = segment.lexical->passage(p);
      const auto document = segment.lexical->document(span.document);
      TARN_ASSIGN(std::string text, segment.lexical->text(p));
      PassageRow row{std::string(document.id),       int64_t{p.value - document.first_passage},
                     segment.lexical->heading(p),    static_cast<int64_t>(span.start),
                     static_cast<int64_t>(span.end), std::move(text)};
      if (!sink) {
        reply.passages.push_back(std::move(row));
      } else if (!sink(std::move(row))) {
        return reply;
      }
    }
  }
  return reply;
}

}  // namespace tarn::workspace
