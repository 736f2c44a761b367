// When to ask again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "http/message.h"

namespace tarn::http {

// 408, 429, 500, 502, 503, 504: it may be otherwise in a moment.
bool is_passing(int status);

// How long the server asks to wait: Retry-After in seconds or as a date; else, with 429 alone, X-RateLimit-Reset in
// seconds from now or since 1970 or as RFC 3339 (some send it with each answer, where it asks for nothing). Nothing
// where it does not say or what it says is not understood.
std::optional<std::chrono::milliseconds> asked_wait(const Head& head, int64_t now_us);

// Before the n-th repetition (from 1): twice as long each time, half of it by chance, up to 30 s.
std::chrono::milliseconds backoff(int repetition, base::Random* random);

}  // namespace tarn::http
