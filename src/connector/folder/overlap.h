// Two folders or files of this machine that lie in each other, by whatever way they are named.
// Shape:   a source is where its path really leads; an item's place is that and the rest of its path. Links within a
//          folder are not followed for it: there they are items of their own.
#pragma once

#include <memory>
#include <string>

#include "connector/connector.h"
#include "connector/folder/disk.h"

namespace tarn::connector::folder {

// Null when neither lies in the other, or `theirs` is no file URL.
std::unique_ptr<Overlap> overlap_of(const Disk& disk, const std::string& ours, const std::string& theirs);

}  // namespace tarn::connector::folder
