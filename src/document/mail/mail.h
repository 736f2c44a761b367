// Mail: a message (eml) and mailboxes (mbox). The message's text is the document, its attachments are parts; a mailbox
// lists its messages, and each is a part under its Message-ID.
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_mail(const Input& input, const Sink& sink);
base::Status read_mailbox(const Input& input, const Sink& sink);
bool looks_like_mail(std::string_view head);
bool looks_like_mailbox(std::string_view head);

}  // namespace tarn::document
