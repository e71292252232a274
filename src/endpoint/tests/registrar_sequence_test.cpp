#include <fmt/format.h>
#include <gtest/gtest.h>

#include "endpoint/tests/registrar_fixture.hpp"

/// The registrar under whatever may come, in any order.
namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;

// ---------------------------------------------------------------- whatever is sent

TEST_F(RegistrarTest, AnyContactGetsOneAnswerAndNoneTooManyAreKept) {
  constexpr std::string_view kPieces[] = {
      "<",         ">",          "sip:101@10.0.0.1",
      "sip:",      "sips:a@b",   "*",
      ",",         ";expires=",  "0",
      "60",        "\"",         ";q=",
      "0.5",       "@",          ";",
      "=",         "%41",        "[::1]",
      ":",         "99999",      ";reg-id=",
      "tel:+33",   "?a=b",       ";ob",
      "\xc3\xa9",  "<sip:x@y>;", " ",
      "\\",        "\"n\" <",    "+sip.instance=",
      "\"<u:1>\"", "Contact: x",
  };
  for (int i = 0; i < 3'000; ++i) {
    std::string value;
    for (auto left = 1 + shard.rng.below(9); left > 0; --left)
      value += kPieces[shard.rng.below(std::size(kPieces))];
    auto hostile = request({"Contact: " + value, "Expires: 0"});
    if (shard.rng.below(2) == 0) hostile.lines.pop_back();
    const auto status = send_with_digest(hostile, flow)->status();
    ASSERT_TRUE(status == 200 || status == 400 || status == 403 || status == 423) << status << " " << value;
    ASSERT_LE(run->registrar.contact_count(line_101), 4) << value;
    ASSERT_EQ(run->registrar.size(), storage.rows.size()) << value;
  }
}

// ---------------------------------------------------------------- any order of events, against a simple model

class RegistrarSequence : public RegistrarTest, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  RegistrarSequence() : RegistrarTest(GetParam()) {}

  static constexpr int kDevices = 6;
  static constexpr std::size_t kContactsMax = 4;

  struct Expected {
    runtime::WallTime expires;
    int q = 1000;
  };

  [[nodiscard]] std::map<std::string, Expected> alive() const {
    std::map<std::string, Expected> all;
    for (const auto& [uri, expected] : model) {
      if (expected.expires + Registrar::kExpiryGrace > shard.clock.wall()) all.emplace(uri, expected);
    }
    return all;
  }

  void refresh_or_add(int device) {
    const auto interval = static_cast<int>(60 + shard.rng.below(240));
    const int q = static_cast<int>(shard.rng.below(11)) * 100;
    const bool fits = model.contains(contact(device)) || model.size() < kContactsMax;
    const auto answer =
        register_device(device, {fmt::format("{};q={}.{:03}", contact_line(device), q / 1000, q % 1000),
                                 fmt::format("Expires: {}", interval)});
    EXPECT_EQ(answer->status(), fits ? 200 : 403);
    if (fits) model[contact(device)] = {shard.clock.wall() + std::chrono::seconds(interval), q};
  }
  void leave(int device) {
    EXPECT_EQ(register_device(device, {contact_line(device), "Expires: 0"})->status(), 200);
    model.erase(contact(device));
  }
  void leave_all() {
    EXPECT_EQ(register_lines({"Contact: *", "Expires: 0"})->status(), 200);
    model.clear();
  }
  void swap(int from, int to) {
    const auto answer = register_device(
        to, {fmt::format("Contact: <{}>;expires=0, <{}>;expires=90", contact(from), contact(to))});
    const bool fits = model.contains(contact(to)) || model.size() < kContactsMax ||
                      (from != to && model.contains(contact(from)));
    EXPECT_EQ(answer->status(), fits ? 200 : 403);
    if (answer->status() != 200) return;
    model.erase(contact(from));
    model[contact(to)] = {shard.clock.wall() + 90s, 1000};
  }

  void restart_and_forget_expired() {
    restart(std::chrono::milliseconds(shard.rng.below(20'000)));
    std::erase_if(model, [&](const auto& one) { return one.second.expires <= shard.clock.wall(); });
  }

  void step() {
    const int device = static_cast<int>(shard.rng.below(kDevices));
    switch (shard.rng.below(8)) {
      case 0:
      case 1:
      case 2: refresh_or_add(device); break;
      case 3: leave(device); break;
      case 4: swap(device, static_cast<int>(shard.rng.below(kDevices))); break;
      case 5: shard.advance(std::chrono::milliseconds(shard.rng.below(90'000))); break;
      case 6:
        if (shard.rng.below(4) == 0) leave_all();
        break;
      default:
        if (shard.rng.below(4) == 0) restart_and_forget_expired();
        break;
    }
    model = alive();
  }

  void compare() {
    std::map<std::string, int> expected;
    for (const auto& [uri, one] : model) expected.emplace(uri, one.q);
    std::map<std::string, int> found;
    for (const auto* binding : run->registrar.contacts(line_101)) found.emplace(binding->contact, binding->q);
    ASSERT_EQ(found, expected);
    ASSERT_EQ(run->registrar.size(), expected.size());
    ASSERT_EQ(storage.rows.size(), expected.size());
    for (const auto& [key, row] : storage.rows) {
      ASSERT_TRUE(model.contains(key.second)) << key.second;
      ASSERT_EQ(row.expires, model.at(key.second).expires) << key.second;
    }
    const bool reachable = !run->reachability.empty() && run->reachability.back().second;
    ASSERT_EQ(reachable, !expected.empty());
    for (std::size_t i = 1; i < run->reachability.size(); ++i) {
      ASSERT_NE(run->reachability[i].second, run->reachability[i - 1].second) << "told twice";
    }
  }

  std::map<std::string, Expected> model;
};

TEST_P(RegistrarSequence, AgreesWithASimpleModel) {
  SCOPED_TRACE(fmt::format("seed {}", GetParam()));
  for (int i = 0; i < 400; ++i) {
    SCOPED_TRACE(fmt::format("step {}", i));
    step();
    compare();
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RegistrarSequence, ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8));

}  // namespace
}  // namespace xivo::endpoint::testing
