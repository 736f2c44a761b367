// The page of a pull of several sources.
#pragma once

#include <string>

#include "cli/render.h"

namespace tarn::cli {

std::string render_pulls(const workspace::PullReply& reply, Page& page);

}  // namespace tarn::cli
