// Where the program writes, and what the reader's screen can do. Tests put strings in the place of descriptors.
// Errors:  a closed pipe is no error: what follows is dropped and closed() tells the work to stop. Anything else is
//          kept in status().
// Threads: an Output may be written from any thread, a call at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::cli {

class Output {
 public:
  virtual ~Output() = default;
  void write(std::string_view text);
  void flush();
  bool closed() const { return closed_; }
  base::Status status() const { return status_; }
  // Whether the marks of Style reach a terminal from now on (screen.h); anything else takes every byte.
  virtual void allow_marks(bool) {}
  virtual void erase_line() { write("\r\x1b[K"); }  // the one that the cursor is on

 protected:
  // All of `text` or a failure; `*closed` when the reader went away.
  virtual base::Status put(std::string_view text, bool* closed) = 0;

 private:
  std::mutex mutex_;
  std::string pending_;
  bool closed_ = false;
  base::Status status_;
};

class FileOutput final : public Output {
 public:
  explicit FileOutput(int descriptor) : descriptor_(descriptor) {}

 private:
  base::Status put(std::string_view text, bool* closed) override;
  int descriptor_;
};

// A file of that name, emptied, closed with the object.
base::Result<std::unique_ptr<Output>> open_file_output(const std::string& path);

class StringOutput final : public Output {
 public:
  std::string text;

 private:
  base::Status put(std::string_view more, bool*) override {
    text += more;
    return {};
  }
};

struct Terminal {
  Output* out = nullptr;
  Output* err = nullptr;
  bool in_is_tty = false, out_is_tty = false, err_is_tty = false;
  size_t width = 80;
  bool color = false;  // decided by decide_color()
  bool quiet = false;
  std::function<std::string(const char* name)> environment;                     // "" where a variable is not set
  std::function<base::Result<std::string>(const std::string& path)> read_file;  // "-" is stdin
};

// auto: a tty, and neither NO_COLOR nor TERM=dumb; CLICOLOR_FORCE wins over auto's answer.
bool decide_color(std::string_view choice, const Terminal& terminal);

// Marks for one stream; without colour they are nothing.
struct Style {
  bool color = false;
  std::string bold(std::string_view text) const { return mark("1", text); }
  std::string dim(std::string_view text) const { return mark("2", text); }
  std::string red(std::string_view text) const { return mark("31", text); }
  std::string green(std::string_view text) const { return mark("32", text); }
  std::string yellow(std::string_view text) const { return mark("33", text); }
  std::string cyan(std::string_view text) const { return mark("36", text); }

 private:
  std::string mark(const char* code, std::string_view text) const;
};

}  // namespace tarn::cli
