// A folder of this machine, or one file, as a source.
// Shape:   source and uris are file:// URLs of the path as it was named (made absolute; a link stays a link, so that
//          "docs/current" stays one source when it is moved). A file whose name and first bytes are of no known type is
//          a reject, and is not read further. Unchanged (by size, times and inode) files are not read; a file that may
//          have changed within the clock's grain of the last listing is read again; touched files with the same bytes
//          are unchanged. A rename is one path that vanished and one new path with the same bytes, when both are the
//          only ones with these bytes.
// Errors:  not_found when the root is not there, or went away meanwhile.
// Source:  the "racy" rule is git's (Documentation/technical/racy-git).
#pragma once

#include "connector/descriptor.h"
#include "connector/folder/disk.h"

namespace tarn::connector::folder {

// `disk` outlives it.
Descriptor descriptor(const Disk& disk = local_disk());

}  // namespace tarn::connector::folder
