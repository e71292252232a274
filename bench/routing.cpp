// bench/routing [DECISIONS]: processor time of one routing decision in a large company (10,000 users with their lines and extensions,
// 2,000 incoming routes, 500 patterns of extensions and outgoing routes, a permission, a guard, a schedule), without its reasons
// and with them. Prints one line a kind of call: microseconds of CPU, and the same with each reason worded.
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/schedule.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/kinds/trunk.hpp"
#include "model/routing/route.hpp"

namespace {

using namespace xivo::model;

constexpr int kUsers = 10'000;
constexpr int kIncoming = 2'000;
constexpr int kRoutes = 40;
constexpr int kPatternsOfRoute = 10;
constexpr int kExtensionPatterns = 100;

/// Everybody has one phone and nobody calls.
struct Quiet final : routing::LiveState {
  [[nodiscard]] int contacts_of(SipLineId) const override { return 1; }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
};

struct Company {
  ConfigBuilder builder{{{"*55", "echo"}, {"*8", "pickup"}, {"*20", "forwards"}, {"*98", "voicemail"}}};
  ContextId outside, inside, incall;
  SipLineId caller;
  TrunkId trunk, other_trunk;
};

std::string extension_of(int user) { return fmt::format("1{:05}", user); }
std::string did_of(int i) { return fmt::format("01234{:05}", i); }

void add_people(Company& company) {
  for (int i = 0; i < kUsers; ++i) {
    User user{.firstname = "User", .lastname = extension_of(i)};
    user.forward_unconditional_enabled = i % 100 == 99;
    user.forward_unconditional_destination = "00612345678";
    const UserId id = company.builder.put(std::move(user));
    const SipLineId line =
        company.builder.put(SipLine{.name = extension_of(i), .user = id, .context = company.inside});
    if (i == 0) company.caller = line;
    company.builder.put(
        Extension{.exten = extension_of(i), .context = company.inside, .destination = ToUser{id}});
  }
  for (int i = 0; i < kExtensionPatterns; ++i) {
    company.builder.put(Extension{.exten = fmt::format("_5{:02}X", i),
                                  .context = company.inside,
                                  .destination = ToExtension{extension_of(i), {}}});
  }
}

/// The last route is the one that takes what no other did.
void add_ways_out(Company& company) {
  for (int route = 0; route < kRoutes; ++route) {
    OutgoingRoute made{.name = fmt::format("route {}", route),
                       .priority = route + 1,
                       .context = company.outside,
                       .trunks = {company.trunk, company.other_trunk}};
    for (int i = 0; i < kPatternsOfRoute; ++i) {
      const bool last = route == kRoutes - 1;
      made.patterns.push_back({.pattern = last ? fmt::format("_0{}XXXXXXXX", i)
                                               : fmt::format("_0[{}{}]{:02}XXXXXX", i, (i + 3) % 10, route),
                               .external_prefix = "0"});
    }
    company.builder.put(std::move(made));
  }
  company.builder.put(CallPermission{.name = "no premium", .extensions = {"_089X."}, .users = {{1}}});
  company.builder.put(TollGuard{.name = "standard", .simultaneous_max = 5, .hourly_max = 50});
}

void add_ways_in(Company& company) {
  const ScheduleId hours = company.builder.put(
      Schedule{.name = "office",
               .open_periods = {{.hours_start = "08:00", .hours_end = "18:00", .week_days = "1-5"}},
               .holidays = "FR"});
  for (int i = 0; i < kIncoming; ++i) {
    company.builder.put(IncomingRoute{.name = fmt::format("did {}", i),
                                      .context = company.incall,
                                      .exten = did_of(i),
                                      .schedule = hours,
                                      .destination = ToUser{{1 + i}}});
  }
}

Company make_company() {
  Company company;
  company.builder.put(General{.id = {1}, .company = "Durand SA"});
  company.outside = company.builder.put(Context{.name = "to-extern", .type = "outcall"});
  company.inside = company.builder.put(Context{.name = "default", .includes = {company.outside}});
  company.incall = company.builder.put(Context{.name = "from-extern", .type = "incall"});
  company.trunk = company.builder.put(Trunk{.name = "operator",
                                            .context = company.incall,
                                            .host = "192.0.2.1",
                                            .outgoing_caller_id = "0123456789"});
  company.other_trunk =
      company.builder.put(Trunk{.name = "other operator", .context = company.incall, .host = "192.0.2.2"});
  add_people(company);
  add_ways_out(company);
  add_ways_in(company);
  return company;
}

/// A kind of call and the n-th of it.
struct Measure {
  const char* name;
  routing::Request (*request)(const Company& company, int n);
};

routing::Request from_line(const Company& company, std::string dialled) {
  constexpr std::chrono::sys_seconds kTuesdayNoon{std::chrono::seconds(1'784'541'600)};
  return {.dialled = std::move(dialled),
          .from_line = company.caller,
          .context = company.inside,
          .at = kTuesdayNoon};
}
routing::Request from_trunk(const Company& company, std::string dialled) {
  routing::Request request = from_line(company, std::move(dialled));
  request.from_line = {};
  request.context = {};
  request.from_trunk = company.trunk;
  request.caller_number = "+33612345678";
  return request;
}

constexpr Measure kMeasures[] = {
    {"colleague",
     [](const Company& c, int n) { return from_line(c, extension_of(1 + n * 37 % kUsers / 100 * 100)); }},
    {"pattern of an extension",
     [](const Company& c, int n) { return from_line(c, fmt::format("5{:02}4", 1 + n % 90)); }},
    {"outside, one of 400 patterns",
     [](const Company& c, int n) { return from_line(c, fmt::format("00{}{:02}123456", n % 10, n % 39)); }},
    {"outside, the last route",
     [](const Company& c, int n) { return from_line(c, fmt::format("00{}99{:06}", n % 10, n)); }},
    {"number of nobody", [](const Company& c, int n) { return from_line(c, fmt::format("9{:05}", n)); }},
    {"emergency", [](const Company& c, int) { return from_line(c, "112"); }},
    {"feature", [](const Company& c, int) { return from_line(c, "*8102"); }},
    {"from outside to a user",
     [](const Company& c, int n) {
       return from_trunk(c, "+33" + did_of(n % kIncoming / 100 * 100).substr(1));
     }},
    {"from outside, forwarded outside",
     [](const Company& c, int n) { return from_trunk(c, did_of(n % kIncoming / 100 * 100 + 99)); }},
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Microseconds a decision.
template <class Decide>
double measure(const std::vector<routing::Request>& requests, int decisions, Decide decide) {
  for (const auto& request : requests) decide(request);
  const double start = cpu_seconds();
  for (int i = 0; i < decisions; ++i) decide(requests[static_cast<std::size_t>(i) % requests.size()]);
  return (cpu_seconds() - start) * 1e6 / decisions;
}

}  // namespace

int main(int argc, char** argv) {
  const int decisions = argc > 1 ? xivo::text::parse_decimal<int>(argv[1]).value_or(0) : 100'000;
  if (decisions < 1) return std::fputs("usage: routing [DECISIONS]\n", stderr), 2;
  Company company = make_company();
  const ConfigSnapshot config = company.builder.build();
  const Quiet live;
  std::size_t used = 0;  // so that nothing is thought to be for nothing
  fmt::print("{:<34}{:>12}{:>12}{:>12}  {}\n", "us of CPU a decision", "no reasons", "reasons", "worded",
             "what came of it");
  for (const Measure& each : kMeasures) {
    std::vector<routing::Request> requests;
    for (int n = 0; n < 1000; ++n) requests.push_back(each.request(company, n));
    const double bare = measure(requests, decisions, [&](const auto& request) {
      used += route(*config, live, request, routing::Tracing::Off).lines.size();
    });
    const double traced = measure(requests, decisions, [&](const auto& request) {
      used += route(*config, live, request).trace.size();
    });
    const double worded = measure(requests, decisions / 10 + 1, [&](const auto& request) {
      for (const auto& step : route(*config, live, request).trace)
        used += describe(step, Language::French).size();
    });
    fmt::print("{:<34}{:>12.2f}{:>12.2f}{:>12.2f}  {}\n", each.name, bare, traced, worded,
               describe(route(*config, live, requests.front()), Language::English));
  }
  return used == 0 ? 1 : 0;
}
