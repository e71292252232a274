#pragma once

#include <string>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// What is taken for true while a scenario is run.
struct ScenarioAssumption {
  std::string who{};  // of a user: his number; of a trunk: its name
  std::string state = "busy";  // a name of simulation::Assumption::State
};

/// A call and where it has to end: a test of the plan. Everybody is named as people dial them and not by id, so that a scenario
/// outlives whom it speaks of, and then says so.
struct Scenario {
  ScenarioId id{};
  std::string name{};  // unique
  bool enabled = true;
  std::string
      caller{};  // a number inside, "number@context", or a line's name; with `trunk`: the caller's number
  std::string trunk{};  // name of the trunk that the call comes from; empty: it comes from inside
  std::string dialled{};
  std::string at{};  // "2026-07-14T19:00", the company's time; empty: whenever it is run
  std::vector<ScenarioAssumption> assumptions{};
  std::string expected = "rings";  // a name of scenario::Expected
  std::string expected_target{};  // whose phone, which trunk, mailbox, feature; empty: any
  std::string expected_number{};  // goes_out: what the trunk dials; empty: any
  std::int64_t expected_cause = 0;  // refused: Q.850; 0: any
  bool hold = false;  // what breaks it is not saved
  std::string description{};
};

}  // namespace xivo::model
