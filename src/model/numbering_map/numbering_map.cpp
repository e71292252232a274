#include "model/numbering_map/numbering_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/checker/survey.hpp"
#include "model/numbering/free_numbers.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/numbering/pattern.hpp"
#include "model/routing/number_index.hpp"

namespace xivo::model::numbering_map {
namespace {

/// Everything is up and nobody is talking.
struct QuietMoment final : routing::LiveState {
  [[nodiscard]] int contacts_of(SipLineId) const override { return 1; }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
};

bool is_shorter_or_less(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// Which side of a finding hides which extension; nothing: it is about something else.
struct Hiding {
  std::size_t winner, hidden;
};
std::optional<Hiding> hiding_of(std::string_view code) {
  constexpr std::array<std::string_view, 4> kSecondIsHidden{"number-shadowed", "pattern-hides-number",
                                                            "pattern-hidden", "code-hides-number"};
  if (std::find(kSecondIsHidden.begin(), kSecondIsHidden.end(), code) != kSecondIsHidden.end())
    return Hiding{0, 1};
  if (code == "emergency-number-taken") return Hiding{1, 0};
  return std::nullopt;
}

struct Declared {
  std::string_view use;
  std::string start, end;
};
std::vector<Declared> declared(const Context& context) {
  std::vector<Declared> all;
  const auto add = [&](std::string_view use, const std::string& start, const std::string& end) {
    all.push_back({use, start, end.empty() ? start : end});
  };
  for (const NumberRange& range : context.user_ranges) add("user", range.start, range.end);
  for (const NumberRange& range : context.group_ranges) add("group", range.start, range.end);
  for (const NumberRange& range : context.ivr_ranges) add("ivr", range.start, range.end);
  for (const NumberRange& range : context.queue_ranges) add("queue", range.start, range.end);
  for (const NumberRange& range : context.conference_room_ranges)
    add("conference_room", range.start, range.end);
  for (const IncallRange& range : context.incall_ranges) add("incall", range.start, range.end);
  return all;
}

/// The first number of a range that is neither taken nor for help.
std::string first_free(const Declared& range, std::span<const std::string_view> taken,
                       const std::vector<std::string>& emergency) {
  const auto start = text::parse_decimal<std::uint64_t>(range.start);
  const auto end = text::parse_decimal<std::uint64_t>(range.end);
  if (!start || !end) return {};
  auto next = taken.begin();
  for (std::uint64_t at = *start; at <= *end; ++at) {
    std::string number = fmt::format("{:0{}}", at, range.start.size());
    while (next != taken.end() && *next < number) ++next;
    const bool is_taken = next != taken.end() && *next == number;
    if (!is_taken && !std::binary_search(emergency.begin(), emergency.end(), number)) return number;
  }
  return {};
}

HelpCall call_for_help(const Config& config, const SipLine& line, const std::string& number) {
  const QuietMoment quiet;
  const auto plan =
      routing::route(config, quiet, {.dialled = number, .from_line = line.id, .context = line.context},
                     routing::Tracing::Off);
  HelpCall call;
  call.number = number;
  call.reached = plan.emergency && !plan.attempts.empty() && plan.attempts.front().number == number;
  call.route = plan.outgoing_route;
  if (!plan.attempts.empty()) {
    call.trunk = plan.attempts.front().trunk;
    call.dialled = plan.attempts.front().number;
  }
  call.sentence = {describe(plan, Language::French), describe(plan, Language::English)};
  return call;
}

}  // namespace

std::string_view name(Number::Type type) {
  constexpr std::array<std::string_view, 4> kNames{"number", "pattern", "route", "code"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string_view name(Number::State state) {
  constexpr std::array<std::string_view, 4> kNames{"reached", "shadowed", "disabled", "unreachable"};
  return kNames.at(static_cast<std::size_t>(state));
}

Map::Map(const Config& config, const std::vector<checker::Finding>& findings) : config_(config) {
  const checker::Survey survey(config);
  for (const auto& [id, line] : config.lines()) {
    if (!line->enabled) continue;
    ++phones_;
    ++phones_of_[line->context];
  }
  for (const ContextId home : survey.homes()) {
    for (const ContextId seen : survey.reach(home)) dialled_from_[seen].push_back(home);
  }
  for (const auto& [id, extension] : config.objects<Extension>()) {
    if (!numbering::is_pattern(extension->exten)) taken_[extension->context].push_back(extension->exten);
  }
  for (auto& [context, numbers] : taken_) std::sort(numbers.begin(), numbers.end(), is_shorter_or_less);
  for (const checker::Finding& finding : findings) {
    const auto hiding = hiding_of(finding.code);
    if (!hiding || finding.sides.size() < 2) continue;
    const Side& hidden = finding.sides[hiding->hidden];
    if (hidden.kind == "extension") hidden_by_.try_emplace(hidden.id, finding.sides[hiding->winner]);
  }
}

const std::vector<ContextId>& Map::dialled_from(ContextId context) const {
  static const std::vector<ContextId> kNone;
  const auto found = dialled_from_.find(context);
  return found == dialled_from_.end() ? kNone : found->second;
}

std::size_t Map::phones_that_dial(ContextId context) const {
  std::size_t phones = 0;
  for (const ContextId home : dialled_from(context)) phones += phones_of_.at(home);
  return phones;
}

bool Map::meet(ContextId a, ContextId b) const {
  if (a == b) return true;
  const auto& from_a = dialled_from(a);
  const auto& from_b = dialled_from(b);
  return std::any_of(from_a.begin(), from_a.end(), [&](ContextId home) {
    return std::find(from_b.begin(), from_b.end(), home) != from_b.end();
  });
}

std::vector<Range> Map::ranges_of(const Context& context) const {
  static const std::vector<std::string_view> kNone;
  const auto found = taken_.find(context.id);
  const auto& taken = found == taken_.end() ? kNone : found->second;
  std::vector<Range> ranges;
  for (const Declared& each : declared(context)) {
    const auto first = std::lower_bound(taken.begin(), taken.end(), each.start, is_shorter_or_less);
    const auto last = std::upper_bound(first, taken.end(), each.end, is_shorter_or_less);
    const auto start = text::parse_decimal<std::uint64_t>(each.start);
    const auto end = text::parse_decimal<std::uint64_t>(each.end);
    Range range;
    range.use = each.use;
    range.start = each.start;
    range.end = each.end;
    range.size = start && end && *end >= *start ? *end - *start + 1 : 0;
    range.used = static_cast<std::uint64_t>(last - first);
    if (each.use != "incall")
      range.emergency = numbering::emergency_numbers_in(config_, {each.start, each.end});
    range.next = first_free(each, {first, last}, range.emergency);
    ranges.push_back(std::move(range));
  }
  return ranges;
}

void Map::add_overlaps(std::vector<ContextMap>& maps) const {
  const auto shares = [](const Range& a, const Range& b) {
    return a.start.size() == b.start.size() && a.start <= b.end && b.start <= a.end;
  };
  for (ContextMap& one : maps) {
    for (Range& range : one.ranges) {
      for (const ContextMap& other : maps) {
        if (!meet(one.id, other.id)) continue;
        for (const Range& theirs : other.ranges) {
          if (&theirs == &range || !shares(range, theirs) || range.overlaps.size() == kOverlapsMax) continue;
          range.overlaps.push_back({other.id, theirs.use, theirs.start, theirs.end});
        }
      }
    }
  }
}

void Map::count_numbers(std::vector<ContextMap>& maps) const {
  std::unordered_map<ContextId, ContextMap*> by_id;
  for (ContextMap& map : maps) by_id[map.id] = &map;
  for (const auto& [id, extension] : config_.objects<Extension>()) {
    const auto found = by_id.find(extension->context);
    if (found == by_id.end()) continue;
    ContextMap& map = *found->second;
    ++(numbering::is_pattern(extension->exten) ? map.patterns : map.numbers);
    if (!extension->enabled) ++map.disabled;
    if (extension->enabled && hidden_by_.contains(id)) ++map.shadowed;
  }
}

std::vector<ContextMap> Map::contexts() const {
  std::vector<ContextMap> maps;
  for (const auto& [id, context] : config_.objects<Context>()) {
    ContextMap map;
    map.id = context->id;
    for (const ContextId home : dialled_from(context->id))
      map.dialled_from.push_back({home, phones_of_.at(home)});
    const auto phones = phones_of_.find(context->id);
    map.phones = phones == phones_of_.end() ? 0 : phones->second;
    map.ranges = ranges_of(*context);
    maps.push_back(std::move(map));
  }
  count_numbers(maps);
  add_overlaps(maps);
  for (const auto& [id, line] : config_.lines()) {
    if (!line->enabled) continue;
    for (ContextMap& map : maps) {
      if (map.id != line->context || map.help) continue;
      auto calls = calls_for_help(*line);
      const auto failed =
          std::find_if(calls.begin(), calls.end(), [](const HelpCall& each) { return !each.reached; });
      if (!calls.empty()) map.help = std::move(failed == calls.end() ? calls.front() : *failed);
    }
  }
  return maps;
}

Number Map::number_of(const Extension& extension) const {
  const bool pattern = numbering::is_pattern(extension.exten);
  Number number;
  number.exten = extension.exten;
  number.type = pattern ? Number::Type::Pattern : Number::Type::Number;
  number.object = {"extension", extension.id.value, extension.exten};
  number.context = extension.context;
  number.destination = &extension.destination;
  number.phones = phones_that_dial(extension.context);
  const auto hidden = hidden_by_.find(extension.id.value);
  if (!extension.enabled) {
    number.state = Number::State::Disabled;
  } else if (hidden != hidden_by_.end()) {
    number.state = Number::State::Shadowed;
    number.shadowed_by = hidden->second;
  } else if (number.phones == 0) {
    number.state = Number::State::Unreachable;
  }
  return number;
}

std::vector<Number> Map::numbers() const {
  std::vector<Number> all;
  for (const auto& [id, extension] : config_.objects<Extension>()) all.push_back(number_of(*extension));
  for (const auto& [id, route] : config_.objects<OutgoingRoute>()) {
    const std::size_t phones = phones_that_dial(route->context);
    for (const OutgoingPattern& row : route->patterns) {
      const bool pattern = numbering::is_pattern(row.pattern);
      Number number;
      number.exten =
          pattern ? "_" + row.external_prefix + row.pattern.substr(1) : row.external_prefix + row.pattern;
      number.type = Number::Type::Route;
      number.state = !route->enabled ? Number::State::Disabled
                     : phones == 0   ? Number::State::Unreachable
                                     : Number::State::Reached;
      number.object = {"outgoing_route", id, route->name};
      number.context = route->context;
      number.phones = phones;
      all.push_back(std::move(number));
    }
  }
  for (const auto& [id, code] : config_.objects<FeatureCode>()) {
    Number number;
    number.exten = code->code;
    number.type = Number::Type::Code;
    number.state = code->enabled ? Number::State::Reached : Number::State::Disabled;
    number.object = {"feature_code", id, code->feature};
    number.phones = phones_;
    all.push_back(std::move(number));
  }
  return all;
}

std::vector<HelpCall> Map::calls_for_help(const SipLine& line) const {
  std::vector<HelpCall> calls;
  for (const std::string& number : numbering::emergency_numbers(config_))
    calls.push_back(call_for_help(config_, line, number));
  return calls;
}

bool Map::reaches_help(const SipLine& line) const {
  const auto [entry, fresh] = helped_.try_emplace(line.context, false);
  if (!fresh) return entry->second;
  const auto calls = calls_for_help(line);
  entry->second = std::all_of(calls.begin(), calls.end(), [](const HelpCall& each) { return each.reached; });
  return entry->second;
}

}  // namespace xivo::model::numbering_map
