// A program run by the test: started, killed, waited for, its output read.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tarn::crash {

struct Ended {
  bool killed = false;  // by a signal
  int code = 0;         // exit status, or the signal
  std::string out, err;
};

// Output goes to files, so that a killed child leaves no pipe behind.
class Child {
 public:
  Child(const std::vector<std::string>& command, const std::string& scratch);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }
  bool running();
  void kill_now();
  Ended wait();

 private:
  pid_t pid_ = -1;
  bool waited_ = false;
  int status_ = 0;
  std::string out_, err_;
};

// Runs to the end.
Ended run(const std::vector<std::string>& command, const std::string& scratch);

}  // namespace tarn::crash
