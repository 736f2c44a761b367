// The operations of an opened lake, bound: what MCP serves, and what the CLI runs.
#pragma once

#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class Workspace;

// In the order of operations(). The workspace must outlive what is returned.
std::vector<operation::Bound> bind_operations(Workspace& workspace);

}  // namespace tarn::workspace
