#include "http/curl.h"

#include <dlfcn.h>

#include <csignal>
#include <string>

#include "base/once.h"

namespace tarn::http {

using base::Code;
using base::Status;

namespace {

constexpr char kLibrary[] = "libcurl.so.4";
constexpr unsigned kOldest = 0x075000;  // 7.80: it says what is wrong with a URL
constexpr char kRemedy[] = "install it: apt install libcurl4 ca-certificates";

template <typename Function>
bool find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

base::Result<const Curl*> load() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const reason = dlerror();
    return Status(Code::unsupported,
                  std::string("what is fetched over HTTP needs libcurl, which cannot be loaded: ") +
                      (reason != nullptr ? reason : kLibrary),
                  kRemedy);
  }
  static Curl all;
  decltype(&curl_global_init) global_init;
  decltype(&curl_version_info) version_info;
  const bool found =
      find(library, "curl_global_init", &global_init) && find(library, "curl_version_info", &version_info) &&
      find(library, "curl_easy_init", &all.easy_init) && find(library, "curl_easy_cleanup", &all.easy_cleanup) &&
      find(library, "curl_easy_reset", &all.easy_reset) && find(library, "curl_easy_setopt", &all.easy_setopt) &&
      find(library, "curl_easy_getinfo", &all.easy_getinfo) &&
      find(library, "curl_easy_strerror", &all.easy_strerror) && find(library, "curl_multi_init", &all.multi_init) &&
      find(library, "curl_multi_cleanup", &all.multi_cleanup) &&
      find(library, "curl_multi_add_handle", &all.multi_add_handle) &&
      find(library, "curl_multi_remove_handle", &all.multi_remove_handle) &&
      find(library, "curl_multi_perform", &all.multi_perform) && find(library, "curl_multi_poll", &all.multi_poll) &&
      find(library, "curl_multi_info_read", &all.multi_info_read) &&
      find(library, "curl_slist_append", &all.slist_append) &&
      find(library, "curl_slist_free_all", &all.slist_free_all) &&  //
      find(library, "curl_url", &all.url) && find(library, "curl_url_cleanup", &all.url_cleanup) &&
      find(library, "curl_url_set", &all.url_set) && find(library, "curl_url_get", &all.url_get) &&
      find(library, "curl_url_strerror", &all.url_strerror) && find(library, "curl_free", &all.free) &&
      find(library, "curl_getdate", &all.getdate);
  if (!found || version_info(CURLVERSION_NOW)->version_num < kOldest) {
    return Status(Code::unsupported, "the libcurl of this machine is older than 7.80", kRemedy);
  }
  // A peer that hangs up is an error of a call, not the end of the program; libcurl's own way would race with threads.
  std::signal(SIGPIPE, SIG_IGN);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Status(Code::unsupported, "libcurl does not start");
  return static_cast<const Curl*>(&all);
}

}  // namespace

base::Result<const Curl*> curl() {
  static base::Once<const Curl*> once;
  return once.get(load);
}

}  // namespace tarn::http
