// One run over a wiki.
// Shape:   lists what there is (listing.h), and reads what is new or other than the bookmark says. A page that shows
//          another one in itself changes with it, and shows it only where whoever may read it may read the other.
// Errors:  those of a wiki of which nothing could be listed. What cannot be read later is a reject, and what was read
//          before stays; so does all that is left, where the wiki does not answer any more.
#pragma once

#include <memory>

#include "connector/confluence/listing.h"
#include "connector/confluence/wiki.h"
#include "connector/connector.h"

namespace tarn::connector::confluence {

base::Result<Outcome> run(const std::shared_ptr<Wiki>& wiki, const Selection& selection, const json::Value& bookmark,
                          const RunOptions& options, Sink& sink, const base::Context& context);

}  // namespace tarn::connector::confluence
