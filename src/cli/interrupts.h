// Ctrl-C and SIGTERM: the first asks the work to stop cleanly, the second ends the program at once.
// Threads: arm() by the main thread.
#pragma once

#include "base/progress.h"

namespace tarn::cli {

// A fresh Cancel that the next signal asks; it lives as long as the program. Also ignores SIGPIPE, so that a closed
// pipe is an error of write().
base::Cancel* arm_interrupts();

}  // namespace tarn::cli
