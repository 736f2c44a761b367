#include "text/analyzer.h"

#include <algorithm>
#include <limits>

#include "text/analyzer_ways.h"
#include "text/icu.h"
#include "text/stemmer.h"
#include "text/term_writer.h"
#include "text/utf8.h"
#include "text/words.h"

namespace tarn::text {
namespace {

// Of the rules in term_writer.cc: a change that gives other terms raises it, so that indexes are rebuilt.
constexpr int kRulesVersion = 2;

class WordAnalyzer final : public Analyzer {
 public:
  explicit WordAnalyzer(Rules rules) : rules_(std::move(rules)) {}

  void analyze(std::string_view text, const std::function<void(const Token&)>& sink) const override {
    analyze_by(rules_.always_icu ? Way::icu : Way::fast, text, sink);
  }

  void analyze_by(Way way, std::string_view text, const std::function<void(const Token&)>& sink) const {
    text = text.substr(0, std::numeric_limits<uint32_t>::max() - 8);  // what offsets can name
    Stemmer* stemmer = rules_.stems ? &Stemmer::of_this_thread(rules_.algorithm) : nullptr;
    TermWriter writer(rules_, text, stemmer, way == Way::icu, sink);
    std::vector<Word> words;
    for (size_t at = 0; at < text.size();) {
      const size_t other = way == Way::icu ? at : find_non_ascii(text, at);
      const Stretch s = other == text.size() ? Stretch{other, other} : stretch_around(text, at, other);
      ascii_words(text, at, s.begin, [&](const Word& w) { writer.word(w); });
      if (s.end > s.begin) {
        words.clear();
        icu_words(text, s.begin, s.end, &words);
        for (const Word& w : words) writer.word(w);
      }
      at = std::max(s.end, s.begin);
    }
    writer.finish();
  }

  std::string identity() const override {
    std::string id = rules_.name + "/" + std::to_string(kRulesVersion) + " " + icu::version();
    if (rules_.stems) id += " snowball-2.2";
    return id;
  }

 private:
  Rules rules_;
};

}  // namespace

base::Result<std::shared_ptr<const Analyzer>> make_analyzer(std::string_view name) {
  Rules rules;
  rules.name = name;
  if (name == "standard") return std::shared_ptr<const Analyzer>(std::make_shared<WordAnalyzer>(rules));
  const auto& names = Stemmer::algorithms();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    std::string all = "standard";
    for (const auto& n : names) all += ", " + n;
    return base::Status(base::Code::invalid_argument, "no analyzer is called \"" + std::string(name) + "\"",
                        "choose one of " + all);
  }
  rules.stems = true;
  rules.algorithm = static_cast<size_t>(found - names.begin());
  if (name == "english" || name == "porter") {
    rules.apostrophes = Apostrophes::english;
    rules.fold_accents = true;
  } else if (name == "french" || name == "italian" || name == "catalan") {
    rules.apostrophes = Apostrophes::elision;
  } else if (name == "turkish") {
    rules.dotless_i = rules.always_icu = true;
  }
  return std::shared_ptr<const Analyzer>(std::make_shared<WordAnalyzer>(std::move(rules)));
}

void analyze_by(Way way, const Analyzer& analyzer, std::string_view text,
                const std::function<void(const Token&)>& sink) {
  static_cast<const WordAnalyzer&>(analyzer).analyze_by(way, text, sink);
}

}  // namespace tarn::text
