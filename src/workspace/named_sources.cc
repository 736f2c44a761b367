#include "workspace/named_sources.h"

#include <algorithm>

namespace tarn::workspace {

using base::Code;
using base::Result;
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
  return connector::read_named_sources(text, file(), connectors());
}

Result<std::optional<NamedSource>> NamedSources::find(const std::string& word) {
  if (!connector::is_source_name(word)) return std::optional<NamedSource>();
  TARN_ASSIGN(std::vector<NamedSource> sources, all());
  const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.name == word; });
  return found == sources.end() ? std::optional<NamedSource>() : std::optional(std::move(*found));
}

}  // namespace tarn::workspace
