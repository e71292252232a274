// bench/checker [CHANGES]: processor time of looking a large company's plan through (10,000 extensions, 500 patterns): once as a whole,
// and after each of several kinds of change, the findings of the plan before being known. Prints milliseconds of CPU.
#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "company.hpp"
#include "model/impact/impact.hpp"
#include "model/numbering_map/numbering_map.hpp"
#include "model/review/review.hpp"

namespace {

using namespace xivo::bench;

struct Measure {
  const char* name;
  void (*change)(Company& company, int n);
};

User user_of(Company& company, int n) { return *company.builder.preview().user({1 + n % kUsers}); }

constexpr Measure kMeasures[] = {
    {"a user's name",
     [](Company& company, int n) {
       User user = user_of(company, n);
       user.firstname = fmt::format("User {}", n);
       company.builder.put(user);
     }},
    {"a forward",
     [](Company& company, int n) {
       User user = user_of(company, n * 7);
       user.forward_busy_enabled = !user.forward_busy_enabled;
       user.forward_busy_destination = extension_of((n * 7 + 1) % kUsers);
       company.builder.put(user);
     }},
    {"a new number",
     [](Company& company, int n) {
       company.builder.put(Extension{.exten = fmt::format("8{:05}", n),
                                     .context = company.inside,
                                     .destination = ToUser{{1 + n % kUsers}}});
     }},
    {"a route",
     [](Company& company, int n) {
       OutgoingRoute route = *company.builder.preview().find(OutgoingRouteId{1 + n % kRoutes});
       route.ring_seconds = 30 + n;
       company.builder.put(route);
     }},
};

void print_one(const char* name, double since, std::size_t found) {
  fmt::print("{:<20}{:>8.1f} ms of CPU, {}\n", name, (cpu_seconds() - since) * 1e3, found);
}

/// The map, the proof of each phone's way to help, what would be lost with a user, and a hundred scenarios.
void print_others(const ConfigSnapshot& config, const review::Reviewer& reviewer) {
  double start = cpu_seconds();
  const numbering_map::Map map(*config, *reviewer.findings(config));
  print_one("the numbering map", start, map.contexts().size());
  start = cpu_seconds();
  std::size_t reached = 0;
  for (const auto& [id, line] : config->lines()) reached += map.calls_for_help(*line).size();
  print_one("every call for help", start, reached);
  start = cpu_seconds();
  print_one("the loss of a user", start,
            impact::impact_of(config, *find_kind("user"), 7, reviewer, {}).dead_ends.size());
  const Scenario scenario{
      .name = "one", .caller = extension_of(0), .dialled = extension_of(1), .at = "2026-07-14T19:00"};
  start = cpu_seconds();
  std::size_t passed = 0;
  for (int n = 0; n < 100; ++n) passed += scenario::run(*config, scenario, {}).passed ? 1 : 0;
  print_one("100 scenarios", start, passed);
}

}  // namespace

int main(int argc, char** argv) {
  const int changes = argc > 1 ? xivo::text::parse_decimal<int>(argv[1]).value_or(0) : 20;
  if (changes < 1) return std::fputs("usage: checker [CHANGES]\n", stderr), 2;
  Company company = make_company();
  ConfigSnapshot config = company.builder.build();
  const double start = cpu_seconds();
  const std::size_t found = checker::findings(*config).size();
  fmt::print("{:<20}{:>8.1f} ms of CPU, {} findings\n", "the whole plan", (cpu_seconds() - start) * 1e3,
             found);
  const review::Reviewer reviewer;
  reviewer.adopt(config);
  std::size_t introduced = 0;
  for (const Measure& each : kMeasures) {
    double spent = 0;
    for (int n = 0; n < changes; ++n) {
      each.change(company, n);
      const ConfigSnapshot next = company.builder.build();
      const double before = cpu_seconds();
      introduced += reviewer.review(config, next, {}).findings.size();
      spent += cpu_seconds() - before;
      config = next;
    }
    fmt::print("{:<20}{:>8.1f} ms of CPU a change\n", each.name, spent * 1e3 / changes);
  }
  fmt::print("{} findings introduced\n", introduced);
  print_others(config, reviewer);
}
