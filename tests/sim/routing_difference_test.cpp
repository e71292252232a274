// The routing function and the running engine agree on where a call went: random companies, random numbers, phones that answer, are
// busy, refuse, stay silent or are not there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "call/call_registry.hpp"
#include "model/routing/route.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using model::Change;
using model::Value;
using model::routing::Outcome;
using model::routing::Plan;
using std::chrono::seconds;

constexpr int kPeople = 6;  // the first one calls
constexpr int kWorlds = 25;
constexpr int kCallsOfWorld = 6;
constexpr int kTurnsMax = 30;

/// What a person does when the phone rings.
enum class Habit { Answers, Busy, Refuses, LetsRing, NoPhone };

std::string name_of(int person) { return fmt::format("p{}", person); }
std::string number_of(int person) { return fmt::format("{}", 101 + person); }

/// Phones as routing sees them, when nobody is in a call.
class Moment final : public model::routing::LiveState {
 public:
  explicit Moment(const std::map<std::int64_t, Habit>& habits) : habits_(habits) {}
  [[nodiscard]] int contacts_of(model::SipLineId line) const override {
    return habits_.at(line.value) == Habit::NoPhone ? 0 : 1;
  }
  [[nodiscard]] int calls_of(model::UserId) const override { return 0; }

 private:
  const std::map<std::int64_t, Habit>& habits_;
};

class Company {
 public:
  explicit Company(std::uint64_t seed) : world(seed), rng_(seed * 7919 + 1) {
    world.allow_silence();
    for (int i = 0; i < kPeople; ++i) {
      auto& phone = world.add_phone(name_of(i), number_of(i));
      const auto line = world.config()->line_by_name(number_of(i))->id;
      habits[line.value] = i == 0 ? Habit::Answers : static_cast<Habit>(rng_.below(5));
      phone.mute();
      if (habits[line.value] != Habit::NoPhone) phone.register_at();
    }
    for (int i = 1; i < kPeople; ++i) set_up(i);
    add_numbers();
    world.run_for(seconds(1));
  }

  Habit habit_of(int person) const {
    return habits.at(world.config()->line_by_name(number_of(person))->id.value);
  }

  /// Number of a person, of nobody, of a pattern or of a number that leads on.
  std::string some_number() {
    switch (rng_.below(8)) {
      case 0: return "199";
      case 1: return fmt::format("4{}{}", rng_.below(10), rng_.below(10));
      case 2: return fmt::format("30{}", rng_.below(4));
      default: return number_of(1 + static_cast<int>(rng_.below(kPeople - 1)));
    }
  }

  World world;
  std::map<std::int64_t, Habit> habits;  // by line

 private:
  Value somewhere() {
    switch (rng_.below(4)) {
      case 0:
        return Value::object({{"type", "hangup"}, {"cause", rng_.below(2) == 0 ? "busy" : "congestion"}});
      case 1: return Value::object({{"type", "extension"}, {"exten", some_number()}});
      default:
        return Value::object(
            {{"type", "user"}, {"user", static_cast<std::int64_t>(1 + rng_.below(kPeople))}});
    }
  }
  void set_up(int person) {
    Value user = Value::object({{"ring_seconds", 10}});
    if (rng_.below(6) == 0) user.set("dnd_enabled", Value(true));
    for (const char* kind : {"unconditional", "busy", "noanswer"}) {
      const bool often = std::string_view(kind) != "unconditional";
      if (rng_.below(often ? 2 : 5) != 0) continue;
      user.set(fmt::format("forward_{}_enabled", kind), Value(true));
      user.set(fmt::format("forward_{}_destination", kind), Value(some_number()));
    }
    for (const char* kind : {"noanswer", "busy", "congestion", "fail"})
      if (rng_.below(3) == 0) user.set(fmt::format("fallback_{}", kind), somewhere());
    const auto id = world.config()->line_by_name(number_of(person))->user.value;
    change({"user", Change::Op::Update, id, std::move(user), {}});
  }
  void add_numbers() {
    const auto extension = [&](std::string exten, Value to) {
      change({"extension",
              Change::Op::Create,
              0,
              Value::object(
                  {{"exten", std::move(exten)}, {"context", "default"}, {"destination", std::move(to)}}),
              {}});
    };
    extension("_4XX", somewhere());
    extension("_4[0-4]X", somewhere());
    extension("_40N", somewhere());
    for (int i = 0; i < 3; ++i) extension(fmt::format("30{}", i), somewhere());
  }
  void change(Change one) {
    model::Transaction transaction;
    transaction.author = "test";
    transaction.changes.push_back(std::move(one));
    ASSERT_TRUE(world.change(std::move(transaction)));
  }

  runtime::SeededRng rng_;
};

/// Where a call ends: with the person who answers, or with a refusal.
struct End {
  int person = -1;
  bool operator==(const End&) const = default;
};

int person_of(const Company& company, model::SipLineId line) {
  for (int i = 0; i < kPeople; ++i) {
    if (company.world.config()->line_by_name(number_of(i))->id == line) return i;
  }
  return -1;
}

End predicted(const Company& company, const std::string& number) {
  const auto config = company.world.config();
  const auto* line = config->line_by_name(number_of(0));
  const Moment moment(company.habits);
  const model::routing::Request request{.dialled = number, .from_line = line->id, .context = line->context};
  Plan plan = route(*config, moment, request);
  for (int turn = 0; turn < kTurnsMax && plan.action == Plan::Action::Ring; ++turn) {
    const int person = person_of(company, plan.lines.front());
    Outcome outcome = Outcome::NoAnswer;
    switch (company.habit_of(person)) {
      case Habit::Answers: return {person};
      case Habit::Busy: outcome = Outcome::Busy; break;
      case Habit::Refuses: outcome = Outcome::Rejected; break;
      default: break;
    }
    plan = continue_after(*config, moment, request, plan, outcome);
  }
  EXPECT_NE(plan.action, Plan::Action::Ring);
  return {};
}

/// Lets everybody do what they do until the call is answered or over.
End carried_out(Company& company, const std::string& number) {
  auto& caller = *company.world.phone(name_of(0));
  caller.call(number);
  for (int second = 0; second < 400; ++second) {
    company.world.run_for(seconds(1));
    if (caller.state() == SimPhone::State::Ended) return {};
    for (int i = 1; i < kPeople; ++i) {
      auto& phone = *company.world.phone(name_of(i));
      if (phone.state() == SimPhone::State::Talking) return {i};
      if (phone.state() != SimPhone::State::Ringing) continue;
      if (company.habit_of(i) == Habit::Answers) phone.answer();
      if (company.habit_of(i) == Habit::Busy) phone.reject(486);
      if (company.habit_of(i) == Habit::Refuses) phone.reject(603);
    }
  }
  ADD_FAILURE() << "neither answered nor over: " << number;
  return {};
}

TEST(RoutingDifference, TheEngineGoesWhereTheFunctionSays) {
  int answered = 0;
  int forwarded = 0;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    Company company(seed);
    for (int i = 0; i < kCallsOfWorld; ++i) {
      const std::string number = company.some_number();
      const End wanted = predicted(company, number);
      const End found = carried_out(company, number);
      EXPECT_EQ(found.person, wanted.person) << "seed " << seed << " number " << number;
      (found.person < 0 ? refused : answered) += 1;
      if (found.person >= 0 && number != number_of(found.person)) ++forwarded;
      company.world.hang_up_all();
      company.world.run_for(seconds(60));
      EXPECT_EQ(company.world.left(), "") << "seed " << seed << " number " << number;
    }
  }
  EXPECT_GT(answered, 20);
  EXPECT_GT(forwarded, 10);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace xivo::flow
