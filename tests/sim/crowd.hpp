#pragma once

#include <fmt/format.h>

#include "world.hpp"

namespace xivo::flow {

/// People p0, p1 ... with the numbers 100, 101 ...
inline void add_crowd(World& world, int people) {
  for (int i = 0; i < people; ++i) world.add_phone(fmt::format("p{}", i), fmt::format("{}", 100 + i));
}

inline void register_all(World& world) {
  for (const auto& [name, phone] : world.phones()) phone->register_at();
  world.run_for(std::chrono::seconds(1));
}

/// One person of the crowd does something at random.
inline void do_something(World& world, runtime::Rng& rng) {
  const auto who = fmt::format("p{}", rng.below(world.phones().size()));
  SimPhone& phone = *world.phone(who);
  switch (phone.state()) {
    case SimPhone::State::Idle:
    case SimPhone::State::Ended:
      if (phone.calls().size() < 200)
        phone.call(fmt::format("{}", 100 + rng.below(world.phones().size() + 1)));
      break;
    case SimPhone::State::Ringing:
      if (rng.below(4) == 0) {
        phone.reject(rng.below(2) == 0 ? 486 : 603);
      } else {
        phone.answer();
      }
      break;
    case SimPhone::State::Talking:
      if (rng.below(3) == 0) {
        phone.hold(rng.below(2) == 0);
      } else {
        phone.hang_up();
      }
      break;
    case SimPhone::State::Calling:
    case SimPhone::State::RingBack:
      if (rng.below(3) == 0) phone.hang_up();
      break;
  }
}

}  // namespace xivo::flow
