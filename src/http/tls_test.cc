// Against a server of the openssl program (Debian's ca-certificates brings it).
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>

#include "base/status_test.h"
#include "http/client.h"

namespace tarn::http {
namespace {

using base::Code;

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/tarn-tls-XXXXXX";
    folder_ = mkdtemp(name);
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=wiki"
        " -addext subjectAltName=DNS:wiki.example -keyout " +
        folder_ + "/key -out " + file() + " 2>&1";
    FILE* const made = popen(make.c_str(), "r");
    char line[500];
    while (fgets(line, sizeof line, made) != nullptr) {
    }
    ASSERT_EQ(pclose(made), 0) << line;
    // exec, so that the shell's number is the server's.
    server_ = popen(
        ("echo $$; exec openssl s_server -www -accept 127.0.0.1:0 -key " + folder_ + "/key -cert " + file() + " 2>&1")
            .c_str(),
        "r");
    while (port_.empty() && fgets(line, sizeof line, server_) != nullptr) {
      std::string text(line);
      text.erase(text.find_last_not_of('\n') + 1);
      if (pid_ == 0) pid_ = std::stoi(text);
      if (text.starts_with("ACCEPT ")) port_ = text.substr(text.rfind(':') + 1);
    }
    ASSERT_FALSE(port_.empty());
  }
  void TearDown() override {
    if (pid_ > 0) kill(pid_, SIGKILL);
    if (server_ != nullptr) pclose(server_);
    std::filesystem::remove_all(folder_);
  }

  std::string file() const { return folder_ + "/certificate"; }
  // Of this host, which lies here, with these authorities.
  base::Result<Response> ask(const std::string& host, const char* variable, const std::string& value) {
    Options options;
    options.origin = "https://" + host + ":" + port_ + "/";
    options.limits.attempts = 1;
    options.world.resolve = [](const std::string&, const base::Context&) {
      return std::vector{*parse_address("127.0.0.1")};
    };
    options.world.environment = [=](const char* name) { return std::string(name) == variable ? value : std::string(); };
    auto client = take(Client::make(options));
    return client->send({.url = options.origin}, {});
  }

  std::string folder_, port_;
  pid_t pid_ = 0;
  FILE* server_ = nullptr;
};

TEST_F(Tls, ACertificateIsTrustedWhereTheEnvironmentSaysSo) {
  const auto stranger = ask("wiki.example", "NONE", "");
  EXPECT_EQ(stranger.status().code(), Code::permission_denied);
  EXPECT_NE(stranger.status().hint().find("CURL_CA_BUNDLE"), std::string::npos);
  EXPECT_EQ(take(ask("wiki.example", "CURL_CA_BUNDLE", file())).status, 200);
  EXPECT_EQ(take(ask("wiki.example", "SSL_CERT_FILE", file())).status, 200);
  EXPECT_EQ(ask("other.example", "CURL_CA_BUNDLE", file()).status().code(), Code::permission_denied)
      << "the certificate is of another host";
  EXPECT_EQ(ask("wiki.example", "CURL_CA_BUNDLE", folder_ + "/none").status().code(), Code::permission_denied);
}

}  // namespace
}  // namespace tarn::http
