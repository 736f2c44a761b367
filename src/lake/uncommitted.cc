#include "lake/uncommitted.h"

namespace tarn::lake {

Uncommitted::~Uncommitted() {
  for (const delta::DataFile& file : files_) {
    if (table_.observer() != nullptr) table_.observer()->file_dropped(table_, file);
    static_cast<void>(table_.store().remove(table_.path() + "/" + file.path));
  }
  for (const std::string& path : others_) static_cast<void>(table_.store().remove(table_.path() + "/" + path));
}

}  // namespace tarn::lake
