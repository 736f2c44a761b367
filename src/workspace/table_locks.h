// One writer of a table at a time, by the table's name. Other tables, and readers, do not wait.
// Threads: any. Who holds a table's lock asks for no other than that of the rejects.
#pragma once

#include <map>
#include <mutex>
#include <string>

namespace tarn::workspace {

class TableLocks {
 public:
  std::unique_lock<std::mutex> hold(const std::string& table) {
    std::unique_lock lock(mutex_);
    std::mutex& of_table = tables_[table];
    lock.unlock();
    return std::unique_lock(of_table);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::mutex> tables_;  // none is ever taken out
};

}  // namespace tarn::workspace
