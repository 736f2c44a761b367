#include "connector/named.h"

#include <fstream>
#include <iterator>

#include "base/status_test.h"
#include "operation/field.h"

namespace tarn::connector {

struct WikiOptions {
  std::vector<std::string> space;
  int64_t depth = 3;
  std::string shelf = "high";
  bool archived = false, believe = false;
};

}  // namespace tarn::connector

namespace tarn::operation {

template <>
struct Describe<connector::WikiOptions> {
  static auto fields() {
    using O = connector::WikiOptions;
    return std::tuple{field("space", &O::space, "s"), field("depth", &O::depth, "d").between(1, 9),
                      field("shelf", &O::shelf, "h").one_of({"high", "low"}), field("archived", &O::archived, "a"),
                      field("believe", &O::believe, "b")};
  }
};

}  // namespace tarn::operation

namespace tarn::connector {
namespace {

using base::Code;
using base::Status;

base::Result<std::vector<NamedSource>> read(const std::string& text) {
  std::vector<Descriptor> among = connectors();
  Descriptor wiki;
  wiki.name = "wiki";
  wiki.schemes = {"wiki+https"};
  wiki.written = "wiki+https://…";
  wiki.options = operation::shape_of<WikiOptions>();
  wiki.once = {"believe"};
  wiki.takes_secret = true;
  among.push_back(std::move(wiki));
  return read_named_sources(text, "tarn.toml", among);
}

TEST(NamedSources, AreReadWithTheirOptions) {
  const auto sources = take(read(R"(# what we pull
[sources.wiki]
url = "wiki+https://wiki.example/?space=ENG"
into = "main.wiki"
secret_env = "WIKI_TOKEN"
space = ["ENG", "OPS"]
depth = 5
archived = true

[sources.notes]
url = "/home/me/notes"
include = ["*.md"]
)"));
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].name, "notes");
  EXPECT_EQ(sources[0].into, "main.docs");
  EXPECT_EQ(json::write(sources[0].options), R"({"include":["*.md"]})");
  EXPECT_EQ(sources[1].name, "wiki");
  EXPECT_EQ(sources[1].into, "main.wiki");
  EXPECT_EQ(sources[1].line, 2);
  EXPECT_EQ(sources[1].secret.kind, SecretPlace::Kind::environment);
  EXPECT_EQ(sources[1].secret.where, "WIKI_TOKEN");
  EXPECT_EQ(sources[1].options["depth"], json::Value(5));
  EXPECT_EQ(sources[1].options["space"].items().size(), 2u);
  EXPECT_TRUE(take(read("")).empty());
  EXPECT_TRUE(take(read("[sources]\n")).empty());
}

TEST(NamedSources, TheirDocumentShowsOnesThatAreRead) {
  std::ifstream file(TARN_SOURCE_DIR "/doc/format/tarn-toml.md");
  const std::string document(std::istreambuf_iterator<char>(file), {});
  const std::string_view begin = "```toml\n";
  const size_t from = document.find(begin) + begin.size();
  const auto sources =
      take(read_named_sources(document.substr(from, document.find("```\n", from) - from), "tarn.toml", connectors()));
  ASSERT_EQ(sources.size(), 3u);
  EXPECT_EQ(sources[0].name, "notes");
  EXPECT_EQ(sources[1].into, "main.ships");
  EXPECT_EQ(sources[2].secret.kind, SecretPlace::Kind::file);
}

TEST(NamedSources, TheKeyringIsNamedByAttributes) {
  const auto sources = take(read(R"([sources.w]
url = "wiki+https://w.example/"
secret_tool = { service = "wiki", user = "me" }
)"));
  EXPECT_EQ(sources[0].secret.kind, SecretPlace::Kind::keyring);
  EXPECT_EQ(sources[0].secret.attributes,
            (std::vector<std::pair<std::string, std::string>>{{"service", "wiki"}, {"user", "me"}}));
}

struct Wrong {
  std::string text, message, hint;
};

// CNF, CLI-7: the file, the line, and the nearest word that is known; never the value.
TEST(NamedSources, WhatIsNotUnderstoodIsNamed) {
  const std::string wiki = "[sources.w]\nurl = \"wiki+https://w.example/\"\n";
  for (const Wrong& wrong : std::vector<Wrong>{
           {"[source.w]\nurl = \"/x\"\n", "tarn.toml:1: there is no 'source'", "did you mean 'sources'?"},
           {"\n[serve]\nport = 1\n", "tarn.toml:2: [serve] is reserved", "[sources.NAME]"},
           {"[models.small]\n", "[models] is reserved", ""},
           {"[tables.x]\n", "[tables] is reserved", ""},
           {"[schedules]\n", "[schedules] is reserved", ""},
           {"sources = 3\n", "tarn.toml:1: 'sources' is not a table", ""},
           {"[sources]\nw = \"/x\"\n", "tarn.toml:2: the source 'w' is not a table", "[sources.w]"},
           {"[sources.\"a/b\"]\nurl = \"/x\"\n", "tarn.toml:1: 'a/b' is no name of a source", ""},
           {"[sources.w]\n", "tarn.toml:1: the source 'w' has no url", ""},
           {"[sources.w]\nurl = 3\n", "tarn.toml:2: 'url' is not a text", ""},
           {"[sources.w]\nurl = \"notes\"\n", "depends on where tarn is started", "from the root"},
           {"[sources.w]\nurl = \"jsonl:x.jsonl\"\n", "depends on where tarn is started", ""},
           {"[sources.w]\nurl = \"ftp://h.example/hunter2\"\n", "tarn.toml:1: no connector for 'ftp:'", "wiki+https"},
           {"[sources.w]\nurl = \"ftp://u:hunter2@h.example/\"\n", "a user or a password in its url", "secret_env"},
           {wiki + "spaces = [\"ENG\"]\n", "tarn.toml:3: there is no 'spaces' here", "did you mean 'space'?"},
           {wiki + "in_to = \"x\"\n", "tarn.toml:3: there is no 'in_to' here", "did you mean 'into'?"},
           {wiki + "include = [\"x\"]\n", "there is no 'include' here", "takes: space, depth, shelf, archived"},
           {wiki + "depth = 10\n", "tarn.toml:3: field 'depth'", ""},
           {wiki + "depth = \"hunter2\"\n", "tarn.toml:3: field 'depth'", ""},
           {wiki + "depth = 2026-01-01\n", "tarn.toml:3: 'depth' has a value that no option takes", ""},
           {wiki + "believe = true\n", "tarn.toml:3: 'believe' is said of one pull", "tarn pull w"},
           {wiki + "secret = \"hunter2\"\n", "tarn.toml:3: a secret does not stand in this file", "secret_file"},
           {wiki + "token = \"hunter2\"\n", "a secret does not stand in this file", ""},
           {wiki + "secret_fiel = \"/x\"\n", "there is no 'secret_fiel'", "did you mean 'secret_file'"},
           {wiki + "secret_env = \"A\"\nsecret_file = \"/x\"\n", "in two places", ""},
           {wiki + "secret_env = \"\"\n", "'secret_env' is no text", ""},
           {wiki + "secret_env = \"hunter2-x\"\n", "tarn.toml:3: 'secret_env' is no name of a variable", "itself"},
           {wiki + "secret_env = \"2hunter2\"\n", "'secret_env' is no name of a variable", ""},
           {wiki + "shelf = \"hunter2\"\n", "tarn.toml:3: 'shelf' must be one of: high, low", ""},
           {"[sources.-x]\nurl = \"/x\"\n", "'-x' is no name of a source", "no '-' at the start"},
           {wiki + "secret_file = \"x\"\n", "'secret_file' depends on where", ""},
           {wiki + "secret_tool = \"wiki\"\n", "'secret_tool' names no attributes", "service"},
           {"[sources.n]\nurl = \"/x\"\nsecret_env = \"A\"\n", "the kind 'folder' takes none", ""},
           {"[sources.n\nurl = hunter2", "tarn.toml:1:", "quotes"},
           {"[sources.n]\nurl = \"/x\"\nurl = \"hunter2\"\n", "tarn.toml:3:", ""},
           {wiki + "x = hunter2\n", "tarn.toml:3:", ""},
       }) {
    const auto sources = read(wrong.text);
    ASSERT_FALSE(sources.ok()) << wrong.text;
    const Status status = sources.status();
    EXPECT_NE(status.message().find(wrong.message), std::string::npos) << wrong.text << status.to_string();
    EXPECT_NE(status.hint().find(wrong.hint), std::string::npos) << wrong.text << status.to_string();
    EXPECT_EQ(status.to_string().find("hunter2"), std::string::npos) << status.to_string();
  }
  EXPECT_EQ(read("# " + std::string(kMaxConfigBytes, 'x')).status().code(), Code::exhausted);
}

TEST(NamedSources, ANameIsNeverAPath) {
  for (const char* name : {"wiki", "Wiki-2", "a_b", "3"}) EXPECT_TRUE(is_source_name(name)) << name;
  for (const char* name : {"", "./wiki", "a/b", "a.md", "-x", "~", "..", "a b", "jsonl:x"}) {
    EXPECT_FALSE(is_source_name(name)) << name;
  }
  EXPECT_FALSE(is_source_name(std::string(65, 'x')));
}

}  // namespace
}  // namespace tarn::connector
