// The routing function and the running engine agree on where a call went: random companies, random numbers, phones that answer, are
// busy, refuse, stay silent or are not there; random routes to operators of whom the same is true, or who are congested or full.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "call/call_registry.hpp"
#include "model/kinds/trunk.hpp"
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
constexpr int kOperators = 3;
constexpr int kWorlds = 50;
constexpr int kCallsOfWorld = 6;
constexpr int kTurnsMax = 30;

/// What a person does when the phone rings.
enum class Habit { Answers, Busy, Refuses, LetsRing, NoPhone };

/// What an operator does with a call.
enum class Service { Answers, Busy, Refuses, LetsRing, Congested, DoesNotKnow, IsSilent, IsFull, IsDisabled };
constexpr int kServices = 9;

std::string operator_of(int trunk) { return fmt::format("t{}", trunk); }
std::string name_of(int person) { return fmt::format("p{}", person); }
std::string number_of(int person) { return fmt::format("{}", 101 + person); }

/// Phones and operators as routing sees them, when nobody is in a call.
class Moment final : public model::routing::LiveState {
 public:
  Moment(const std::map<std::int64_t, Habit>& habits, const std::map<std::int64_t, Service>& services)
      : habits_(habits), services_(services) {}
  [[nodiscard]] int contacts_of(model::SipLineId line) const override {
    return habits_.at(line.value) == Habit::NoPhone ? 0 : 1;
  }
  [[nodiscard]] int calls_of(model::UserId) const override { return 0; }
  [[nodiscard]] int channels_of(model::TrunkId trunk, model::routing::Direction) const override {
    return services_.at(trunk.value) == Service::IsFull ? 1 : 0;
  }

 private:
  const std::map<std::int64_t, Habit>& habits_;
  const std::map<std::int64_t, Service>& services_;
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
    for (int i = 0; i < kOperators; ++i) add_operator(i);
    for (int i = 1; i < kPeople; ++i) set_up(i);
    add_numbers();
    int routes = 0;
    for (const char* pattern : {"_0ZXXXXXXXX", "_06XXXXXXXX", "_00X."}) add_route(routes++, pattern);
    world.run_for(seconds(1));
  }

  Habit habit_of(int person) const {
    return habits.at(world.config()->line_by_name(number_of(person))->id.value);
  }

  /// Number of a person, of nobody, of a pattern, of a number that leads on, or of somebody outside.
  std::string some_number() {
    switch (rng_.below(11)) {
      case 0: return "199";
      case 1: return fmt::format("4{}{}", rng_.below(10), rng_.below(10));
      case 2: return fmt::format("30{}", rng_.below(4));
      case 8: return fmt::format("06{:08}", rng_.below(100'000'000));
      case 9: return fmt::format("01{:08}", rng_.below(100'000'000));
      case 10: return fmt::format("0044{:08}", rng_.below(100'000'000));
      default: return number_of(1 + static_cast<int>(rng_.below(kPeople - 1)));
    }
  }

  World world;
  std::map<std::int64_t, Habit> habits;  // by line
  std::map<std::int64_t, Service> services;  // by trunk

 private:
  /// A phone at the address of a trunk, with what it makes of calls.
  void add_operator(int trunk) {
    const auto name = operator_of(trunk);
    auto& phone = world.add_phone(name, fmt::format("90{}", trunk));
    habits[world.config()->line_by_name(fmt::format("90{}", trunk))->id.value] = Habit::NoPhone;
    phone.mute();
    const auto service = static_cast<Service>(rng_.below(kServices));
    ASSERT_TRUE(world.create(
        "trunk", fmt::format("{{'name':'{0}','host':'${0}','options_interval':0,'enabled':{1},"
                             "'max_channels_out':{2},'outgoing_caller_id':'+33123456789'}}",
                             name, service != Service::IsDisabled, service == Service::IsFull ? 1 : 0)));
    std::int64_t id = 0;
    for (const auto& [known, object] : world.config()->objects<model::Trunk>()) id = known;  // the last one
    services[id] = service;
    if (service == Service::IsSilent) world.unplug(name);
    // As a call of somebody else's would.
    if (service == Service::IsFull)
      world.shard().calls().census().claim(model::TrunkId{id}, model::routing::Direction::Out, 0);
  }
  void add_route(int number, std::string_view pattern) {
    constexpr const char* kRewritings[] = {"'strip_digits':1,'prefix':'+33'", "'strip_digits':2",
                                           "'prefix':'9'", "'match_regex':'0(.*)','replace':'+33\\\\1'",
                                           "'strip_digits':0"};
    std::string trunks;
    const auto first = rng_.below(kOperators);
    const auto count = 1 + rng_.below(kOperators);
    for (std::uint64_t i = 0; i < count; ++i)
      trunks +=
          fmt::format("{}'{}'", i == 0 ? "" : ",", operator_of(static_cast<int>((first + i) % kOperators)));
    ASSERT_TRUE(
        world.create("outgoing_route",
                     fmt::format("{{'name':'r{4}','context':'default','priority':{1},'ring_seconds':10,"
                                 "'patterns':[{{'pattern':'{0}',{2}}}],'trunks':[{3}]}}",
                                 pattern, 1 + rng_.below(2), kRewritings[rng_.below(5)], trunks, number)));
  }
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

/// Where a call ends: with the person or the operator who answers, or with a refusal; and by which trunks it was tried before.
struct End {
  int person = -1;
  int trunk = -1;
  std::vector<std::string> tried;  // "t1 +33612345678": what reached operators that are there, in order
  bool operator==(const End&) const = default;
};

std::string described(const End& end) {
  return fmt::format("person {} trunk {} tried {}", end.person, end.trunk, fmt::join(end.tried, ", "));
}

int person_of(const Company& company, model::SipLineId line) {
  for (int i = 0; i < kPeople; ++i) {
    if (company.world.config()->line_by_name(number_of(i))->id == line) return i;
  }
  return -1;
}

Outcome outcome_of(Habit habit) {
  switch (habit) {
    case Habit::Busy: return Outcome::Busy;
    case Habit::Refuses: return Outcome::Rejected;
    default: return Outcome::NoAnswer;
  }
}

Outcome outcome_of(Service service) {
  switch (service) {
    case Service::Busy: return Outcome::Busy;
    case Service::Refuses: return Outcome::Rejected;
    case Service::LetsRing: return Outcome::NoAnswer;
    case Service::Congested: return Outcome::Congestion;
    default: return Outcome::Unavailable;
  }
}

/// What becomes of one attempt outside; nothing: it is answered.
std::optional<Outcome> attempt(const Company& company, const Plan& plan, End& end) {
  const auto& front = plan.attempts.front();
  const Service service = company.services.at(front.trunk.value);
  const std::string name = company.world.config()->find(front.trunk)->name;
  if (service != Service::IsSilent) end.tried.push_back(name + " " + front.number);
  if (service != Service::Answers) return outcome_of(service);
  end.trunk = name.back() - '0';
  return std::nullopt;
}

End predicted(const Company& company, const std::string& number) {
  const auto config = company.world.config();
  const auto* line = config->line_by_name(number_of(0));
  const Moment moment(company.habits, company.services);
  const model::routing::Request request{.dialled = number, .from_line = line->id, .context = line->context};
  Plan plan = route(*config, moment, request);
  End end;
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    Outcome outcome = Outcome::NoAnswer;
    if (plan.action == Plan::Action::Ring) {
      const int person = person_of(company, plan.lines.front());
      if (company.habit_of(person) == Habit::Answers) {
        end.person = person;
        return end;
      }
      outcome = outcome_of(company.habit_of(person));
    } else if (plan.action == Plan::Action::Dial) {
      const auto met = attempt(company, plan, end);
      if (!met) return end;
      outcome = *met;
    } else {
      return end;
    }
    plan = continue_after(*config, moment, request, plan, outcome);
  }
  ADD_FAILURE() << "the function comes to no end: " << number;
  return end;
}

/// What an operator does with the call that rings there; true: it is answered.
bool serve(SimPhone& phone, Service service) {
  switch (service) {
    case Service::Answers: phone.answer(); break;
    case Service::Busy: phone.reject(486); break;
    case Service::Refuses: phone.reject(603); break;
    case Service::Congested: phone.reject(503); break;
    case Service::DoesNotKnow: phone.reject(404); break;
    default: break;
  }
  return phone.state() == SimPhone::State::Talking;
}

/// The user part of the Request-URI of an INVITE.
std::string dialled_in(const std::string& invite) {
  const auto start = invite.find("sip:") + 4;
  return invite.substr(start, invite.find('@') - start);
}

/// Lets the people do what they do; whether one of them has answered.
bool people_act(Company& company, End& end) {
  for (int i = 1; i < kPeople; ++i) {
    auto& phone = *company.world.phone(name_of(i));
    if (phone.state() == SimPhone::State::Talking) {
      end.person = i;
      return true;
    }
    if (phone.state() != SimPhone::State::Ringing) continue;
    if (company.habit_of(i) == Habit::Answers) phone.answer();
    if (company.habit_of(i) == Habit::Busy) phone.reject(486);
    if (company.habit_of(i) == Habit::Refuses) phone.reject(603);
  }
  return false;
}

/// The same of the operators; each call that reaches one is remembered once.
bool operators_act(Company& company, std::map<int, std::size_t>& seen, End& end) {
  for (const auto& [id, service] : company.services) {
    const auto name = company.world.config()->find(model::TrunkId{id})->name;
    const int trunk = name.back() - '0';
    auto& phone = *company.world.phone(name);
    if (const auto calls = phone.calls().size(); calls > seen[trunk]) {
      seen[trunk] = calls;
      end.tried.push_back(name + " " + dialled_in(phone.calls().back()->invite_copy));
    }
    if (phone.state() == SimPhone::State::Ringing && serve(phone, service)) {
      end.trunk = trunk;
      return true;
    }
  }
  return false;
}

/// Lets everybody do what they do until the call is answered or over.
End carried_out(Company& company, const std::string& number) {
  auto& caller = *company.world.phone(name_of(0));
  End end;
  std::map<int, std::size_t> seen;
  for (int i = 0; i < kOperators; ++i) seen[i] = company.world.phone(operator_of(i))->calls().size();
  caller.call(number);
  for (int second = 0; second < 400; ++second) {
    company.world.run_for(seconds(1));
    if (people_act(company, end) || operators_act(company, seen, end)) return end;
    if (caller.state() == SimPhone::State::Ended) return end;
  }
  ADD_FAILURE() << "neither answered nor over: " << number;
  return end;
}

TEST(RoutingDifference, TheEngineGoesWhereTheFunctionSays) {
  int answered = 0;
  int forwarded = 0;
  int refused = 0;
  int outside = 0;
  int by_the_next_trunk = 0;
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    Company company(seed);
    for (int i = 0; i < kCallsOfWorld; ++i) {
      const std::string number = company.some_number();
      const End wanted = predicted(company, number);
      const End found = carried_out(company, number);
      EXPECT_EQ(described(found), described(wanted)) << "seed " << seed << " number " << number;
      (found.person < 0 && found.trunk < 0 ? refused : answered) += 1;
      if (found.person >= 0 && number != number_of(found.person)) ++forwarded;
      if (found.trunk >= 0) ++outside;
      if (found.tried.size() > 1) ++by_the_next_trunk;
      company.world.hang_up_all();
      company.world.run_for(seconds(60));
      EXPECT_EQ(company.world.left(), "") << "seed " << seed << " number " << number;
    }
  }
  EXPECT_GT(answered, 40);
  EXPECT_GT(forwarded, 8);
  EXPECT_GT(refused, 40);
  EXPECT_GT(outside, 10);
  EXPECT_GT(by_the_next_trunk, 10);
}

}  // namespace
}  // namespace xivo::flow
