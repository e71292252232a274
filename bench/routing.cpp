// bench/routing [DECISIONS]: processor time of one routing decision in a large company (10,000 users with their lines and extensions,
// 2,000 incoming routes, 500 patterns of extensions and outgoing routes, a permission, a guard, a schedule), without its reasons
// and with them. Prints one line a kind of call: microseconds of CPU, and the same with each reason worded.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "company.hpp"

namespace {

using namespace xivo::bench;

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
