#include "source_folder.h"

#include <filesystem>
#include <fstream>

#include "base/hash.h"

namespace tarn::crash {

std::string SourceFolder::uri(const std::string& name) const { return "file://" + path_ + "/" + name; }

bool SourceFolder::was_ever(const std::string& u, const std::string& hash) const {
  return history_.contains({u, hash});
}

std::string SourceFolder::fresh_name() {
  int n = next_++;
  return "part" + std::to_string(n % 13) + "/page" + std::to_string(n) + ".md";
}

void SourceFolder::write(const std::string& name) {
  std::string token = "token" + random_.uuid();
  std::string text = "# Page " + name + "\n\n" + token + "\n";
  for (uint64_t section = 1 + random_.below(4); section > 0; --section) {
    text += "\n## Section " + std::to_string(section) + "\n\n";
    for (uint64_t n = 10 + random_.below(60); n > 0; --n) {
      text += "word" + std::to_string(random_.below(2000)) + (n % 12 ? " " : ".\n");
    }
    text += "\n";
  }
  std::filesystem::create_directories(std::filesystem::path(path_ + "/" + name).parent_path());
  std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  names_.insert(name);
  std::string hash = base::hash128(text).hex();
  hash_by_uri_[uri(name)] = hash;
  token_by_uri_[uri(name)] = token;
  history_.emplace(uri(name), hash);
}

void SourceFolder::remove(const std::string& name) {
  std::filesystem::remove(path_ + "/" + name);
  names_.erase(name);
  hash_by_uri_.erase(uri(name));
  token_by_uri_.erase(uri(name));
}

void SourceFolder::rename(const std::string& from, const std::string& to) {
  std::filesystem::create_directories(std::filesystem::path(path_ + "/" + to).parent_path());
  std::filesystem::rename(path_ + "/" + from, path_ + "/" + to);
  names_.erase(from);
  names_.insert(to);
  hash_by_uri_[uri(to)] = hash_by_uri_[uri(from)];
  token_by_uri_[uri(to)] = token_by_uri_[uri(from)];
  hash_by_uri_.erase(uri(from));
  token_by_uri_.erase(uri(from));
  history_.emplace(uri(to), hash_by_uri_[uri(to)]);
}

void SourceFolder::create(int count) {
  for (int i = 0; i < count; ++i) write(fresh_name());
}

void SourceFolder::change() {
  std::set<std::string> names = names_;
  int gone = 0;
  for (const std::string& name : names) {
    uint64_t what = random_.below(100);
    if (what < 88) {
      write(name);
    } else if (what < 93) {
      rename(name, "moved/" + std::to_string(next_++) + ".md");
    } else if (what < 97) {
      remove(name), ++gone;
    }
  }
  for (int i = 0; i < gone; ++i) write(fresh_name());
}

void SourceFolder::change_a_little() {
  std::set<std::string> names = names_;
  for (const std::string& name : names) {
    uint64_t what = random_.below(300);
    if (what < 3) {
      write(name);
    } else if (what == 3) {
      rename(name, "moved/" + std::to_string(next_++) + ".md");
    } else if (what == 4) {
      remove(name);
    }
  }
  write(fresh_name());
}

}  // namespace tarn::crash
