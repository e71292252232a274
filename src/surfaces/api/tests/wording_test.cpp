#include "api/wording.hpp"

#include <gtest/gtest.h>

namespace xivo::api {
namespace {

using model::Language;

Language language_of(std::string header) {
  http::Request request;
  request.headers.push_back({"Accept-Language", std::move(header)});
  return preferred_language(request);
}

TEST(Wording, SpeaksEnglishToWhoDoesNotSay) {
  EXPECT_EQ(preferred_language(http::Request{}), Language::English);
  for (const char* header : {"", "de", "*", ";;;q=", "fr;q=0", "fr;q=x", "en, fr"}) {
    EXPECT_EQ(language_of(header), Language::English) << header;
  }
}

TEST(Wording, SpeaksFrenchToWhoLikesItBetter) {
  for (const char* header :
       {"fr", "FR-ca", "de, fr;q=0.3", "en;q=0.8, fr;q=0.9", "fr-FR,fr;q=0.9,en;q=0.8", "fr, *;q=0.1"}) {
    EXPECT_EQ(language_of(header), Language::French) << header;
  }
}

TEST(Wording, ReadsTheTimesItWrites) {
  const auto at = runtime::WallTime(std::chrono::milliseconds(1'795'593'600'123));
  EXPECT_EQ(parse_time(time_text(at)), at);
  EXPECT_EQ(time_text(*parse_time("2026-11-25T09:00:00+01:00")), "2026-11-25T08:00:00.000Z");
  EXPECT_EQ(time_text(*parse_time("2026-11-25")), "2026-11-25T00:00:00.000Z");
  EXPECT_EQ(time_text(*parse_time("2026-11-25t00:00:00.5z")), "2026-11-25T00:00:00.500Z");
}

TEST(Wording, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-13-01", "2026-02-30", "2026-11-25T", "2026-11-25T25:00:00Z", "2026-11-25T08:00Z",
        "2026-11-25T08:00:00", "2026-11-25T08:00:00+1", "2026-11-25T08:00:00Zx", "26-11-25"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Wording, FoldsCaseAndAccents) {
  EXPECT_EQ(folded("LEFÈVRE Œuvre ÇA où Straße"), "lefevre oeuvre ca ou strasse");
  EXPECT_EQ(folded("Łódź \xC3"), "Łodź \xC3");
  EXPECT_TRUE(contains_folded("Jean-Noël", folded("NOEL")));
  EXPECT_FALSE(contains_folded("Jean", "noel"));
}

}  // namespace
}  // namespace xivo::api
