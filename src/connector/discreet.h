// A source whose secret stays where it is: what its connector says (failures, rejects, notes, addresses, labels,
// versions) has the secret taken out, and a bookmark or a field with the secret in it is refused. Connectors take care
// of that themselves; this is for what one forgot, and for secrets of six bytes or more. The secret is found as it is
// and as it stands in JSON, not encoded otherwise. Not looked through are progress, and what is the source's own:
// bytes, authors and records.
#pragma once

#include <vector>

#include "connector/descriptor.h"

namespace tarn::connector {

// `among` with each `open` held to that, for sources that have a secret.
std::vector<Descriptor> discreet(std::vector<Descriptor> among);

}  // namespace tarn::connector
