#include "workspace/named_sources.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lake/table_name.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using connector::NamedSource;

namespace {

constexpr std::string_view kFile = "tarn.toml";

}  // namespace

const std::vector<connector::Descriptor>& NamedSources::connectors() const {
  return options_.connectors != nullptr ? *options_.connectors : connector::connectors();
}

Result<std::vector<NamedSource>> NamedSources::all() {
  const auto opened = store_.open();
  if (opened.status().code() == Code::not_found) return std::vector<NamedSource>();
  if (!opened.ok()) return opened.status();
  const store::Store& files = **opened;
  const auto entry = files.stat(kFile);
  if (entry.status().code() == Code::not_found) return std::vector<NamedSource>();
  if (!entry.ok()) return entry.status();
  if (entry->size_bytes > connector::kMaxConfigBytes) {
    return base::Status(Code::exhausted,
                        file() + " is over the limit of " + std::to_string(connector::kMaxConfigBytes) + " bytes");
  }
  TARN_ASSIGN(const std::string text, files.read(kFile));
  TARN_ASSIGN(std::vector<NamedSource> sources, connector::read_named_sources(text, file(), connectors()));
  TARN_TRY(check_each_once(sources));
  return sources;
}

Status NamedSources::check_each_once(const std::vector<NamedSource>& sources) const {
  std::map<std::pair<std::string, std::string>, const NamedSource*> known;
  for (const NamedSource& source : sources) {
    TARN_ASSIGN(const connector::Descriptor* const kind, connector::find(connectors(), source.url));
    const auto url = kind->canonical(source.url);
    const auto table = lake::full_name(source.into);
    if (!url.ok() || !table.ok()) continue;  // its pull says so
    const auto [at, fresh] = known.emplace(std::pair(*url, *table), &source);
    if (fresh) continue;
    const auto [first, second] = std::minmax(at->second->line, source.line);
    return {Code::invalid_argument,
            file() + ":" + std::to_string(second) + ": the sources '" + at->second->name + "' and '" + source.name +
                "' are one, into one table; the other stands in line " + std::to_string(first),
            "take one of them out, or give it another 'into'"};
  }
  return {};
}

Result<std::optional<NamedSource>> NamedSources::find(const std::string& word) {
  if (!connector::is_source_name(word)) return std::optional<NamedSource>();
  TARN_ASSIGN(std::vector<NamedSource> sources, all());
  const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.name == word; });
  return found == sources.end() ? std::optional<NamedSource>() : std::optional(std::move(*found));
}

}  // namespace tarn::workspace
