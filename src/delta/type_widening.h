// Which change of a column's type every reader can follow: old files keep the narrow type and are read as the wide one.
// Source:  Delta protocol, "Type Widening".
#pragma once

#include "json/value.h"

namespace tarn::delta {

bool widens(const json::Value& from, const json::Value& to);

}  // namespace tarn::delta
