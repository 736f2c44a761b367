// What a model's directory says, and which encoder it gets.
#include "encode/model_directory.h"

#include "encode/inputs_test.h"
#include "encode/model_copy_test.h"

namespace tarn::encode {
namespace {

using base::Code;

TEST_F(ModelCopy, ModelsOfOtherKindsAreRefusedByName) {
  replace_in_config(R"("model_type": "bert")", R"("model_type": "gpt2")");
  EXPECT_EQ(refusal("config.json", R"("gpt2"; supported: "bert")"), Code::unsupported);
  replace_in_config(R"("model_type": "bert",)", "");
  EXPECT_EQ(refusal("config.json", "model_type"), Code::corruption);
  write("config.json", "[1]");
  EXPECT_EQ(refusal("config.json", "model_type"), Code::corruption);
  write("config.json", "{");
  EXPECT_EQ(refusal("config.json"), Code::corruption);
}

TEST_F(ModelCopy, ModulesSayWhatTheModelIsMadeOf) {
  const std::string transformer = R"({"type": "sentence_transformers.models.Transformer", "path": ""})";
  const std::string pooling = R"({"type": "elsewhere.pooling.Pooling", "path": "7_Pool"})";
  write("modules.json", "[" + transformer + ", " + pooling + R"(, {"type": "x.Normalize", "path": "2"}])");
  EXPECT_TRUE(open().ok()) << open().status().to_string();
  write("7_Pool/config.json", R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
  EXPECT_EQ(refusal("7_Pool/config.json", R"("cls_token")"), Code::unsupported);
  write("7_Pool/config.json", R"({"pooling_mode": "lasttoken"})");
  EXPECT_EQ(refusal("7_Pool/config.json", R"("lasttoken")"), Code::unsupported);
  write("7_Pool/config.json", R"({"pooling_mode": "mean"})");
  EXPECT_TRUE(open().ok());
  write("modules.json", "[" + transformer + R"(, {"type": "x.Dense", "path": "2"}])");
  EXPECT_EQ(refusal("modules.json", R"("Dense")"), Code::unsupported);
  write("modules.json", R"([{"type": "sentence_transformers.models.BoW", "path": ""}])");
  EXPECT_EQ(refusal("modules.json", R"("BoW"; supported: "bert")"), Code::unsupported);
  write("modules.json", "[" + transformer + R"(, {"type": "x.Pooling", "path": "../other"}])");
  EXPECT_EQ(refusal("modules.json", "../other"), Code::corruption);
  write("modules.json", "[]");
  EXPECT_EQ(refusal("modules.json"), Code::corruption);
}

// Multilingual models that call themselves BERT come with the tokens of another.
TEST_F(ModelCopy, TheTokenizerIsNamedToo) {
  write("tokenizer_config.json", R"({"tokenizer_class": "XLMRobertaTokenizer"})");
  EXPECT_EQ(refusal("tokenizer_config.json", R"("XLMRobertaTokenizer")"), Code::unsupported);
  write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(refusal("tokenizer_config.json"), Code::unsupported);
}

TEST_F(ModelCopy, LengthsHaveBounds) {
  for (const char* length : {"1", "-5", "\"many\"", "1048577", "2.5"}) {
    write("sentence_bert_config.json", std::string(R"({"max_seq_length": )") + length + "}");
    EXPECT_EQ(refusal("sentence_bert_config.json", "max_seq_length"), Code::corruption) << length;
  }
  write("sentence_bert_config.json", R"({"max_seq_length": null})");
  EXPECT_EQ(ModelDirectory::read(directory_)->max_tokens, std::nullopt);
}

TEST_F(ModelCopy, PromptsStandBeforeTheTextsOfTheirRole) {
  const auto read = [&](const std::string& prompts) {
    write("config_sentence_transformers.json", prompts);
    const ModelDirectory directory = *ModelDirectory::read(directory_);
    return directory.prompt(Role::query) + "|" + directory.prompt(Role::passage);
  };
  EXPECT_EQ(read(R"({"prompts": {"query": "query: ", "passage": "passage: "}})"), "query: |passage: ");
  EXPECT_EQ(read(R"({"prompts": {"query": "find: ", "document": ""}})"), "find: |");
  EXPECT_EQ(read(R"({"prompts": {"any": "text: ", "query": "q: "}, "default_prompt_name": "any"})"), "q: |text: ");
  EXPECT_EQ(read(R"({"prompts": {"any": "text: "}})"), "|");
  EXPECT_EQ(read("{}"), "|");
  write("config_sentence_transformers.json", R"({"prompts": {"query": 7}})");
  EXPECT_EQ(refusal("config_sentence_transformers.json", "query"), Code::corruption);
  write("config_sentence_transformers.json", R"({"prompts": {"query": ")" + std::string(5000, 'q') + "\"}}");
  EXPECT_EQ(refusal("config_sentence_transformers.json", "query"), Code::corruption);
}

// The fake module's vectors are (number of ids, their sum, 1, 0 …).
TEST_F(ModelCopy, PromptsAreEncodedAndStandForNoWord) {
  const auto plain = *open(TARN_FAKE_MODULE);
  write("config_sentence_transformers.json", R"({"prompts": {"query": "question: ", "passage": "a passage: "}})");
  const auto prompted = *open(TARN_FAKE_MODULE);
  EXPECT_NE(prompted->identity(), plain->identity());
  EXPECT_TRUE(prompted->identity().starts_with(plain->identity() + " prompts=")) << prompted->identity();

  const std::vector<Input> inputs{{Role::query, "deep lake"}, {Role::passage, "deep lake"}, {Role::query, " "}};
  const auto vectors = *prompted->encode(inputs, Urgency::urgent, {});
  const std::vector<float> written = *encode_bulk(*plain, {"question: deep lake", "a passage: deep lake", " "});
  EXPECT_EQ(vectors, written);
  EXPECT_NE(vectors[0], vectors[384]);

  const auto words = *prompted->encode_words(inputs, Urgency::urgent, {});
  EXPECT_EQ(words[0].words, (std::vector<std::string>{"deep", "lake"}));
  EXPECT_EQ(words[1].words, (std::vector<std::string>{"deep", "lake"}));
  EXPECT_EQ(words[0].vectors, words[1].vectors);
  EXPECT_TRUE(words[2].words.empty());
  for (size_t i = 0; i < words.size(); ++i) {
    const auto row = vectors.begin() + static_cast<ptrdiff_t>(i * 384);
    EXPECT_EQ(words[i].text, std::vector<float>(row, row + 384)) << i;
  }
}

TEST_F(ModelCopy, APromptThatLeavesNoRoomIsRefused) {
  std::string prompt;
  for (int i = 0; i < 300; ++i) prompt += "word ";
  write("config_sentence_transformers.json", R"({"prompts": {"query": ")" + prompt + "\"}}");
  const auto status = encode_bulk(**open(TARN_FAKE_MODULE), {"text"}).status();
  EXPECT_EQ(status.code(), Code::unsupported);
  EXPECT_NE(status.message().find(directory_.string()), std::string::npos) << status.message();
}

}  // namespace
}  // namespace tarn::encode
