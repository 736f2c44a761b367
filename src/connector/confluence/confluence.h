// A Confluence wiki: spaces with their pages, blog posts, comments and attached files.
// Source:  confluence+https://site/wiki?space=KEY (Cloud), confluence+https://host/confluence?space=KEY (Data Center).
#pragma once

#include "connector/descriptor.h"

namespace tarn::connector::confluence {

Descriptor descriptor();

}  // namespace tarn::connector::confluence
