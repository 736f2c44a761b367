// MCP over two descriptors: a message a line, nothing else on the output.
// Limits:  a line of more than kMaxMessageBytes is passed over and answered with an error.
// Errors:  io when reading or writing fails; a reader that went away ends it quietly.
// Threads: returns when the input ends (calls that run are given kGraceMs), or when `cancel` asks.
#pragma once

#include "base/progress.h"
#include "server/mcp.h"

namespace tarn::server {

inline constexpr int kGraceMs = 20'000;

base::Status serve_stdio(const std::vector<operation::Bound>& operations, const ServerInfo& info, int input, int output,
                         const base::Cancel& cancel);

}  // namespace tarn::server
