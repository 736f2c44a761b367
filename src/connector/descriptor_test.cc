#include "connector/descriptor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <type_traits>

#include "operation/field.h"

namespace tarn::connector {
namespace {

base::Result<std::string> located(const std::string& url) {
  TARN_ASSIGN(const Descriptor* kind, find(connectors(), url));
  return kind->locate(url);
}

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <typename T>
concept Encodable = requires(const T& value) { operation::Codec<T>::write(value); };
static_assert(Encodable<std::string> && Printable<std::string>);
static_assert(!Printable<Secret> && !Encodable<Secret> && !fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<Secret, json::Value> && !std::is_convertible_v<std::string, Secret>);

TEST(Secret, IsReadWhereItIsAskedFor) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret("open sesame").reveal(), "open sesame");
}

TEST(Descriptors, UnknownSchemesAreRefusedByName) {
  const base::Status status = located("gopher://example.org/").status();
  EXPECT_EQ(status.code(), base::Code::unsupported);
  EXPECT_NE(status.message().find("gopher"), std::string::npos);
  EXPECT_NE(status.hint().find("folder"), std::string::npos);
}

TEST(Descriptors, PathsAndFileUrlsAreOneSource) {
  for (const char* way : {"/usr/../usr/share/", "file:///usr/share", "file://localhost/usr/share/", "/usr/share"}) {
    const auto url = located(way);
    ASSERT_TRUE(url.ok()) << way << ": " << url.status().to_string();
    EXPECT_EQ(*url, "file:///usr/share");
  }
  EXPECT_EQ(source_id("file:///usr/share").size(), 32u);
  for (const char* wrong : {"file://elsewhere/x", "file:///a%zz", "file:///a%00b", ""}) {
    EXPECT_EQ(located(wrong).status().code(), base::Code::invalid_argument) << wrong;
  }
  EXPECT_EQ(located("/no/such/folder").status().code(), base::Code::not_found);
}

// A source that is not there now is the same one still.
TEST(Descriptors, ASourceThatIsNotThereHasItsNameToo) {
  const auto canonical = [](const std::string& url) {
    const auto kind = find(connectors(), url);
    return kind.ok() ? (*kind)->canonical(url) : kind.status();
  };
  for (const char* way : {"/no/such/folder", "/no/such/folder/", "/no/such/../such/folder", "file:///no/such/folder"}) {
    EXPECT_EQ(*canonical(way), "file:///no/such/folder") << way;
  }
  for (const char* way : {"jsonl:/no/such.jsonl", "jsonl:/no/x/../such.jsonl", "jsonl+file:///no/such.jsonl"}) {
    EXPECT_EQ(*canonical(way), "jsonl+file:///no/such.jsonl") << way;
  }
  EXPECT_EQ(canonical("file://elsewhere/x").status().code(), base::Code::invalid_argument);
}

// One command line serves them all, and every one is found by what it says of itself.
TEST(Descriptors, AreWhole) {
  std::map<std::string, const Descriptor*> schemes;
  std::map<std::string, operation::Kind> kinds;
  for (const Descriptor& connector : connectors()) {
    SCOPED_TRACE(connector.name);
    EXPECT_FALSE(connector.name.empty() || connector.doc.empty() || connector.written.empty());
    EXPECT_FALSE(connector.licence.empty() || connector.schemes.empty());
    EXPECT_TRUE(connector.canonical && connector.open);
    for (const std::string& scheme : connector.schemes) {
      EXPECT_TRUE(schemes.emplace(scheme, &connector).second) << scheme;
    }
    for (const std::string& name : connector.kept) EXPECT_TRUE(connector.options.find(name)) << name;
    for (const operation::FieldShape& field : connector.options.fields) {
      EXPECT_FALSE(field.doc.empty()) << field.name;
      const auto [at, fresh] = kinds.emplace(field.name, field.shape.kind);
      EXPECT_EQ(at->second, field.shape.kind) << field.name << " means another kind of value elsewhere";
    }
  }
  EXPECT_EQ(every_option().size(), kinds.size());
}

struct Harbour {
  std::string berth = "north";
  std::vector<std::string> ships;
  bool at_night = false;
  int64_t depth = 0;
};

}  // namespace
}  // namespace tarn::connector

namespace tarn::operation {

template <>
struct Describe<connector::Harbour> {
  static auto fields() {
    using connector::Harbour;
    return std::tuple{field("berth", &Harbour::berth, "where").one_of({"north", "south"}),
                      field("ships", &Harbour::ships, "which"), field("at_night", &Harbour::at_night, "when"),
                      field("depth", &Harbour::depth, "how deep").between(0, 20)};
  }
};

}  // namespace tarn::operation

namespace tarn::connector {
namespace {

class HarbourTest : public testing::Test {
 protected:
  HarbourTest() {
    harbour.name = "harbour";
    harbour.options = operation::shape_of<Harbour>();
    harbour.kept = {"at_night", "berth", "ships"};
  }
  static json::Value parsed(std::string_view text) { return *json::parse(text); }
  Descriptor harbour;
};

TEST_F(HarbourTest, AnOptionThatItDoesNotHaveIsAnErrorWithTheOneThatWasMeant) {
  base::Status status = check_options(harbour, parsed(R"({"ship":["a"]})"));
  EXPECT_EQ(status.code(), base::Code::invalid_argument);
  EXPECT_NE(status.message().find("harbour"), std::string::npos);
  EXPECT_NE(status.message().find("--ship"), std::string::npos);
  EXPECT_NE(status.hint().find("did you mean 'ships'?"), std::string::npos) << status.hint();
  status = check_options(harbour, parsed(R"({"whole_page":true})"));
  EXPECT_NE(status.message().find("--whole-page"), std::string::npos);
  EXPECT_EQ(status.hint(), "it takes: --berth, --ships, --at-night, --depth");
  EXPECT_EQ(check_options(harbour, parsed(R"({"depth":21})")).code(), base::Code::invalid_argument);
  EXPECT_EQ(check_options(harbour, parsed(R"({"berth":"west"})")).code(), base::Code::invalid_argument);
  EXPECT_TRUE(check_options(harbour, parsed(R"({"berth":"south","depth":20,"ships":null})")).ok());
}

TEST_F(HarbourTest, WhatIsKeptIsWhatIsNotByDefault) {
  EXPECT_TRUE(kept_options(harbour, parsed(R"({"berth":"north","at_night":false,"depth":3})")).is_null());
  EXPECT_EQ(json::write(kept_options(harbour, parsed(R"({"ships":["a"],"depth":3,"berth":"south"})"))),
            R"({"berth":"south","ships":["a"]})");
}

TEST_F(HarbourTest, WhatIsGivenGoesBeforeWhatIsKept) {
  const json::Value kept = parsed(R"({"berth":"south","at_night":true,"depth":3,"older":1})");
  EXPECT_EQ(json::write(with_kept(harbour, kept, parsed(R"({"at_night":false,"berth":null,"depth":9})"))),
            R"({"at_night":false,"berth":"south","depth":9})");
  // What cannot be taken any more counts as not kept.
  EXPECT_EQ(json::write(with_kept(harbour, parsed(R"({"berth":"west","ships":5})"), parsed("{}"))), "{}");
}

TEST_F(HarbourTest, OptionsAreSaidAsTheyAreTyped) {
  EXPECT_EQ(describe_options(parsed(R"({"berth":"south","ships":["a","b"],"at_night":true,"depth":3})")),
            "--berth south --ships a --ships b --at-night --depth 3");
  EXPECT_EQ(describe_options(parsed(R"({"at_night":false,"depth":null})")), "");
}

}  // namespace
}  // namespace tarn::connector
