#include "endpoint/notify/dialog_info.hpp"

#include <gtest/gtest.h>

namespace xivo::endpoint {
namespace {

TEST(DialogInfo, KeepsWhatAUriMayHoldOutOfTheMarkup) {
  const auto document = dialog_info("sip:\"<&>@192.0.2.1", 0, false);
  EXPECT_NE(document.find("entity=\"sip:&quot;&lt;&amp;&gt;@192.0.2.1\""), std::string::npos) << document;
}

TEST(DialogInfo, ADarkLampIsADialogThatIsOver) {
  const auto document = dialog_info("sip:*25@192.0.2.1", 0, false);
  EXPECT_NE(document.find("version=\"0\" state=\"full\""), std::string::npos) << document;
  EXPECT_NE(document.find("<state>terminated</state>"), std::string::npos) << document;
}

TEST(DialogInfo, ALitLampIsAConfirmedDialog) {
  const auto document = dialog_info("sip:*25@192.0.2.1", 7, true);
  EXPECT_NE(document.find("version=\"7\""), std::string::npos) << document;
  EXPECT_NE(document.find("<state>confirmed</state>"), std::string::npos) << document;
}

}  // namespace
}  // namespace xivo::endpoint
