#include "connector/secret.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/status_test.h"
#include "base/stop_after_test.h"

namespace tarn::connector {
namespace {

using base::Code;
using Kind = SecretPlace::Kind;

// CNF-6, XDG-2: a secret lies outside of arguments and of the lake.
class SecretPlaces : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/tarn-secret-XXXXXX";
    folder_ = mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  base::Result<Secret> of_file(const std::string& text, mode_t mode = 0600) const {
    return read_secret({Kind::file, put("secret", text, mode), {}}, {});
  }
  std::string folder_;
};

TEST_F(SecretPlaces, AFileThatOthersCannotRead) {
  EXPECT_EQ(take(of_file("hunter2\n")).reveal(), "hunter2");
  EXPECT_EQ(take(of_file("hunter2", 0400)).reveal(), "hunter2");
  EXPECT_EQ(take(of_file("hunter2\r\n")).reveal(), "hunter2");
  for (const mode_t mode : {0644, 0640, 0604, 0660, 0601}) {
    const auto secret = of_file("hunter2", mode);
    EXPECT_EQ(secret.status().code(), Code::permission_denied) << mode;
    EXPECT_NE(secret.status().hint().find("chmod 600"), std::string::npos);
  }
  for (const std::string& text : {std::string(), std::string("\n"), std::string("hunter2\nmore"),
                                  std::string(100'000, 'x'), std::string("hunter2\0x", 9)}) {
    const auto secret = of_file(text);
    EXPECT_EQ(secret.status().code(), Code::invalid_argument);
    EXPECT_EQ(secret.status().to_string().find("hunter2"), std::string::npos);
  }
  EXPECT_EQ(read_secret({Kind::file, folder_ + "/none", {}}, {}).status().code(), Code::not_found);
  errno = EACCES;  // of something else
  EXPECT_EQ(read_secret({Kind::file, folder_, {}}, {}).status().code(), Code::not_found);
  std::filesystem::create_symlink(put("real", "hunter2"), folder_ + "/link");
  EXPECT_EQ(take(read_secret({Kind::file, folder_ + "/link", {}}, {})).reveal(), "hunter2");
}

TEST_F(SecretPlaces, AVariableOfTheEnvironment) {
  setenv("TARN_TEST_SECRET", "hunter2", 1);
  EXPECT_EQ(take(read_secret({Kind::environment, "TARN_TEST_SECRET", {}}, {})).reveal(), "hunter2");
  unsetenv("TARN_TEST_SECRET");
  EXPECT_EQ(read_secret({Kind::environment, "TARN_TEST_SECRET", {}}, {}).status().code(), Code::not_found);
  EXPECT_TRUE(take(read_secret({}, {})).empty());
}

TEST_F(SecretPlaces, TheKeyringByItsProgram) {
  const std::string path = getenv("PATH");
  const SecretPlace place{Kind::keyring, "", {{"service", "wiki"}, {"user", "me; rm -rf"}}};
  setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(read_secret(place, {}).status().code(), Code::unsupported);
  put("secret-tool", "#!/bin/sh\n[ \"$*\" = 'lookup service wiki user me; rm -rf' ] || exit 1\necho hunter2\n", 0700);
  EXPECT_EQ(take(read_secret(place, {})).reveal(), "hunter2");
  const auto other = read_secret({Kind::keyring, "", {{"service", "other"}}}, {});
  EXPECT_EQ(other.status().code(), Code::not_found);
  EXPECT_NE(other.status().message().find("service=other"), std::string::npos);
  setenv("TARN_TEST_OTHER", "hunter3", 1);
  put("secret-tool", "#!/bin/sh\n[ -z \"$TARN_TEST_OTHER\" ] && [ -n \"$HOME\" ] && echo hunter2\n", 0700);
  EXPECT_EQ(take(read_secret(place, {})).reveal(), "hunter2") << "the secrets of others are not for it";
  unsetenv("TARN_TEST_OTHER");
  put("secret-tool", "hunter2", 0600);
  EXPECT_EQ(read_secret(place, {}).status().code(), Code::io) << "it is here and may not be run";
  setenv("PATH", path.c_str(), 1);
}

// What a tool does that never ends, each within the second.
TEST_F(SecretPlaces, AToolThatDoesNotEnd) {
  const std::string path = getenv("PATH");
  const SecretPlace place{Kind::keyring, "", {{"service", "wiki"}}};
  setenv("PATH", (folder_ + ":" + path).c_str(), 1);
  for (const char* script : {"exec sleep 60", "echo hunter2; exec sleep 60 >/dev/null"}) {
    put("secret-tool", std::string("#!/bin/sh\n") + script + "\n", 0700);  // asks its user, who does not answer
    const base::StopAfter stop(3);
    EXPECT_EQ(read_secret(place, {.cancel = &stop}).status().code(), Code::cancelled) << script;
  }
  put("secret-tool", "#!/bin/sh\nexec yes hunter2\n", 0700);
  EXPECT_EQ(read_secret(place, {}).status().code(), Code::invalid_argument);
  // Ctrl-C ends the tool first.
  put("secret-tool", "#!/bin/sh\nkill -INT $$\n", 0700);
  base::Cancel cancel;
  cancel.request();
  EXPECT_EQ(read_secret(place, {.cancel = &cancel}).status().code(), Code::cancelled);
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace tarn::connector
