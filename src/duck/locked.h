// Whether a user's text on this connection is checked (gate.h), so that what it is given to read must be as safe.
#pragma once

#include "duck/connection.h"

namespace tarn::duck {

bool is_locked(const Connection& connection);

}  // namespace tarn::duck
