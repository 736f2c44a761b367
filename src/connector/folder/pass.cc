#include "connector/folder/pass.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "connector/folder/bookmark.h"
#include "connector/folder/mailbox.h"
#include "connector/folder/walk.h"
#include "connector/uri.h"
#include "document/document.h"
#include "document/mail/mailbox.h"

namespace tarn::connector::folder {
namespace {

using document::mail::kMailboxType, document::mail::kMessageType;

constexpr uint64_t kHeadBytes = 4096;      // enough to tell a type
constexpr uint64_t kSmallBytes = 1 << 16;  // read whole before its type is known

// A write less than one tick of the kernel's clock after a read may leave the same time; file systems with whole
// seconds (two on FAT) more so.
constexpr int64_t kTickNs = 20'000'000, kCoarseTickNs = 2'000'000'000;

bool is_settled(const FileStat& stat, int64_t listed_ns) {
  bool coarse = stat.mtime_ns % 1'000'000'000 == 0 && stat.ctime_ns % 1'000'000'000 == 0;
  return std::max(stat.mtime_ns, stat.ctime_ns) < listed_ns - (coarse ? kCoarseTickNs : kTickNs);
}

std::string_view last_name(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

class Pass {
 public:
  Pass(const Disk& disk, const Root& root, const Options& options, const RunOptions& run, Sink& sink,
       const base::Context& context)
      : disk_(disk), root_(root), options_(options), run_(run), sink_(sink), context_(context) {}

  base::Result<Outcome> run(const json::Value& bookmark) {
    old_ = parse_bookmark(bookmark);
    TARN_ASSIGN(reader_, Reader::make(reading()));
    new_.device = root_.stat.device;
    new_.reading = reading();
    listed_ns_ = disk_.now_ns();
    TARN_ASSIGN(Listing listing, list());
    TARN_TRY(refuse_lost_mount(listing));
    tell_problems(listing);
    if (listing.files.empty() && listing.left_out_above > 0) {
      outcome_.notes.push_back("nothing is left of " + display_name(root_.named) + ": " +
                               std::to_string(listing.left_out_above) + " names are left out by the ignore files of " +
                               display_name(listing.above.back()) + (listing.above.size() > 1 ? " and below" : "") +
                               "; --no-ignore takes them");
    }
    compare(listing);
    TARN_TRY(find_renames());
    for (size_t i = 0; i < work_.size(); ++i) {
      TARN_TRY(context_.check());
      context_.update("reading", i, work_.size(), "files");
      TARN_TRY(take(work_[i]));
    }
    for (const Entry* entry : vanished_) {
      if (!entry) continue;  // renamed
      sink_.vanish(uri(entry->path));
      outcome_.found = Found::news;
    }
    TARN_TRY(check_root());
    std::sort(new_.entries.begin(), new_.entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    outcome_.bookmark = to_json(new_);
    return std::move(outcome_);
  }

 private:
  const Reading& reading() const { return options_; }

  // A file that is new or may have changed.
  struct Work {
    std::string path;
    FileStat stat;
    const Entry* old = nullptr;         // under the same path
    std::optional<base::Hash128> hash;  // when the search for renames has read it
    const Entry* renamed_from = nullptr;
  };

  std::string uri(std::string_view path) const { return root_.base_url + encode_path(path); }
  std::string messages_of(std::string_view path) const { return uri(path) + "#"; }  // what their uris begin with
  std::string absolute(std::string_view path) const {
    return root_.real == "/" ? "/" + std::string(path) : root_.real + "/" + std::string(path);
  }

  base::Result<Listing> list() {
    if (root_.only_file.empty()) return walk(disk_, root_.real, options_, context_);
    auto stat = disk_.stat(absolute(root_.only_file), true);
    if (!stat.ok()) {
      return stat.status().with_context("cannot read the source " + display_name(root_.named + "/" + root_.only_file));
    }
    Listing listing;
    listing.files.push_back({root_.only_file, *stat});
    return listing;
  }

  // An unmounted disk leaves an empty directory behind, which must not delete everything.
  base::Status refuse_lost_mount(const Listing& listing) const {
    if (!listing.files.empty() || !listing.problems.empty() || old_.entries.empty()) return {};
    if (old_.device == root_.stat.device || options_.allow_empty) return {};
    return {base::Code::unavailable,
            display_name(root_.named) + " is empty and on another file system than before (" +
                std::to_string(old_.entries.size()) + " files then); nothing was deleted",
            "mount it again, or say --allow-empty if it is really meant to be empty"};
  }

  void tell_problems(const Listing& listing) {
    for (const Problem& p : listing.problems) {
      // The root's own uri has no second '/'.
      std::string item = uri(p.path) + (p.directory && !p.path.empty() ? "/" : "");
      sink_.reject({item, "", p.reason, p.noted ? Reject::Kind::noted : Reject::Kind::failure});
      if (!p.keeps) continue;
      if (p.path.empty()) {
        sink_.keep_below(root_.base_url);
        kept_below_.insert("");
      } else {
        keep(p.path);
        sink_.keep_below(uri(p.path) + "/");
        kept_below_.insert(p.path);
      }
    }
  }

  // A file, with the messages that it may hold.
  void keep(const std::string& path) {
    sink_.keep(uri(path));
    sink_.keep_below(messages_of(path));
  }

  bool is_kept(const std::string& path) const {
    if (kept_below_.empty()) return false;
    if (kept_below_.contains("") || kept_below_.contains(path)) return true;
    for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
      if (kept_below_.contains(path.substr(0, slash))) return true;
    }
    return false;
  }

  // Both lists are in the order of their paths.
  void compare(Listing& listing) {
    auto gone = [&](const Entry& entry) {
      if (is_kept(entry.path)) {
        keep(entry.path);
        new_.entries.push_back(entry);
      } else {
        vanished_.push_back(&entry);
      }
    };
    auto old = old_.entries.begin();
    for (Listing::File& file : listing.files) {
      for (; old != old_.entries.end() && old->path < file.path; ++old) gone(*old);
      const Entry* before = old != old_.entries.end() && old->path == file.path ? &*old : nullptr;
      if (before) ++old;
      bool same = before && before->looks_like(file.stat);
      // What was too large is measured again: the limit is the caller's.
      const bool again =
          before && (before->state == State::too_large || (before->state == State::mailbox && run_.one_by_one));
      if (same && old_.reading == reading() && !run_.everything && !again) {
        if (before->state == State::mailbox) {
          sink_.unchanged_below(messages_of(file.path), before->messages);
        } else {
          sink_.unchanged(uri(file.path));
        }
        new_.entries.push_back(*before);
      } else {
        work_.push_back({std::move(file.path), file.stat, before, {}, nullptr});
      }
    }
    for (; old != old_.entries.end(); ++old) gone(*old);
  }

  // A mailbox is known by its inode, since it may be large; with its size and time, unless the last pass saw it change.
  void find_moved_mailboxes() {
    for (const Entry*& gone : vanished_) {
      if (gone->state != State::mailbox) continue;
      const auto moved = std::find_if(work_.begin(), work_.end(), [&](const Work& work) {
        return !work.old && !work.renamed_from && work.stat.inode == gone->inode &&
               (!gone->settled || (work.stat.size_bytes == gone->size_bytes && work.stat.mtime_ns == gone->mtime_ns));
      });
      if (moved == work_.end()) continue;
      moved->renamed_from = gone;
      gone = nullptr;
    }
  }

  // Only new files of the size of a vanished one can be renames: only they are read for it.
  base::Status find_renames() {
    find_moved_mailboxes();
    std::unordered_set<uint64_t> sizes;
    std::unordered_map<base::Hash128, std::vector<size_t>, base::Hash128Hasher> gone, fresh;
    for (size_t i = 0; i < vanished_.size(); ++i) {
      if (!vanished_[i] || vanished_[i]->state != State::read) continue;
      sizes.insert(vanished_[i]->size_bytes);
      gone[vanished_[i]->hash].push_back(i);
    }
    if (gone.empty()) return {};
    for (size_t i = 0; i < work_.size(); ++i) {
      Work& work = work_[i];
      if (work.old || work.renamed_from || !sizes.contains(work.stat.size_bytes)) continue;
      if (work.stat.size_bytes > run_.max_item_bytes) continue;
      TARN_TRY(context_.check());
      auto contents = disk_.read(absolute(work.path), run_.max_item_bytes);
      if (!contents.ok()) continue;  // take() will say so
      outcome_.bytes_read += contents->bytes.size();
      work.hash = base::hash128(contents->bytes);
      fresh[*work.hash].push_back(i);
    }
    for (const auto& [hash, from] : gone) {
      auto to = fresh.find(hash);
      if (from.size() != 1 || to == fresh.end() || to->second.size() != 1) continue;
      work_[to->second.front()].renamed_from = vanished_[from.front()];
      vanished_[from.front()] = nullptr;
    }
    return {};
  }

  base::Status take(Work& work) {
    Entry entry;
    entry.path = work.path;
    std::string mime;
    auto contents = read(work, entry, mime);
    if (!contents.ok()) return cannot_read(work, entry, contents.status());
    if (entry.state == State::mailbox) return take_mailbox(work, std::move(entry));
    const FileStat& stat = contents->stat;
    entry.size_bytes = contents->bytes.size();
    entry.mtime_ns = stat.mtime_ns;
    entry.ctime_ns = stat.ctime_ns;
    entry.inode = stat.inode;
    entry.settled = contents->stable && is_settled(stat, listed_ns_);
    entry.hash = base::hash128(contents->bytes);
    new_.entries.push_back(entry);
    const bool same =
        work.old && work.old->state == State::read && work.old->hash == entry.hash && work.old->way == entry.way;
    if (same && !run_.everything && !sink_.wants_again(uri(work.path))) {
      sink_.unchanged(uri(work.path));
      return {};
    }
    outcome_.found = Found::news;
    Item item = make_item(stat, std::move(contents->bytes), entry, std::move(mime));
    if (!work.renamed_from) return sink_.upsert(std::move(item));
    if (work.renamed_from->hash == entry.hash) return sink_.rename(uri(work.renamed_from->path), std::move(item));
    sink_.vanish(uri(work.renamed_from->path));  // it changed since the search
    return sink_.upsert(std::move(item));
  }

  base::Status take_mailbox(Work& work, Entry entry) {
    const Mailbox mailbox{.path = absolute(work.path),
                          .uri = uri(work.path),
                          .moved_from = work.renamed_from ? uri(work.renamed_from->path) : std::string(),
                          .shown_path = display_name(work.path),
                          .way = entry.way,
                          .options = reader_.options(kMessageType)};
    TARN_ASSIGN(MessagesNamed named, name_messages(disk_, mailbox, run_.max_item_bytes, sink_, context_));
    outcome_.bytes_read += named.bytes_read;
    const bool is_none = named.stable && named.messages == 0 && named.stat.size_bytes > 0;
    if (is_none && named.failure.ok()) {
      named.failure = {base::Code::invalid_argument, "it is no mailbox: no line 'From …' begins a message"};
    }
    if (named.failure.ok() || named.messages > 0) outcome_.found = Found::news;
    if (!named.failure.ok()) {
      entry.state = State::read;
      return cannot_read(work, entry, named.failure);
    }
    if (!named.stable) keep(work.path);
    if (!named.stable && work.renamed_from) {
      keep_renamed(work);  // the rest of its messages moves with the next pass
      return {};
    }
    entry.messages = named.messages;
    entry.size_bytes = named.stat.size_bytes;
    entry.mtime_ns = named.stat.mtime_ns;
    entry.ctime_ns = named.stat.ctime_ns;
    entry.inode = named.stat.inode;
    entry.settled = named.stable && is_settled(named.stat, listed_ns_);
    new_.entries.push_back(std::move(entry));
    return {};
  }

  // The whole file, of a mailbox its start. On failure `entry.state` says whether it is one to remember as not for us.
  base::Result<Contents> read(const Work& work, Entry& entry, std::string& mime) {
    std::string path = absolute(work.path);
    std::string name(last_name(work.path));
    for (int attempt = 0;; ++attempt) {
      bool small = work.stat.size_bytes <= kSmallBytes;
      uint64_t limit = run_.max_item_bytes + 1;
      auto contents = disk_.read(path, std::min(limit, small ? kSmallBytes + 1 : kHeadBytes));
      if (!contents.ok()) return contents.status();
      std::string found = document::detect_type(name, std::string_view(contents->bytes).substr(0, kHeadBytes));
      // An emptied mailbox has no messages any more, a damaged one has those that were read.
      const bool was_mailbox = work.old && work.old->state == State::mailbox;
      const bool damaged = found.empty() && was_mailbox && work.old->messages > 0;
      if (damaged || (was_mailbox && contents->stat.size_bytes == 0)) found = kMailboxType;
      mime = reader_.type_of(work.path).value_or(found);
      entry.way = reader_.way(mime, found);
      if (mime == kMailboxType) {
        entry.state = State::mailbox;
        return contents;
      }
      if (contents->stat.size_bytes > run_.max_item_bytes) return too_large(contents->stat.size_bytes, entry);
      if (mime.empty()) {
        entry.state = State::unsupported;
        return base::Status(base::Code::unsupported, "not a type that is read, by its name and first bytes");
      }
      if (contents->bytes.size() < contents->stat.size_bytes || !contents->stable) {
        contents = disk_.read(path, limit);
        if (!contents.ok()) return contents.status();
        if (contents->bytes.size() > run_.max_item_bytes) return too_large(contents->bytes.size(), entry);
      }
      outcome_.bytes_read += contents->bytes.size();
      if (contents->stable || attempt == 1) return std::move(*contents);
    }
  }

  base::Status too_large(uint64_t size, Entry& entry) const {
    entry.state = State::too_large;
    return {base::Code::exhausted, std::to_string(size) + " bytes, more than a document may have (max_item_bytes, " +
                                       std::to_string(run_.max_item_bytes) +
                                       "): split it, or leave it out with --exclude"};
  }

  base::Status cannot_read(const Work& work, Entry& entry, const base::Status& why) {
    if (why.code() == base::Code::not_found) {  // gone since it was listed
      if (work.old) {
        sink_.vanish(uri(work.path));
        outcome_.found = Found::news;
      }
      if (work.renamed_from) {
        sink_.vanish(uri(work.renamed_from->path));
        outcome_.found = Found::news;
      }
      return {};
    }
    sink_.reject({uri(work.path), "", why.message(),
                  entry.state == State::unsupported ? Reject::Kind::skipped : Reject::Kind::failure});
    keep(work.path);
    if (work.renamed_from) keep_renamed(work);
    if (entry.state != State::read) {
      entry.size_bytes = work.stat.size_bytes;
      entry.mtime_ns = work.stat.mtime_ns;
      entry.ctime_ns = work.stat.ctime_ns;
      entry.inode = work.stat.inode;
      entry.settled = is_settled(work.stat, listed_ns_);
      new_.entries.push_back(std::move(entry));
    } else if (work.old) {
      new_.entries.push_back(*work.old);  // still other than the disk says, so it is tried again
      new_.entries.back().settled = false;
    }
    return {};
  }

  // What a file was before it moved, for the next pass.
  void keep_renamed(const Work& work) {
    keep(work.renamed_from->path);
    new_.entries.push_back(*work.renamed_from);
    new_.entries.back().settled = false;
  }

  Item make_item(const FileStat& stat, std::string bytes, const Entry& entry, std::string mime) const {
    const std::string& path = entry.path;
    Item item;
    item.uri = uri(path);
    item.name = display_name(last_name(path));
    item.options = reader_.options(mime);
    item.mime = std::move(mime);
    item.source_version = entry.hash.hex() + entry.way;
    item.size_bytes = bytes.size();
    item.bytes = std::move(bytes);
    item.modified_at_us = stat.mtime_ns / 1000;
    item.extra = json::Value::object({{"path", display_name(path)}, {"size_bytes", item.size_bytes}});
    return item;
  }

  // A folder that went away while it was read looks as if its files were deleted.
  base::Status check_root() const {
    auto stat = disk_.stat(root_.named, true);
    if (stat.ok() && stat->same_place(root_.stat)) return {};
    return {base::Code::not_found,
            "the source " + display_name(root_.named) + " went away while it was read; nothing was deleted",
            "pull again when it is there"};
  }

  const Disk& disk_;
  const Root& root_;
  const Options& options_;
  const RunOptions& run_;
  Sink& sink_;
  const base::Context& context_;
  Reader reader_;
  Bookmark old_, new_;
  int64_t listed_ns_ = 0;
  std::vector<Work> work_;
  std::vector<const Entry*> vanished_;  // null = found again under another name
  std::unordered_set<std::string> kept_below_;
  Outcome outcome_{Found::same};
};

}  // namespace

base::Result<Outcome> run_pass(const Disk& disk, const Root& root, const json::Value& bookmark, const Options& options,
                               const RunOptions& run, Sink& sink, const base::Context& context) {
  return Pass(disk, root, options, run, sink, context).run(bookmark);
}

}  // namespace tarn::connector::folder
