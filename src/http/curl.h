// libcurl's functions, found when the first of them is needed: a program that fetches nothing never loads libcurl and
// the thirty libraries behind it (10 ms at each start, and each worker's). It is the system's own, so that its TLS is
// kept up to date with the system.
// Errors:  unsupported where there is none, or one that is too old.
// Threads: any; what a function promises is its own matter.
#pragma once

#define CURL_DISABLE_DEPRECATION  // what is said to be old is what each version has
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <memory>

#include "base/status.h"

namespace tarn::http {

struct Curl {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_url) url;
  decltype(&curl_url_cleanup) url_cleanup;
  decltype(&curl_url_set) url_set;
  decltype(&curl_url_get) url_get;
  decltype(&curl_url_strerror) url_strerror;
  decltype(&curl_free) free;
  decltype(&curl_getdate) getdate;
};

// Loaded once, for as long as the program runs.
base::Result<const Curl*> curl();

// A list of strings as libcurl wants it.
class StringList {
 public:
  explicit StringList(const Curl& curl) : curl_(&curl) {}
  ~StringList() { curl_->slist_free_all(list_); }
  StringList(const StringList&) = delete;
  StringList& operator=(const StringList&) = delete;
  void add(const std::string& text) {
    if (curl_slist* const longer = curl_->slist_append(list_, text.c_str())) list_ = longer;
  }
  curl_slist* get() const { return list_; }

 private:
  const Curl* curl_;
  curl_slist* list_ = nullptr;
};

}  // namespace tarn::http
