#include "app/seed.hpp"

#include <gtest/gtest.h>

#include <set>

#include "app/shard.hpp"

namespace xivo::app {
namespace {

TEST(Seed, the_example_company_is_a_valid_configuration_in_which_everybody_can_be_called) {
  runtime::SeededRng rng(1);
  const model::ConfigSource source(feature_codes());
  const auto company = example_company(rng);
  const auto applied = model::apply(*source.current(), company.transaction, {});
  ASSERT_TRUE(applied) << model::describe(applied.error().front(), model::Language::English);
  for (const auto& phone : company.phones) {
    const auto& lines = applied->config->lines_by_exten("default", phone.number);
    ASSERT_EQ(lines.size(), 1u) << phone.number;
    EXPECT_EQ(lines[0]->secret, phone.secret);
    EXPECT_EQ(applied->config->user(lines[0]->user)->full_name(), phone.user);
  }
}

TEST(Seed, every_secret_is_drawn_anew) {
  runtime::SeededRng rng(2);
  std::set<std::string> secrets;
  for (int i = 0; i < 5; ++i) {
    for (const auto& phone : example_company(rng).phones) secrets.insert(phone.secret);
  }
  EXPECT_EQ(secrets.size(), 15u);
}

TEST(Seed, the_codes_of_the_features_are_known_to_routing) {
  const model::ConfigSource source(feature_codes());
  const auto* code = source.current()->feature_code("*55");
  ASSERT_NE(code, nullptr);
  EXPECT_EQ(code->feature, "echo");
}

}  // namespace
}  // namespace xivo::app
