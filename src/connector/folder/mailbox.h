// A mailbox in a folder, of any size: each of its messages is an item, "…/inbox#" with its id, or without one a hash of
// its bytes. Of two with one id the second has a hash behind it; one that is there twice is there once.
// Shape:   the file is read from its start to its end, in memory for one message and the ids of all. An answer's
//          version names the message that it was read with (document/mail/mailbox.h, Earlier), so that it is read again
//          when that one is gone.
// Errors:  what the sink returns; why the file could not be read to its end is `failure`. A message that is too long is
//          a reject.
#pragma once

#include <string>

#include "connector/connector.h"
#include "connector/folder/disk.h"

namespace tarn::connector::folder {

struct Mailbox {
  std::string path;        // absolute
  std::string uri;         // of the file
  std::string moved_from;  // the uri that it had; "" = it is where it was
  std::string shown_path;  // relative to the folder, for people
  std::string way;         // how its messages are read: Reader::way()
  document::ExtractOptions options;
};

struct MessagesNamed {
  uint64_t messages = 0, bytes_read = 0;
  FileStat stat;
  bool stable = true;    // false: the file changed meanwhile, and nobody may conclude that a message is gone
  base::Status failure;  // likewise
};

base::Result<MessagesNamed> name_messages(const Disk& disk, const Mailbox& mailbox, uint64_t max_message_bytes,
                                          Sink& sink, const base::Context& context);

}  // namespace tarn::connector::folder
