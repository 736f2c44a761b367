// How the last pull of each source ended, also of one that found nothing new and so committed nothing. Disposable: it
// is shown by `tarn sources`; what a pull reads or writes does not depend on it, but for `ended_ok`, which it hands on.
// Shape:   doc/format/last-pull.md
// Errors:  what cannot be read counts as not there, and what cannot be written is left out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace tarn::workspace {

struct LastPull {
  std::string state;                    // ok, failed, stopped
  std::string ended_at;                 // UTC
  std::optional<std::string> ended_ok;  // when one last ended well
  std::string problem;                  // of a failed one
};

// By full name of the table and id of the source.
using LastPulls = std::map<std::pair<std::string, std::string>, LastPull>;

std::optional<LastPull> last_pull(const store::Store& files, const std::string& table, const std::string& source_id);
LastPulls read_last_pulls(const store::Store& files);
// The files whose bytes are not those that were written.
std::vector<std::string> damaged_last_pulls(const store::Store& files);
// `ended_ok` is that of before where this one did not.
void put_last_pull(store::Store& files, const std::string& table, const std::string& source_id, LastPull last);
// The problems of pulls may name items.
void forget_last_pulls(store::Store& files);

}  // namespace tarn::workspace
