// The bodies of HTML files, for bench/pages/count.py: paths come on standard input, one on a line; a line of JSON goes
// out for each: {"path", "title", "body", "extra"} or {"path", "error"}.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "document/document.h"
#include "json/value.h"

int main(int argc, char** argv) {
  tarn::document::ExtractOptions options;
  options.whole_page = argc > 1 && std::string_view(argv[1]) == "--whole-page";
  for (std::string path; std::getline(std::cin, path);) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    auto d = tarn::document::extract(bytes.str(), "text/html", path, options);
    tarn::json::Value line = tarn::json::Value::object({{"path", path}});
    if (d.ok()) {
      line.set("title", d->title);
      line.set("body", d->body);
      line.set("extra", d->extra);
    } else {
      line.set("error", d.status().to_string());
    }
    std::puts(tarn::json::write(line).c_str());
  }
}
