// A server of this machine that answers with the bytes that a test gives, as slowly and as badly as it wants.
// Threads: the answers are made in threads of the server, one for each connection.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tarn::http {

struct Asked {
  std::string method, target, headers, body;
  int connection = 0;  // from 0, in the order in which they were opened
  bool has(const std::string& text) const { return headers.find(text) != std::string::npos; }
};

struct Said {
  std::string bytes;
  bool hangs_up = false;
  std::chrono::milliseconds apart{0};  // one byte at a time
  bool for_ever = false;               // the last 1,000 bytes again and again
};

inline Said answer(int status, const std::string& body = {}, const std::string& headers = {}) {
  return {"HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
          headers + "\r\n" + body};
}
inline Said redirect(const std::string& to, int status = 302) { return answer(status, "", "Location: " + to + "\r\n"); }

class LocalServer {
 public:
  using Answer = std::function<Said(const Asked&)>;
  explicit LocalServer(Answer make, const std::string& host = "127.0.0.1") : make_(std::move(make)), host_(host) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    inet_pton(AF_INET, host.c_str(), &at.sin_addr);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    socklen_t size = sizeof at;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~LocalServer() {
    ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    for (const int connection : connections_) close(connection);
    close(listener_);
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& target = "/", const std::string& host = "") const {
    return "http://" + (host.empty() ? host_ : host) + ":" + std::to_string(port_) + target;
  }
  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }

 private:
  void accept_all() {
    for (;;) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      const std::lock_guard lock(mutex_);
      const int number = static_cast<int>(connections_.size());
      connections_.push_back(connection);
      threads_.emplace_back([this, connection, number] { serve(connection, number); });
    }
  }

  void serve(int connection, int number) {
    std::string read;
    for (;;) {
      size_t end = 0;
      while ((end = read.find("\r\n\r\n")) == std::string::npos) {
        if (!more(connection, &read)) return;
      }
      Asked asked;
      asked.connection = number;
      asked.headers = read.substr(0, end + 2);
      asked.method = asked.headers.substr(0, asked.headers.find(' '));
      asked.target = asked.headers.substr(asked.method.size() + 1);
      asked.target = asked.target.substr(0, asked.target.find(' '));
      size_t body = 0;
      if (const size_t at = asked.headers.find("Content-Length: "); at != std::string::npos) {
        body = std::stoul(asked.headers.substr(at + 16));
      }
      while (read.size() < end + 4 + body) {
        if (!more(connection, &read)) return;
      }
      asked.body = read.substr(end + 4, body);
      read.erase(0, end + 4 + body);
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(asked);
      }
      const Said said = make_(asked);
      if (!say(connection, said) || said.hangs_up) {
        shutdown(connection, SHUT_RDWR);
        return;
      }
    }
  }

  static bool more(int connection, std::string* read) {
    char buffer[4096];
    const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
    if (count > 0) read->append(buffer, static_cast<size_t>(count));
    return count > 0;
  }

  bool say(int connection, const Said& said) const {
    const size_t step = said.apart.count() > 0 ? 1 : std::max<size_t>(said.bytes.size(), 1);
    for (size_t at = 0; at < said.bytes.size(); at += step) {
      if (ending_ || !put(connection, said.bytes.substr(at, step))) return false;
      std::this_thread::sleep_for(said.apart);
    }
    while (said.for_ever) {
      if (ending_ || !put(connection, said.bytes.substr(said.bytes.size() - 1000))) return false;
    }
    return true;
  }

  static bool put(int connection, const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t count = send(connection, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (count <= 0) return false;
      at += static_cast<size_t>(count);
    }
    return true;
  }

  const Answer make_;
  const std::string host_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> ending_{false};
  std::thread accepting_;
  mutable std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::vector<int> connections_;
  std::vector<Asked> asked_;
};

}  // namespace tarn::http
