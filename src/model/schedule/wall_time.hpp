#pragma once

#include <chrono>
#include <vector>

#include "model/schedule/evaluate.hpp"
#include "model/schedule/timetable.hpp"

/// A timetable on its own clock, whatever is forced.
namespace xivo::model::schedule {

/// What holds by itself at a wall time.
Verdict at_wall_time(const Timetable& table, std::chrono::local_seconds wall);
/// The minutes of a day at which something may begin, midnight first.
std::vector<int> edges(const Timetable& table);

}  // namespace xivo::model::schedule
