// Which proxy the environment names for a URL, by the rules of the command line tool curl.
// Source:  curl(1), "ENVIRONMENT" and --noproxy.
#pragma once

#include <functional>
#include <string>

#include "http/url.h"

namespace tarn::http {

// "" = none. https_proxy or HTTPS_PROXY; for http only http_proxy (HTTP_PROXY can be set by whoever asks a CGI script);
// else all_proxy or ALL_PROXY; unless no_proxy or NO_PROXY has the host, a domain around it, its network
// (10.0.0.0/8), or "*".
std::string proxy_for(const Url& url, const std::function<std::string(const char*)>& environment);

}  // namespace tarn::http
