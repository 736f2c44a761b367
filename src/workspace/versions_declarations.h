// Declarations of the operations in versions.h and links.h.
#pragma once

#include "workspace/links_descriptions.h"
#include "workspace/versions_descriptions.h"

namespace tarn::workspace {

operation::Declared<TagRequest, TagReply> declare_tag();
operation::Declared<VacuumRequest, VacuumReply> declare_vacuum();
operation::Declared<RestoreRequest, RestoreReply> declare_restore();

operation::Declared<DiffRequest, DiffReply> declare_diff();
operation::Declared<ForgetRequest, ForgetReply> declare_forget();

operation::Declared<LinkRequest, LinkReply> declare_link();

}  // namespace tarn::workspace
