#include "connector/discreet.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tarn::connector {

using base::Status;

namespace {

constexpr std::string_view kInstead = "…";
constexpr size_t kShortest = 6;  // a shorter one would be found in words that have nothing to do with it

class Censor {
 public:
  explicit Censor(const Secret& secret) {
    const std::string& plain = secret.reveal();
    if (plain.size() < kShortest) return;
    const std::string json = json::write(json::Value(plain));
    forms_.emplace_back(json.substr(1, json.size() - 2));
    if (forms_.front().reveal() != plain) forms_.push_back(secret);
  }

  std::string text(std::string text) const {
    for (const Secret& form : forms_) {
      const std::string& secret = form.reveal();
      for (size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += kInstead.size()) {
        text.replace(at, secret.size(), kInstead);
      }
    }
    return text;
  }
  Status status(const Status& status) const { return {status.code(), text(status.message()), text(status.hint())}; }
  Reject reject(Reject reject) const {
    return {text(std::move(reject.item)), text(std::move(reject.place)), text(std::move(reject.reason)), reject.kind};
  }
  bool finds_in(const json::Value& value) const {
    if (value.is_string()) return finds_in(value.as_string());
    if (value.is_array()) {
      return std::any_of(value.items().begin(), value.items().end(), [&](const auto& item) { return finds_in(item); });
    }
    if (!value.is_object()) return finds_in(json::write(value));
    return std::any_of(value.members().begin(), value.members().end(),
                       [&](const auto& member) { return finds_in(member.first) || finds_in(member.second); });
  }

 private:
  bool finds_in(const std::string& text) const {
    return std::any_of(forms_.begin(), forms_.end(),
                       [&](const Secret& form) { return text.find(form.reveal()) != std::string::npos; });
  }

  std::vector<Secret> forms_;  // as it stands in JSON, which is longer, and as it is
};

class DiscreetStream final : public ByteStream {
 public:
  DiscreetStream(std::unique_ptr<ByteStream> stream, Censor censor)
      : stream_(std::move(stream)), censor_(std::move(censor)) {}
  base::Result<std::string_view> next() override {
    const auto bytes = stream_->next();
    if (bytes.ok()) return bytes;
    return censor_.status(bytes.status());
  }

 private:
  const std::unique_ptr<ByteStream> stream_;
  const Censor censor_;
};

class DiscreetSink final : public Sink {
 public:
  DiscreetSink(Sink& sink, const Censor& censor) : sink_(sink), censor_(censor) {}

  Status upsert(Item item) override {
    return with(std::move(item), [&](Item i) { return sink_.upsert(std::move(i)); });
  }
  Status rename(const std::string& old_uri, Item item) override {
    return with(std::move(item), [&](Item i) { return sink_.rename(censor_.text(old_uri), std::move(i)); });
  }
  void unchanged(const std::string& uri) override { sink_.unchanged(censor_.text(uri)); }
  void unchanged_below(const std::string& uri_prefix, uint64_t items) override {
    sink_.unchanged_below(censor_.text(uri_prefix), items);
  }
  bool wants_again(const std::string& uri) override { return sink_.wants_again(censor_.text(uri)); }
  void keep(const std::string& uri) override { sink_.keep(censor_.text(uri)); }
  void keep_below(const std::string& uri_prefix) override { sink_.keep_below(censor_.text(uri_prefix)); }
  void vanish(const std::string& uri) override { sink_.vanish(censor_.text(uri)); }
  void reject(Reject reject) override { sink_.reject(censor_.reject(std::move(reject))); }
  Status rights(const std::string& uri, std::vector<Rule> rules) override {
    cut(&rules);
    return sink_.rights(censor_.text(uri), std::move(rules));
  }
  Status people(std::vector<Principal> principals, std::vector<Membership> members) override {
    return sink_.people(std::move(principals), std::move(members));
  }
  Status table(RecordTable table) override { return sink_.table(std::move(table)); }
  Status records(std::vector<Record> records) override { return sink_.records(std::move(records)); }

 private:
  void cut(std::vector<Rule>* rules) const {
    for (Rule& rule : *rules) rule.inherited_from = censor_.text(std::move(rule.inherited_from));
  }

  // Bytes, authors, people and records are the source's own, and stay as they are.
  template <typename Give>
  Status with(Item item, const Give& give) {
    item.uri = censor_.text(std::move(item.uri));
    item.parent = censor_.text(std::move(item.parent));
    item.place = censor_.text(std::move(item.place));
    item.name = censor_.text(std::move(item.name));
    item.source_version = censor_.text(std::move(item.source_version));
    if (item.rights_then) cut(&*item.rights_then);
    for (std::string& label : item.labels) label = censor_.text(std::move(label));
    if (censor_.finds_in(item.extra)) {
      sink_.keep(item.uri);
      sink_.reject(
          {item.uri, "", "a field of it has the source's secret in it: take it out there, and change the secret"});
      return {};
    }
    if (item.open) {
      item.open = [open = std::move(item.open),
                   censor = censor_](const base::Context& context) -> base::Result<std::unique_ptr<ByteStream>> {
        auto stream = open(context);
        if (!stream.ok()) return censor.status(stream.status());
        return std::unique_ptr<ByteStream>(std::make_unique<DiscreetStream>(*std::move(stream), censor));
      };
    }
    return give(std::move(item));
  }

  Sink& sink_;
  const Censor& censor_;
};

class DiscreetWatcher final : public Watcher {
 public:
  DiscreetWatcher(std::unique_ptr<Watcher> watcher, Censor censor)
      : watcher_(std::move(watcher)), censor_(std::move(censor)) {}
  Status wait(const base::Context& context) override { return censor_.status(watcher_->wait(context)); }
  std::string_view method() const override { return watcher_->method(); }

 private:
  const std::unique_ptr<Watcher> watcher_;
  const Censor censor_;
};

class DiscreetConnector final : public Connector {
 public:
  DiscreetConnector(std::unique_ptr<Connector> connector, const Secret& secret)
      : connector_(std::move(connector)), censor_(secret) {}

  base::Result<Outcome> run(const json::Value& bookmark, const RunOptions& options, Sink& sink,
                            const base::Context& context) override {
    DiscreetSink discreet_sink(sink, censor_);
    auto outcome = connector_->run(bookmark, options, discreet_sink, context);
    if (!outcome.ok()) return censor_.status(outcome.status());
    if (censor_.finds_in(outcome->bookmark)) {
      return Status(base::Code::internal, "the source's bookmark has its secret in it");
    }
    for (std::string& note : outcome->notes) note = censor_.text(std::move(note));
    return outcome;
  }
  std::unique_ptr<Overlap> overlap_with(const std::string& other) const override {
    return connector_->overlap_with(other);
  }
  bool is_gone(const std::string& uri) const override { return connector_->is_gone(uri); }
  base::Result<std::unique_ptr<Watcher>> watch() override {
    auto watcher = connector_->watch();
    if (!watcher.ok()) return censor_.status(watcher.status());
    return std::unique_ptr<Watcher>(std::make_unique<DiscreetWatcher>(*std::move(watcher), censor_));
  }

 private:
  const std::unique_ptr<Connector> connector_;
  const Censor censor_;
};

}  // namespace

std::vector<Descriptor> discreet(std::vector<Descriptor> among) {
  for (Descriptor& descriptor : among) {
    descriptor.open =
        [open = std::move(descriptor.open)](const Source& source) -> base::Result<std::unique_ptr<Connector>> {
      auto opened = open(source);
      if (source.secret.empty()) return opened;
      if (!opened.ok()) return Censor(source.secret).status(opened.status());
      return std::unique_ptr<Connector>(std::make_unique<DiscreetConnector>(*std::move(opened), source.secret));
    };
  }
  return among;
}

}  // namespace tarn::connector
