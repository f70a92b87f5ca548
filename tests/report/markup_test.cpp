#include "report/markup.h"

#include <gtest/gtest.h>

#include "support/error.h"
#include "tests/report/xml_reader.h"

namespace crossloom {
namespace {

TEST(Markup, NamesComeBackAsTheyWereWritten) {
  const std::string name = "a<b> & \"c\" 'd' \u00e9\u4e2d";
  Markup markup;
  markup.open("svg", {{"id", name}}).text(name).close();
  const std::vector<XmlElement> elements = read_xml(markup.str());
  EXPECT_EQ(elements.at(0).attributes.at("id"), name);
  EXPECT_EQ(elements.at(0).text, name);
}

TEST(Markup, BytesThatXmlForbidsBecomeTheReplacementCharacter) {
  EXPECT_EQ(escaped("a\x01z"), "a\uFFFDz");
  EXPECT_EQ(escaped("a\xFFz"), "a\uFFFDz");
}

TEST(Markup, AnOpenElementIsAnError) {
  Markup markup;
  markup.open("svg");
  EXPECT_THROW(static_cast<void>(markup.str()), InternalError);
}

TEST(Markup, ClosingWhatIsNotOpenIsAnError) { EXPECT_THROW(Markup().close(), InternalError); }

}  // namespace
}  // namespace crossloom
