#include "encode/calibration.h"

#include <sstream>

#include "encode/bert_files.h"
#include "encode/model_copy_test.h"

namespace tarn::encode {
namespace {

using base::Code;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Calibration, TheOneOfTheModelFitsIt) {
  const auto encoder = *make_encoder({kModel.string(), "/nowhere/module.so", 2, "bf16"});
  ASSERT_NE(encoder->calibration(), nullptr);
  // As bench/quality/run.sh and bench/answers/run.sh fitted them.
  EXPECT_EQ(encoder->calibration()->semantic_weight, 0.75);
  const Calibration::Answer& answer = encoder->calibration()->answer;
  EXPECT_EQ(answer.bias, -2.59);
  EXPECT_EQ(answer.nearest, 7.70);
  EXPECT_EQ(answer.found, 0);
  EXPECT_EQ(answer.missing, -0.57);
  EXPECT_EQ(answer.counterpart, 3.40);
  EXPECT_EQ(answer.unkind, -2.18);
}

// The worked example of doc/format/calibration.md, read from the document.
TEST_F(ModelCopy, TheExampleOfTheFormatsPageIsRead) {
  const std::string page = read(TARN_SOURCE_DIR "/doc/format/calibration.md");
  const size_t start = page.find("```json\n") + 8;
  write("calibration.json", page.substr(start, page.find("```", start) - start));
  const auto made = read_calibration(directory_, "0123456789abcdef0123456789abcdef");
  ASSERT_TRUE(made.ok() && *made) << made.status().to_string();
  EXPECT_EQ((*made)->semantic_weight, 0.6);
  const Calibration::Answer& answer = (*made)->answer;
  EXPECT_EQ(answer.bias, -3.5);
  EXPECT_EQ(answer.nearest, 2.25);
  EXPECT_EQ(answer.found, 0);
  EXPECT_EQ(answer.missing, -0.5);
  EXPECT_EQ(answer.counterpart, 7);
  EXPECT_EQ(answer.unkind, -2);
}

TEST_F(ModelCopy, AModelWithoutCalibrationIsOpened) {
  ASSERT_TRUE(open().ok());
  EXPECT_EQ((*open())->calibration(), nullptr);
}

TEST_F(ModelCopy, BadCalibrationsAreRefusedByNameAndPlace) {
  const std::string good = read(kModel / "calibration.json");
  write("calibration.json", good);
  ASSERT_TRUE(open().ok());
  const struct {
    const char *from, *to, *named;
    Code code;
  } bad[] = {
      {"\"format\": 1", "\"format\": 2", "format 2", Code::unsupported},
      {"\"format\": 1", "\"format\": 0", "format is 0", Code::corruption},
      {"\"format\": 1", "\"format\": \"1\"", "format is", Code::corruption},
      {"\"model\": \"5", "\"model\": \"6", "6de8bd5e", Code::corruption},
      {"\"semantic_weight\": 0.75", "\"semantic_weight\": 1.01", "semantic_weight is 1.01", Code::corruption},
      {"\"semantic_weight\": 0.75", "\"semantic_weight\": -0.1", "semantic_weight is -0.1", Code::corruption},
      {"\"nearest\"", "\"nearer\"", "nearest is null", Code::corruption},
      {"\"bias\": -2.59", "\"bias\": 1e6", "bias is", Code::corruption},
      {"\"unkind\": -2.18", "\"unkind\": \"-2.18\"", "unkind is", Code::corruption},
      {"\"answer\": {", "\"answer\": [{", "", Code::corruption},
      {"{", "", "", Code::corruption},
  };
  for (const auto& [from, to, named, code] : bad) {
    write("calibration.json", replaced(good, from, to));
    EXPECT_EQ(refusal("calibration.json", named), code) << to;
  }
  for (size_t size = 1; size + 3 < good.size(); ++size) {
    write("calibration.json", good.substr(0, size));
    ASSERT_EQ(refusal("calibration.json"), Code::corruption) << size;
  }
}

}  // namespace
}  // namespace tarn::encode
