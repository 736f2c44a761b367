// What this build is: for --version, help and MCP's serverInfo.
#pragma once

#include <string>

#include "json/value.h"

namespace tarn::cli {

std::string version();       // "0.1.0"
json::Value version_json();  // adds commit, build type, compiler, libraries, CPU features

}  // namespace tarn::cli
