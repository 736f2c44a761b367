// A call as the pool makes it: one process, from its start to the end of its job. Internal.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "worker/pool.h"
#include "worker/process.h"

namespace tarn::worker {

// Takes the process back when the call is over; null when it is no longer good for anything.
using GiveBack = std::function<void(std::unique_ptr<Process>)>;

// `request` is sent when this returns, or the call is over.
std::unique_ptr<Call> make_call(std::unique_ptr<Process> process, std::string_view job, std::string_view request,
                                GiveBack give_back);

}  // namespace tarn::worker
