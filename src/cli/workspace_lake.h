// A Workspace as the lake of the commands.
#pragma once

#include "cli/lake.h"

namespace tarn::cli {

base::Result<std::unique_ptr<Lake>> open_workspace(const LakeOptions& options);

}  // namespace tarn::cli
