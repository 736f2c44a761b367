#include "document/entities.h"

#include <gtest/gtest.h>

namespace tarn::document {
namespace {

TEST(Entities, AreWrittenAndReadOnce) {
  const std::string text = "a < b && \"c\" 'd' > &lt;\xC3\xA9";
  EXPECT_EQ(escape_entities(text), "a &lt; b &amp;&amp; &quot;c&quot; 'd' > &amp;lt;\xC3\xA9");
  EXPECT_EQ(unescape_entities(escape_entities(text)), text);
  EXPECT_EQ(unescape_entities("&amp;lt; &apos;&#39;&gt; &nbsp; & &"), "&lt; ''> &nbsp; & &");
  EXPECT_EQ(unescape_entities(""), "");
}

}  // namespace
}  // namespace tarn::document
