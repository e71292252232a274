#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/checker/finding.hpp"
#include "model/config.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/routing/route.hpp"

/// What numbers a plan has, who can dial them, and whether every phone reaches help.
namespace xivo::model::numbering_map {

using checker::Sentence;
using checker::Side;

/// A range of a context that shares numbers with another one that somebody sees together with it.
struct Overlap {
  ContextId context{};
  std::string_view use;
  std::string start, end;
};

struct Range {
  std::string_view use;  // user, group, ivr, queue, conference_room, incall
  std::string start, end;
  std::uint64_t size = 0;
  std::uint64_t used = 0;
  std::string next;  // the first free number that can be proposed; empty: there is none
  std::vector<std::string> emergency;  // numbers for help in it, never proposed
  std::vector<Overlap> overlaps;  // at most kOverlapsMax
};
constexpr std::size_t kOverlapsMax = 20;

/// One phone's call for help.
struct HelpCall {
  std::string number;
  bool reached = false;
  OutgoingRouteId route{};
  TrunkId trunk{};
  std::string dialled;  // by the trunk
  Sentence sentence;  // where it goes, or why not
};

/// Where the calls of phones begin.
struct Home {
  ContextId context{};
  std::size_t phones = 0;
};

struct ContextMap {
  ContextId id{};
  std::vector<Home> dialled_from;  // from where its numbers can be dialled
  std::size_t phones = 0;  // whose calls begin in it
  std::size_t numbers = 0;
  std::size_t patterns = 0;
  std::size_t disabled = 0;
  std::size_t shadowed = 0;
  std::vector<Range> ranges;
  std::optional<HelpCall>
      help;  // the first call for help that fails, else the first; nothing: it has no phone
};

/// What can be dialled.
struct Number {
  enum class Type : std::uint8_t { Number, Pattern, Route, Code };
  enum class State : std::uint8_t { Reached, Shadowed, Disabled, Unreachable };
  std::string exten;
  Type type = Type::Number;
  State state = State::Reached;
  Side object;
  ContextId context{};  // none: a code, known everywhere
  const Destination* destination = nullptr;  // of an extension
  std::optional<Side> shadowed_by;
  std::size_t phones = 0;  // that can dial it
};
std::string_view name(Number::Type type);  // "number", "pattern", "route", "code"
std::string_view name(Number::State state);  // "reached", "shadowed", "disabled", "unreachable"

/// A plan, surveyed once. `findings` are those of the configuration.
/// Thread  its owner's; the configuration outlives it
class Map {
 public:
  Map(const Config& config, const std::vector<checker::Finding>& findings);

  [[nodiscard]] std::vector<ContextMap> contexts() const;
  /// Extensions by id, then patterns of routes, then codes.
  [[nodiscard]] std::vector<Number> numbers() const;
  [[nodiscard]] std::size_t phones() const { return phones_; }
  /// Enabled lines whose calls for help do not all go out. Those of one context are alike.
  [[nodiscard]] bool reaches_help(const SipLine& line) const;
  /// The call of a line to each number for help.
  [[nodiscard]] std::vector<HelpCall> calls_for_help(const SipLine& line) const;

 private:
  [[nodiscard]] const std::vector<ContextId>& dialled_from(ContextId context) const;
  [[nodiscard]] std::size_t phones_that_dial(ContextId context) const;
  [[nodiscard]] Number number_of(const Extension& extension) const;
  void count_numbers(std::vector<ContextMap>& maps) const;
  [[nodiscard]] std::vector<Range> ranges_of(const Context& context) const;
  void add_overlaps(std::vector<ContextMap>& maps) const;
  [[nodiscard]] bool meet(ContextId a, ContextId b) const;

  const Config& config_;
  std::unordered_map<ContextId, std::vector<ContextId>> dialled_from_;
  std::unordered_map<ContextId, std::size_t> phones_of_;
  std::unordered_map<ContextId, std::vector<std::string_view>> taken_;  // exact numbers by length, then text
  std::unordered_map<std::int64_t, Side> hidden_by_;  // by extension
  mutable std::map<ContextId, bool> helped_;
  std::size_t phones_ = 0;
};

}  // namespace xivo::model::numbering_map
