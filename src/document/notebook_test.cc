#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

TEST(Notebook, CellsAreTextCodeAndResults) {
  const Document d = doc(R"J({"nbformat": 4, "metadata": {"kernelspec": {"language": "python", "display_name": "Py 3"}},
    "cells": [
    {"cell_type": "markdown", "source": ["# Tides\n", "Of *May*."]},
    {"cell_type": "code", "source": "print(depth)", "outputs": [
      {"output_type": "stream", "name": "stdout", "text": ["10%\r", "20%\r\n", "\u001b[31mdeep\u001b[0m\n"]},
      {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": "<Figure size 1x1>"}},
      {"output_type": "execute_result", "data": {"text/plain": "ignored",
        "text/html": "<table><thead><tr><th>quay</th></tr></thead><tbody><tr><td>North</td></tr></tbody></table>"}},
      {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["line one", "KeyError: 'x'"]}]},
    {"cell_type": "code", "source": "%%bash\nls", "outputs": []},
    {"cell_type": "raw", "source": "as it is"}]
})J",
                         "tides.ipynb");
  EXPECT_EQ(d.body,
            "# Tides\nOf *May*.\n\n```python\nprint(depth)\n```\n\n```\n20%\ndeep\n```\n\n"
            "| quay |\n| --- |\n| North |\n\n```\nline one\nKeyError: 'x'\n```\n\n```bash\n%%bash\nls\n```\n\n"
            "```\nas it is\n```\n");
  EXPECT_EQ(d.title, "Tides");
  EXPECT_EQ(place_of(d, "May"), "cell 1");
  EXPECT_EQ(place_of(d, "North"), "cell 2");
  EXPECT_EQ(place_of(d, "%%bash"), "cell 3");
  EXPECT_EQ(d.extra["pictures"].as_int(), 1);
  EXPECT_EQ(d.extra["errors"].as_int(), 1);
  EXPECT_EQ(d.extra["kernel"].as_string(), "Py 3");
}

TEST(Notebook, OlderOnesHaveSheetsAndHeadings) {
  const Document d = doc(R"J({"nbformat": 3, "metadata": {"name": "old"}, "worksheets": [{"cells": [
    {"cell_type": "heading", "level": 2, "source": ["Depths"]},
    {"cell_type": "code", "language": "python", "input": ["x = 1\n"], "outputs": [
      {"output_type": "pyout", "text": ["7 metres"], "prompt_number": 1}]}]}]})J",
                         "a.ipynb");
  EXPECT_EQ(d.body, "## Depths\n\n```python\nx = 1\n```\n\n```\n7 metres\n```\n");
  EXPECT_EQ(d.title, "Depths");
}

TEST(Notebook, LongResultsAreCutWithANoteAndFaultsTellTheirLine) {
  const Document d = doc(R"J({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": [
    {"output_type": "stream", "text": ")J" +
                             std::string(20'000, 'z') + "\"}]}]}",
                         "a.ipynb");
  EXPECT_THAT(d.body, HasSubstr("… (12000 more bytes of output)"));
  EXPECT_EQ(d.extra["cut_outputs"].as_int(), 1);
  const auto broken = extract("{\"cells\": [\n<<<<<<< HEAD\n", "application/x-ipynb+json", "a.ipynb");
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.status().message(), HasSubstr("line 2"));
  EXPECT_FALSE(extract("{}", "application/x-ipynb+json", "a.ipynb").ok());
}

}  // namespace
}  // namespace tarn::document
