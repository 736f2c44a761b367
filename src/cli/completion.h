// Completion scripts for bash, zsh and fish, made from the commands; tables are asked of the lake as one types.
#pragma once

#include <string>

#include "base/status.h"
#include "cli/commands.h"

namespace tarn::cli {

base::Result<std::string> completion_script(const std::string& shell, const Commands& commands);

}  // namespace tarn::cli
