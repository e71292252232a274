#pragma once

#include <fmt/format.h>

#include <ctime>
#include <string>

#include "model/kinds/call_permission.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/schedule.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/kinds/trunk.hpp"
#include "model/routing/route.hpp"

/// The large company of the measures: 10,000 users with their lines and extensions, 2,000 incoming routes, 500 patterns of extensions
/// and outgoing routes, a permission, a guard, a schedule.
namespace xivo::bench {

using namespace model;

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

inline std::string extension_of(int user) { return fmt::format("1{:05}", user); }
inline std::string did_of(int i) { return fmt::format("01234{:05}", i); }

inline void add_people(Company& company) {
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
inline void add_ways_out(Company& company) {
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

inline void add_ways_in(Company& company) {
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

inline Company make_company() {
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

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace xivo::bench
