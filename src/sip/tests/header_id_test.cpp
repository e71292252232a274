#include "sip/header_id.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "base/text.hpp"

namespace xivo::sip {
namespace {

TEST(HeaderNames, AreFoundAgainByTheirLongNameAndInAnyCase) {
  for (std::size_t i = 1; i < kHeaderIds; ++i) {
    const auto id = static_cast<HeaderId>(i);
    EXPECT_EQ(header_id_from(name(id)), id) << name(id);
    EXPECT_EQ(header_id_from(text::to_lower(name(id))), id) << name(id);
  }
  for (const char* unknown : {"", "z", "1", "X-Thing", "Fromm", "Fro", "Call-Id-", "\xff", "ContentLength"}) {
    EXPECT_EQ(header_id_from(unknown), HeaderId::Unknown) << unknown;
  }
}

TEST(HeaderNames, HaveTheCompactFormsOfTheRegistry) {
  const std::pair<const char*, HeaderId> forms[] = {
      {"a", HeaderId::AcceptContact},   {"b", HeaderId::ReferredBy},
      {"c", HeaderId::ContentType},     {"d", HeaderId::RequestDisposition},
      {"e", HeaderId::ContentEncoding}, {"f", HeaderId::From},
      {"i", HeaderId::CallId},          {"j", HeaderId::RejectContact},
      {"k", HeaderId::Supported},       {"l", HeaderId::ContentLength},
      {"m", HeaderId::Contact},         {"n", HeaderId::IdentityInfo},
      {"o", HeaderId::Event},           {"r", HeaderId::ReferTo},
      {"s", HeaderId::Subject},         {"t", HeaderId::To},
      {"u", HeaderId::AllowEvents},     {"v", HeaderId::Via},
      {"x", HeaderId::SessionExpires},  {"y", HeaderId::Identity}};
  for (const auto& [form, id] : forms) EXPECT_EQ(header_id_from(form), id) << form;
  EXPECT_EQ(header_id_from("V"), HeaderId::Via);
}

TEST(MethodNames, AreFoundAgain) {
  for (int i = 1; i <= static_cast<int>(Method::Publish); ++i) {
    EXPECT_EQ(method_from(name(static_cast<Method>(i))), static_cast<Method>(i));
  }
  EXPECT_EQ(method_from(""), Method::Unknown);
  EXPECT_EQ(method_from("Invite"), Method::Unknown);
}

}  // namespace
}  // namespace xivo::sip
