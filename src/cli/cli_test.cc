// The conventions of the command line (CLI-1 … CLI-15, SQL-3) over a fake lake; what people see is held against golden
// files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "cli/fake_lake_test.h"
#include "cli/layout.h"
#include "cli/program.h"
#include "cli/render.h"

namespace tarn::cli {
namespace {

using base::Code;
using base::Status;

struct Ran {
  int code = 0;
  std::string out, err;
};

struct Setting {
  bool tty = false;
  bool empty = false;
  size_t width = 80;
  std::map<std::string, std::string> environment = {{"HOME", "/home/me"}};
  std::map<std::string, std::string> files = {};
  Status open_fails = {};
};

Ran tarn(const std::vector<std::string>& words, const Setting& setting = {}, LakeOptions* opened = nullptr) {
  StringOutput out, err;
  base::Cancel cancel;
  Program program;
  program.terminal.out = &out;
  program.terminal.err = &err;
  program.terminal.in_is_tty = program.terminal.out_is_tty = program.terminal.err_is_tty = setting.tty;
  program.terminal.width = setting.width;
  program.terminal.environment = [&](const char* name) {
    const auto found = setting.environment.find(name);
    return found == setting.environment.end() ? std::string() : found->second;
  };
  program.terminal.read_file = [&](const std::string& path) -> base::Result<std::string> {
    const auto found = setting.files.find(path);
    if (found == setting.files.end()) return Status(Code::not_found, "there is no file " + path);
    return found->second;
  };
  program.cancel = &cancel;
  program.now_ms = [] { return int64_t{0}; };
  program.open = [&](const LakeOptions& options) -> base::Result<std::unique_ptr<Lake>> {
    if (!setting.open_fails.ok()) return setting.open_fails;
    if (opened) *opened = options;
    auto lake = std::make_unique<FakeLake>(options);
    lake->empty = setting.empty;
    return std::unique_ptr<Lake>(std::move(lake));
  };
  program.serve_mcp = [](Lake&) { return Status(); };
  const int code = run(words, program);
  return {code, out.text, err.text};
}

// Golden files: test/golden/cli/NAME.txt. TARN_UPDATE_GOLDEN=1 writes them; look at the difference before committing.
void expect_golden(const std::string& name, std::string text) {
  const std::string version = "Tarn " TARN_VERSION ":";
  if (const size_t at = text.find(version); at != std::string::npos) text.replace(at, version.size(), "Tarn VERSION:");
  const std::filesystem::path path = std::filesystem::path(TARN_SOURCE_DIR) / "test/golden/cli" / (name + ".txt");
  if (std::getenv("TARN_UPDATE_GOLDEN")) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file.good()) << path << " is not there";
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

TEST(Help, CLI8AllWaysLeadToIt) {
  const Ran first = tarn({});
  EXPECT_EQ(first.code, 0);
  EXPECT_EQ(first.err, "");
  for (const auto& words : std::vector<std::vector<std::string>>{{"-h"}, {"--help"}, {"help"}}) {
    EXPECT_EQ(tarn(words).out, first.out);
  }
  const Ran search = tarn({"help", "search"});
  EXPECT_EQ(search.code, 0);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"search", "-h"}, {"search", "--help"}, {"--help", "search"}, {"search", "x", "--help"}}) {
    EXPECT_EQ(tarn(words).out, search.out);
  }
  size_t examples = 0;
  for (size_t at = first.out.find("  tarn "); at != std::string::npos; at = first.out.find("  tarn ", at + 1)) {
    ++examples;
  }
  EXPECT_GE(examples, 3u);
}

TEST(Help, FitsEightyColumnsAndIsAsRecorded) {
  std::vector<std::string> names = {""};
  for (const Command& command : make_commands(workspace::Operations::declared()).list) names.push_back(command.name);
  for (const std::string& name : names) {
    const Ran ran = name.empty() ? tarn({}) : tarn({"help", name});
    EXPECT_EQ(ran.code, 0) << name;
    EXPECT_EQ(ran.out.find('\x1b'), std::string::npos) << name;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << name << ": " << line;
    expect_golden("help" + (name.empty() ? "" : "-" + name), ran.out);
  }
}

// Every example in help must be accepted by the parser, so that it can be typed as it stands.
TEST(Help, ExamplesParse) {
  const Commands commands = make_commands(workspace::Operations::declared());
  for (const Command& command : commands.list) {
    for (const auto& example : command.examples) {
      if (!example.command.starts_with("tarn ")) continue;
      std::vector<std::string> words;
      std::string word;
      char quote = 0;
      for (const char c : example.command.substr(5, example.command.find(" > ") == std::string::npos
                                                        ? std::string::npos
                                                        : example.command.find(" > ") - 5)) {
        if (quote != 0 ? c == quote : c == '\'' || c == '"') {
          quote = quote != 0 ? 0 : c;
        } else if (c == ' ' && quote == 0) {
          words.push_back(std::exchange(word, {}));
        } else {
          word += c;
        }
      }
      words.push_back(word);
      const auto parsed = parse(words, commands);
      EXPECT_TRUE(parsed.ok()) << example.command << ": " << parsed.status().to_string();
    }
  }
}

TEST(Version, CLI12) {
  EXPECT_EQ(tarn({"--version"}).out, tarn({"version"}).out);
  EXPECT_EQ(tarn({"--version"}).out, "tarn " TARN_VERSION "\n");
  const auto json = json::parse(tarn({"--version", "--json"}).out);
  ASSERT_TRUE(json.ok());
  for (const char* key : {"version", "commit", "build_type", "duckdb", "cpu_features"}) {
    EXPECT_TRUE(json.value().contains(key)) << key;
  }
}

TEST(Errors, CLI7WrongWordsAreUsage) {
  const struct {
    std::vector<std::string> words;
    const char* message;
    const char* hint;
  } cases[] = {
      {{"serach", "x"}, "there is no command 'serach'", "did you mean 'search'? (tarn help shows the commands)"},
      {{"search", "x", "--mod", "lexical"},
       "there is no option '--mod' of tarn search",
       "did you mean '--mode' or '--model'? (tarn help search shows its options)"},
      {{"search", "x", "--as_off=3"},
       "there is no option '--as_off' of tarn search",
       "did you mean '--as-of'? (tarn help search shows its options)"},
      {{"search", "-windows"},
       "there is no option '-windows' of tarn search",
       "a word that begins with - comes after -- (tarn help search shows its options)"},
      {{"search", "x", "--mode", "lexcal"},
       "--mode must be one of: lexical, semantic, hybrid; not 'lexcal'",
       "did you mean 'lexical'? (tarn help search shows its options)"},
      {{"search", "x", "-k", "many"}, "-k needs a whole number, not 'many'", "tarn help search shows its options"},
      {{"search", "x", "-k"}, "-k needs a value: N", "tarn help search shows its options"},
      {{"search", "x", "-k", "0"}, "-k must be at least 1", "tarn help search shows its options"},
      {{"search"}, "QUERY is missing: words; \"a phrase\", +must, -not", "tarn help search shows its options"},
      {{"show", "a", "b"}, "tarn show has no use for the word 'b'", "tarn help show shows its options"},
      {{"tables", "--json=1"}, "--json takes no value", "tarn help tables shows its options"},
      {{"help", "serach"}, "there is no command 'serach'", "did you mean 'search'?"},
      {{"completion", "bsh"}, "there is no completion for 'bsh'", "did you mean 'bash' or 'zsh'?"},
  };
  for (const auto& c : cases) {
    const Ran ran = tarn(c.words);
    EXPECT_EQ(ran.code, 2) << c.message;
    EXPECT_EQ(ran.out, "") << c.message;
    EXPECT_EQ(ran.err, std::string("tarn: ") + c.message + "\n      " + c.hint + "\n");
  }
}

TEST(Errors, CLI3AreJsonWhenAsked) {
  for (const char* flag : {"--json", "--jsonl"}) {
    const Ran ran = tarn({"show", "main.dosc", flag});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, R"({"code":"not_found","message":"there is no table main.dosc","hint":"tarn tables lists them"})"
                       "\n");
    EXPECT_TRUE(json::parse(tarn({"--nonsense", flag}).err).ok());
  }
  EXPECT_EQ(tarn({"show", "main.dosc"}).err, "tarn: there is no table main.dosc\n      tarn tables lists them\n");
}

TEST(Errors, CLI2CodesMapToExitCodes) {
  EXPECT_EQ(tarn({"search", "x", "--mode", "semantic"}).code, 1);
  EXPECT_EQ(tarn({"tables"}, {.open_fails = Status(Code::io, "no")}).code, 1);
  EXPECT_EQ(tarn({"tables"}, {.open_fails = Status(Code::cancelled, "no")}).code, 130);
  EXPECT_EQ(tarn({"pull", "notes", "--watch"}).code, 130);
  EXPECT_EQ(tarn({"pull", "same"}).code, 0);
  EXPECT_EQ(tarn({"pull", "notes"}).code, 1) << "an item was rejected";
  EXPECT_EQ(tarn({"verify", "good.json"}).code, 0);
  EXPECT_EQ(tarn({"verify", "bad.json"}).code, 1);
  EXPECT_EQ(tarn({"check"}).code, 0);
  EXPECT_EQ(tarn({"check"}, {.empty = true}).code, 1);
  EXPECT_EQ(tarn({"doctor"}).code, 1);
  EXPECT_EQ(tarn({"tables", "--as-of", "damaged"}).code, 0) << "the other tables are listed";
  EXPECT_EQ(tarn({"tables", "--as-of", "damaged"}, {.empty = true}).code, 1) << "no table could be read";
  EXPECT_EQ(tarn({"tables"}, {.empty = true}).code, 0);
}

TEST(Destroying, CLI13NeedsAYesWhereNobodyCanBeAsked) {
  const Ran refused = tarn({"vacuum", "main.docs"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--yes"), std::string::npos) << refused.err;
  EXPECT_EQ(tarn({"vacuum", "main.docs"}, {.tty = true}).code, 2) << "nobody confirmed";
  EXPECT_EQ(tarn({"vacuum", "--yes"}).code, 0);
  EXPECT_EQ(tarn({"vacuum", "--dry-run"}).code, 0);
  EXPECT_EQ(tarn({"tag", "taken"}).code, 1);
}

TEST(Json, CLI1CLI3CLI4OneDocumentOnStdoutNothingElse) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"tables"},
                                                                 {"show", "main.docs"},
                                                                 {"history", "main.docs"},
                                                                 {"search", "x"},
                                                                 {"ask", "x"},
                                                                 {"verify", "r.json"},
                                                                 {"fetch", "a"},
                                                                 {"pull", "same"},
                                                                 {"optimize"},
                                                                 {"tag"},
                                                                 {"vacuum", "--yes"},
                                                                 {"restore", "main.docs", "12"},
                                                                 {"diff", "main.docs", "11..12"},
                                                                 {"forget", "x", "--yes"},
                                                                 {"link", "/x", "--as", "y"},
                                                                 {"check"},
                                                                 {"doctor"}}) {
    auto with = words;
    with.push_back("--json");
    const Ran ran = tarn(with);
    EXPECT_TRUE(json::parse(ran.out).ok()) << words[0] << ": " << ran.out;
    EXPECT_EQ(ran.out.back(), '\n');
    EXPECT_EQ(ran.err, "") << words[0];
  }
  EXPECT_EQ(json::write((*json::parse(tarn({"search", "nothing", "--json"}).out))["hits"]), "[]");
  EXPECT_EQ(json::write((*json::parse(tarn({"tables", "--json"}, {.empty = true}).out))["tables"]), "[]");
  EXPECT_EQ(tarn({"tables", "--jsonl"}, {.empty = true}).out, "");
  std::istringstream lines(tarn({"search", "x", "--jsonl"}).out);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(json::parse(line).ok()) << line;
  EXPECT_EQ(count, 2u);
}

TEST(Options, StandAnywhereAndInEveryForm) {
  const auto request = [](const std::vector<std::string>& words) {
    static const Commands commands = make_commands(workspace::Operations::declared());
    const auto parsed = parse(words, commands);
    EXPECT_TRUE(parsed.ok()) << parsed.status().to_string();
    return json::write(parsed.ok() ? parsed->request : json::Value());
  };
  EXPECT_EQ(request({"search", "x", "-k", "5"}), R"({"k":5,"query":"x"})");
  EXPECT_EQ(request({"search", "-k5", "x"}), R"({"k":5,"query":"x"})");
  EXPECT_EQ(request({"search", "-k=5", "x"}), R"({"k":5,"query":"x"})");
  EXPECT_EQ(request({"--json", "search", "how", "to", "restore"}), R"({"query":"how to restore"})");
  EXPECT_EQ(request({"search", "--", "-windows", "--json"}), R"({"query":"-windows --json"})");
  EXPECT_EQ(request({"search", "-"}), R"({"query":"-"})");
  EXPECT_EQ(request({"search", "x", "--in", "a,b", "--in=c"}), R"({"in":["a","b","c"],"query":"x"})");
  EXPECT_EQ(request({"search", "x", "--filter", "-1 < n"}), R"({"filter":"-1 < n","query":"x"})");
  EXPECT_EQ(request({"search", "x", "--as_of", "3"}), R"({"as_of":"3","query":"x"})");
  EXPECT_EQ(request({"pull", "n", "--include", "{a,b}/**", "--include", "*.md", "--dry-run"}),
            R"({"include":["{a,b}/**","*.md"],"dry_run":true,"source":"n"})");
  EXPECT_EQ(request({"check"}), "{}");
  EXPECT_EQ(request({"check", "a", "b"}), R"({"tables":["a","b"]})");
}

// Any words at all are a request or a usage error, never something else.
TEST(Options, AnyWordsAreParsedOrRefused) {
  const Commands commands = make_commands(workspace::Operations::declared());
  std::vector<std::string> pieces = {"--",  "-",   "",   "-k",       "-k5",  "--in=a,,b", "x",   "--json", "-c",
                                     "--=", "---", "-h", "--filter", "\xff", "=",         "-qk", "5"};
  for (const Command& command : commands.list) pieces.push_back(command.name);
  base::Random random(9);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::string> words;
    for (uint64_t n = random.below(7); n > 0; --n) words.push_back(pieces[random.below(pieces.size())]);
    const auto parsed = parse(words, commands);
    if (parsed.ok()) {
      EXPECT_TRUE(parsed->request.is_object());
    } else {
      EXPECT_EQ(parsed.status().code(), Code::invalid_argument) << "seed 9 round " << round;
      EXPECT_FALSE(parsed.status().message().empty());
    }
  }
}

TEST(Options, TheLakeIsFound) {
  LakeOptions opened;
  const auto lake = [&](std::vector<std::string> words, std::map<std::string, std::string> environment) {
    EXPECT_EQ(tarn(words, {.environment = std::move(environment)}, &opened).code, 0);
    return opened.lake;
  };
  EXPECT_EQ(lake({"tables"}, {{"HOME", "/h"}}), "/h/.local/share/tarn/lake");
  EXPECT_EQ(lake({"tables"}, {{"HOME", "/h"}, {"XDG_DATA_HOME", "/x"}}), "/x/tarn/lake");
  EXPECT_EQ(lake({"tables"}, {{"XDG_DATA_HOME", "/x"}, {"TARN_HOME", "/t"}}), "/t/lake");
  EXPECT_EQ(lake({"tables"}, {{"TARN_HOME", "/t"}, {"TARN_LAKE", "/l"}}), "/l");
  EXPECT_EQ(lake({"--lake", "here", "tables"}, {{"TARN_LAKE", "/l"}}), "here");
  EXPECT_EQ(lake({"tables", "--threads", "3", "--model=none"}, {}), "");
  EXPECT_EQ(opened.threads, 3);
  EXPECT_EQ(opened.model, "none");
}

TEST(Colour, CLI5CLI6) {
  const auto colours = [](std::vector<std::string> words, bool tty, std::map<std::string, std::string> environment) {
    const Ran ran = tarn(words, {.tty = tty, .environment = std::move(environment)});
    return ran.out.find('\x1b') != std::string::npos;
  };
  EXPECT_FALSE(colours({"search", "x"}, false, {}));
  EXPECT_TRUE(colours({"search", "x"}, true, {{"TERM", "xterm"}}));
  EXPECT_TRUE(colours({"help"}, true, {{"TERM", "xterm"}}));
  EXPECT_FALSE(colours({"search", "x"}, true, {{"NO_COLOR", "1"}}));
  EXPECT_TRUE(colours({"search", "x"}, true, {{"NO_COLOR", ""}}));
  EXPECT_FALSE(colours({"search", "x"}, true, {{"TERM", "dumb"}}));
  EXPECT_TRUE(colours({"search", "x"}, false, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_TRUE(colours({"search", "x", "--color=always"}, false, {{"NO_COLOR", "1"}}));
  EXPECT_FALSE(colours({"search", "x", "--color", "never"}, true, {}));
}

// What documents say never reaches the terminal as control sequences.
TEST(Pages, AreAsRecordedAndSafe) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"search", {"search", "recover from backup"}},
      {"search-nothing", {"search", "nothing"}},
      {"ask", {"ask", "How do I restore?"}},
      {"ask-nothing", {"ask", "nothing"}},
      {"verify", {"verify", "r.json"}},
      {"verify-bad", {"verify", "bad.json"}},
      {"tables", {"tables"}},
      {"tables-damaged", {"tables", "--as-of", "damaged"}},
      {"show", {"show", "main.docs"}},
      {"history", {"history", "main.docs"}},
      {"pull", {"pull", "notes"}},
      {"pull-same", {"pull", "same"}},
      {"pull-dry-run", {"pull", "notes", "--dry-run"}},
      {"pull-all", {"pull", "--all"}},
      {"sources", {"sources"}},
      {"connectors", {"connectors"}},
      {"optimize", {"optimize"}},
      {"tag", {"tag"}},
      {"tag-made", {"tag", "release-1"}},
      {"tag-deleted", {"tag", "release-1", "--delete"}},
      {"vacuum", {"vacuum", "--yes"}},
      {"vacuum-dry-run", {"vacuum", "--dry-run"}},
      {"restore", {"restore", "main.docs", "12"}},
      {"restore-same", {"restore", "main.docs", "release-1"}},
      {"diff", {"diff", "main.docs", "11..12"}},
      {"link", {"link", "/data/tickets", "--as", "tickets", "--text", "description"}},
      {"link-deleted", {"link", "--as", "tickets", "--delete"}},
      {"forget", {"forget", "guide/intro.md", "--yes"}},
      {"forget-nothing", {"forget", "nobody", "--yes"}},
      {"check", {"check"}},
      {"doctor", {"doctor"}}};
  for (const auto& [name, words] : cases) {
    const Ran ran = tarn(words);
    EXPECT_EQ((ran.out + ran.err).find('\x1b'), std::string::npos) << name;
    expect_golden("page-" + name, ran.out + "-- stderr\n" + ran.err);
  }
  const Ran colour = tarn({"search", "recover from backup", "--color=always"});
  EXPECT_EQ(colour.out.find("\x1b[2J"), std::string::npos);
  expect_golden("page-search-colour", colour.out);
}

TEST(Pages, WhereAHitStandsFitsTheWidth) {
  for (const size_t place : {3, 30, 60, 200}) {
    for (const char* letter : {"a", "日"}) {
      workspace::SearchReply reply;
      search::Hit hit;
      hit.rank = 1;
      hit.title = "Tides";
      std::string value;
      for (size_t i = 0; i < place; ++i) value += letter;
      hit.passage.anchor = document::Anchor{0, "sheet", value};
      hit.passage.heading = {std::string(90, 'h')};
      reply.hits = {hit};
      Page page;
      page.width = 60;
      const std::string shown = render(reply, page);
      EXPECT_NE(shown.find(letter), std::string::npos) << shown;
      EXPECT_NE(shown.find("hhhhhhh"), std::string::npos) << shown;
      std::istringstream lines(shown);
      for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), page.width) << line;
    }
  }
}

TEST(Pages, QuietSaysOnlyTheData) {
  EXPECT_EQ(tarn({"search", "x", "-q"}).err, "");
  EXPECT_NE(tarn({"search", "x", "-q"}).out, "");
  EXPECT_EQ(tarn({"pull", "same", "-q"}).out, "");
  EXPECT_EQ(tarn({"pull", "same", "-q", "--json"}).err, "");
  EXPECT_NE(tarn({"show", "gone", "-q"}).err, "") << "errors are always said";
}

TEST(Sql, SQL1SQL3ScriptsGoOnAndTheExitCodeTells) {
  EXPECT_EQ(tarn({"sql", "select 1"}).out, "box select 1\n");
  EXPECT_EQ(tarn({"sql", "select", "1"}).out, "box select 1\n");
  EXPECT_EQ(tarn({"sql", "select 1"}, {.tty = true}).out, "table select 1\n");
  EXPECT_EQ(tarn({"sql", "-c", "a", "-c", "b", "--json"}).out, "json a\njson b\n");
  EXPECT_EQ(tarn({"sql", "-csv", "-noheader", "-c", "a"}).out, "csv bare a\n");
  EXPECT_EQ(tarn({"sql", "-f", "x.sql"}, {.files = {{"x.sql", "a;b"}}}).out, "box a\nbox b\n");
  EXPECT_EQ(tarn({"sql", "-init", "x.sql", "c"}, {.files = {{"x.sql", "a;b"}}}).out, "box c\n");
  EXPECT_EQ(tarn({"sql"}, {.files = {{"-", "a;b"}}}).out, "box a\nbox b\n");
  EXPECT_EQ(tarn({"sql", "-"}, {.files = {{"-", "a"}}}).out, "box a\n");
  const Ran script = tarn({"sql"}, {.files = {{"-", "a;wrong;b"}}});
  EXPECT_EQ(script.code, 1);
  EXPECT_EQ(script.out, "box a\nbox b\n");
  EXPECT_EQ(script.err, "tarn: Parser Error: wrong\nLINE 1: wrong\n        ^\n");
  const Ran bail = tarn({"sql", "--bail"}, {.files = {{"-", "a;wrong;b"}}});
  EXPECT_EQ(bail.code, 1);
  EXPECT_EQ(bail.out, "box a\n");
  EXPECT_EQ(tarn({"sql", "-echo", "a"}).out, "a\nbox a\n");
  EXPECT_EQ(tarn({"sql", "--no-stdin"}).out, "");
  EXPECT_EQ(tarn({"sql", "-f", "gone.sql"}).code, 1);
  EXPECT_TRUE(json::parse(tarn({"sql", "wrong", "--json"}).err).ok());
  EXPECT_EQ(tarn({"sql", "--format", "cvs", "a"}).code, 2);
}

TEST(Sql, ATableThatCannotBeReadIsToldOfOnce) {
  const Ran ran = tarn({"sql", "-c", "a beside a ruin", "-c", "b beside a ruin", "-c", "c"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "box a beside a ruin\nbox b beside a ruin\nbox c\n");
  EXPECT_EQ(ran.err, "tarn: warning: table main.ruin: 00001.json: damaged\n");
  const auto told = json::parse(tarn({"sql", "a beside a ruin", "--json"}).err);
  ASSERT_TRUE(told.ok());
  EXPECT_EQ((*told)["warning"].as_string(), "corruption");
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Ran script(const std::string& text, std::vector<std::string> words = {}) {
  words.insert(words.begin(), "sql");
  return tarn(words, {.files = {{"-", text}, {"x.sql", "a;b"}, {"loop.sql", ".read loop.sql"}}});
}

TEST(Sql, SQL6DotCommandsStandInScriptsToo) {
  EXPECT_EQ(script(".mode csv\na;.headers off\nb;.mode\n").out, "csv a\ncsv bare b\ncsv\n");
  EXPECT_EQ(script(".print hello 'x  y'\n").out, "hello x  y\n");
  EXPECT_EQ(script(".echo on\na").out, "a\nbox a\n");
  EXPECT_EQ(script(".read x.sql\n").out, "box a\nbox b\n");
  EXPECT_NE(script(".read loop.sql\n").err.find("16 deep"), std::string::npos);
  EXPECT_NE(script(".tables").out.find("main.docs"), std::string::npos);
  EXPECT_NE(script(".schema main.docs").out.find("labels"), std::string::npos);
  EXPECT_EQ(script(".databases").out.substr(0, 6), "lake: ");
  EXPECT_NE(script(".help").out.find(".import FILE TABLE"), std::string::npos);
  EXPECT_EQ(script(".open other\na").out, "box a\n");
  const Ran bail = script(".bail on\nwrong;a");
  EXPECT_EQ(bail.out, "");
  EXPECT_EQ(bail.code, 1);
  const Ran left = script(".exit 4\na");
  EXPECT_EQ(left.code, 4);
  EXPECT_EQ(left.out, "");
  const Ran unknown = script(".timr\na");
  EXPECT_EQ(unknown.code, 1);
  EXPECT_EQ(unknown.out, "box a\n");
  EXPECT_NE(unknown.err.find("did you mean '.timer'?"), std::string::npos);
  for (const char* wrong : {".maxrows many", ".headers perhaps", ".mode jsn", ".read", ".import x"}) {
    EXPECT_EQ(script(wrong).code, 1) << wrong;
  }
}

TEST(Sql, SQL6RowsGoIntoFiles) {
  const std::string path = testing::TempDir() + "/tarn-cli-output";
  EXPECT_EQ(script(".once " + path + "\na;b").out, "box b\n");
  EXPECT_EQ(content_of(path), "box a\n");
  EXPECT_EQ(script(".output " + path + "\na;b;.output\nc").out, "box c\n");
  EXPECT_EQ(content_of(path), "box a\nbox b\n");
  EXPECT_EQ(tarn({"sql", "--csv", "-o", path, "a"}).out, "");
  EXPECT_EQ(content_of(path), "csv a\n");
  EXPECT_EQ(tarn({"sql", "--format", "parquet", "-o", path, "a"}).out, "");
  EXPECT_EQ(content_of(path), "parquet a\n");
  EXPECT_EQ(script(".mode parquet\n.once " + path + "\nb;.mode csv\nc").out, "csv c\n");
  EXPECT_EQ(content_of(path), "parquet b\n");
  std::remove(path.c_str());
  const Ran nowhere = tarn({"sql", "--format", "parquet", "a"});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_NE(nowhere.err.find("-o FILE"), std::string::npos);
  EXPECT_EQ(tarn({"sql", "-o", "/nowhere/x", "a"}).code, 2);  // no ending that is known
  EXPECT_EQ(tarn({"sql", "-o", "/nowhere/x.csv", "a"}).code, 1);
  // The file's name tells the format, unless an option does.
  for (const auto& [ending, format] :
       {std::pair{".csv", "csv"}, {".TSV", "csv"}, {".ndjson", "jsonl"}, {".parquet", "parquet"}, {".htm", "html"}}) {
    EXPECT_EQ(tarn({"sql", "a", "-o", path + ending}).code, 0);
    EXPECT_EQ(content_of(path + ending), std::string(format) + " a\n");
    EXPECT_EQ(tarn({"sql", "a", "--json", "-o", path + ending}).code, 0);
    EXPECT_EQ(content_of(path + ending), "json a\n");
    std::remove((path + ending).c_str());
  }
  for (const char* ending : {"", ".", ".txt", ".xlsx", ".csv.gz", "csv"}) {
    const Ran refused = tarn({"sql", "a", "-o", path + ending});
    EXPECT_NE(refused.code, 0) << ending;
    EXPECT_NE(refused.err.find(".tsv"), std::string::npos) << refused.err;
    EXPECT_FALSE(std::filesystem::exists(path + ending)) << ending;
    EXPECT_EQ(tarn({"sql", "a", "--box", "-o", path + ending}).code, 0);
    EXPECT_EQ(content_of(path + ending), "box a\n");
    std::remove((path + ending).c_str());
  }
  EXPECT_EQ(tarn({"sql", "a", "-o", "/dev/null"}).code, 0);
  // In the shell too, until the screen has its rows again; a mode that was asked for stays.
  EXPECT_EQ(script(".once " + path + ".csv\na;b;.output " + path + ".jsonl\nc;.output\nd").out, "box b\nbox d\n");
  EXPECT_EQ(content_of(path + ".csv") + content_of(path + ".jsonl"), "csv a\njsonl c\n");
  EXPECT_EQ(script(".mode line\n.once " + path + ".csv\na").code, 0);
  EXPECT_EQ(content_of(path + ".csv"), "line a\n");
  for (const char* ending : {".csv", ".jsonl"}) std::remove((path + ending).c_str());
}

TEST(Sql, SQL2SQL9EveryModeHasItsOption) {
  for (const std::string& mode : modes()) {
    if (mode == "parquet" || mode == "arrow") continue;
    EXPECT_EQ(tarn({"sql", "--" + mode, "a"}).out, mode + " a\n");
    EXPECT_EQ(script(".mode " + mode + "\na").out, mode + " a\n");
  }
  EXPECT_EQ(tarn({"sql", "-jsonlines", "a"}).out, "jsonlines a\n");
  EXPECT_EQ(tarn({"sql", "--agent", "a"}).out, "agent a\n");
}

TEST(Sql, SQL8SafeModeTouchesNoFiles) {
  for (const char* line : {".read x.sql", ".output y", ".once y", ".import y t", ".open y"}) {
    const Ran ran = script(line, {"-safe"});
    EXPECT_EQ(ran.code, 1) << line;
    EXPECT_NE(ran.err.find("Permission Error"), std::string::npos) << line;
  }
  EXPECT_EQ(script(".mode csv\na", {"-safe"}).out, "csv a\n");
}

TEST(Completion, CLI10HasEveryCommandAndOption) {
  const Commands commands = make_commands(workspace::Operations::declared());
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ran ran = tarn({"completion", shell});
    EXPECT_EQ(ran.code, 0);
    for (const Command& command : commands.list) {
      if (command.hidden) continue;
      EXPECT_NE(ran.out.find(command.name), std::string::npos) << shell << " " << command.name;
      for (const Option& option : command.options) {
        if (option.hidden) continue;
        EXPECT_NE(ran.out.find(option.name), std::string::npos) << shell << " " << option.name;
      }
    }
  }
}

}  // namespace
}  // namespace tarn::cli
