// The two ways through an analyzer, for tests and the benchmark: `icu` is the slow reference that `fast` must agree
// with.
#pragma once

#include <functional>
#include <string_view>

#include "text/analyzer.h"

namespace tarn::text {

enum class Way { fast, icu };

// Needs an analyzer of make_analyzer().
void analyze_by(Way way, const Analyzer& analyzer, std::string_view text,
                const std::function<void(const Token&)>& sink);

}  // namespace tarn::text
