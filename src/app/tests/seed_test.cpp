#include "app/seed.hpp"

#include <gtest/gtest.h>

#include <set>

#include "app/shard.hpp"

namespace xivo::app {
namespace {

TEST(Seed, the_example_company_is_a_valid_configuration_in_which_everybody_can_be_called) {
  runtime::SeededRng rng(1);
  const model::ConfigSource source(feature_codes());
  const auto first = model::apply(*source.current(), first_objects(), {});
  ASSERT_TRUE(first) << model::describe(first.error().front(), model::Language::English);
  EXPECT_FALSE(first->config->objects<model::General>().find(1)->second->setup_done);
  const auto company = example_company(rng);
  const auto applied = model::apply(*first->config, company.transaction, {});
  ASSERT_TRUE(applied) << model::describe(applied.error().front(), model::Language::English);
  const auto& config = *applied->config;
  EXPECT_TRUE(config.objects<model::General>().find(1)->second->setup_done);
  for (const auto& phone : company.phones) {
    const auto* line = config.line_by_name(phone.name);
    ASSERT_NE(line, nullptr) << phone.name;
    EXPECT_EQ(line->secret, phone.secret);
    EXPECT_EQ(line->context, config.context_by_name("default")->id);
    EXPECT_EQ(config.number_of(*line), phone.number);
    EXPECT_EQ(config.user(line->user)->full_name(), phone.user);
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

TEST(Seed, the_codes_of_the_features_are_made_once_and_then_belong_to_the_administrator) {
  const model::Config empty;
  const auto made = model::apply(empty, missing_feature_codes(empty, feature_codes()), {});
  ASSERT_TRUE(made) << model::describe(made.error().front(), model::Language::English);
  EXPECT_EQ(made->config->feature_code("*55")->feature, "echo");
  const auto changed = model::apply(*made->config,
                                    {{{"feature_code",
                                       model::Change::Op::Update,
                                       made->config->feature_code("*55")->id.value,
                                       model::Value::object({{"code", "*77"}}),
                                       {}}},
                                     "admin",
                                     ""},
                                    {});
  ASSERT_TRUE(changed);
  EXPECT_TRUE(missing_feature_codes(*changed->config, feature_codes()).changes.empty());
  EXPECT_EQ(changed->config->feature_code("*77")->feature, "echo");
}

}  // namespace
}  // namespace xivo::app
