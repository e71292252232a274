#include "model/checker/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

#include "model/checker/survey.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/schedule.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::model::checker {
namespace {

/// A configuration that was looked through, and what was found.
struct Known {
  const Config& config;
  const std::vector<Finding>& findings;
};

/// Tables are never written to once they are part of a configuration: one that two share has the same objects in both.
template <class... Kinds>
bool share(const Config& a, const Config& b) {
  return ((a.table(kind_slot<Kinds>()) == b.table(kind_slot<Kinds>())) && ...);
}
/// What can be dialled from where.
bool share_numbers(const Config& a, const Config& b) {
  return share<Extension, Context, SipLine, FeatureCode, General>(a, b);
}
/// And what people do with calls.
bool share_people(const Config& a, const Config& b) {
  return share_numbers(a, b) && share<User, Schedule>(a, b);
}
/// And the ways out and in.
bool share_ways(const Config& a, const Config& b) {
  return share_numbers(a, b) && share<Trunk, OutgoingRoute, IncomingRoute, CallPermission>(a, b);
}

struct Entry {
  Check check;
  /// Whether two configurations share every table that the check reads, so that it tells the same of both; null: it reads them all.
  bool (*same)(const Config&, const Config&);
};

constexpr std::array kChecks{
    Entry{check_emergency_reached, nullptr},        Entry{check_emergency_numbers_taken, share_numbers},
    Entry{check_shadowed_numbers, share_numbers},   Entry{check_loops, share_people},
    Entry{check_conditional_loops, share_people},   Entry{check_destinations, nullptr},
    Entry{check_captured_numbers, share_ways},      Entry{check_equal_patterns, share_ways},
    Entry{check_codes_over_numbers, share_numbers}, Entry{check_patterns_over_numbers, share_numbers},
    Entry{check_prefixes, share_numbers},           Entry{check_numbers_like_emergency, share_numbers},
    Entry{check_routes_reached, share_ways},        Entry{check_numbers_from_outside, share_ways},
    Entry{check_permissions_used, share_ways},      Entry{check_permission_patterns, share_ways},
    Entry{check_full_ranges, share_numbers},        Entry{check_numbers_outside_ranges, share_numbers},
    Entry{check_outside_digits, share_ways},
};

}  // namespace

std::string_view name(Severity severity) {
  constexpr std::array<std::string_view, 4> kNames{"block", "error", "warning", "hint"};
  return kNames.at(static_cast<std::size_t>(severity));
}

std::string Finding::key() const {
  std::vector<std::string> parties;
  for (const Side& side : sides) parties.push_back(fmt::format(" {}:{}", side.kind, side.id));
  std::sort(parties.begin(), parties.end());  // a loop is the same wherever one enters it
  std::string key(code);
  for (const std::string& party : parties) key += party;
  return key;
}

namespace {

/// With `known`, checks of which nothing changed are spared. Each tells codes of its own, so their limits are its own, too.
void look_through(Survey& survey, const Known* known = nullptr) {
  for (const Entry& entry : kChecks) {
    survey.check = static_cast<std::uint8_t>(&entry - kChecks.data());
    if (known == nullptr || entry.same == nullptr || !entry.same(known->config, survey.config)) {
      entry.check(survey);
      continue;
    }
    for (const Finding& finding : known->findings) {
      if (finding.check == survey.check) survey.found.push_back(finding);
    }
  }
}

/// What was found; the survey has it no more.
std::vector<Finding> worst_first(Survey& survey) {
  std::vector<Finding> sorted;
  sorted.reserve(survey.found.size());
  for (const auto severity : {Severity::Block, Severity::Error, Severity::Warning, Severity::Hint}) {
    for (Finding& finding : survey.found) {
      if (finding.severity == severity) sorted.push_back(std::move(finding));
    }
  }
  return sorted;
}

/// Whether there may be more findings of a code than are kept.
bool is_cut(const std::vector<Finding>& findings) {
  std::unordered_map<std::string_view, std::size_t> counts;
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return ++counts[finding.code] >= kFindingsMax; });
}

Marks marks_of(const Config& config, const std::vector<Finding>& known) {
  Marks marks;
  if (is_cut(known)) {
    Survey survey(config);
    survey.mark_in(marks);
    look_through(survey);
    return marks;
  }
  for (const Finding& finding : known) marks.note(finding);
  return marks;
}

}  // namespace

std::vector<Finding> findings(const Config& config) {
  Survey survey(config);
  look_through(survey);
  return worst_first(survey);
}

std::vector<Finding> findings(const Config& config, const Config& before, const std::vector<Finding>& known) {
  Survey survey(config);
  const Known all{before, known};
  look_through(survey, &all);
  return worst_first(survey);
}

std::vector<Finding> introduced(const Config& before, const std::vector<Finding>& known, const Config& after,
                                std::vector<Finding> found) {
  const Marks marks = marks_of(before, known);
  if (!is_cut(found)) {
    std::erase_if(found, [&](const Finding& finding) { return marks.has(finding); });
    return found;
  }
  Survey survey(after);
  survey.leave_out(marks);
  look_through(survey);
  return worst_first(survey);
}

void Marks::note(const Finding& finding) {
  const auto [entry, fresh] = worst_.try_emplace(std::hash<std::string>{}(finding.key()), finding.severity);
  if (!fresh) entry->second = std::min(entry->second, finding.severity);
  ++counts_[finding.code];
}

bool Marks::has(const Finding& finding) const {
  if (is_full(finding.code)) return true;
  const auto known = worst_.find(std::hash<std::string>{}(finding.key()));
  return known != worst_.end() && known->second <= finding.severity;
}

bool Marks::is_full(std::string_view code) const {
  const auto count = counts_.find(code);
  return count != counts_.end() && count->second >= kComparedMax;
}

void Survey::add(Finding finding) {
  if (is_full(finding.code)) return;
  ++looked_[finding.code];
  if (marks_ != nullptr) return marks_->note(finding);
  if (left_out_ != nullptr && left_out_->has(finding)) return;
  finding.check = check;
  ++told_[finding.code];
  found.push_back(std::move(finding));
}

bool Survey::is_full(std::string_view code) const {
  const auto reaches = [&](const auto& counts, std::size_t most) {
    const auto count = counts.find(code);
    return count != counts.end() && count->second >= most;
  };
  return reaches(told_, kFindingsMax) || reaches(looked_, kComparedMax);
}

Survey::Survey(const Config& of) : config(of) {
  for (const auto& [id, context] : config.objects<Context>()) collect(context->id, reach_[context->id]);
  for (const auto& [id, line] : config.lines()) {
    if (line->enabled && line->context) homes_.insert(line->context);
  }
}

void Survey::collect(ContextId at, std::vector<ContextId>& into) const {
  const Context* context = config.context(at);
  if (context == nullptr || !context->enabled || std::find(into.begin(), into.end(), at) != into.end())
    return;
  into.push_back(at);
  for (const ContextId included : context->includes) collect(included, into);
}

const std::vector<ContextId>& Survey::reach(ContextId from) const {
  static const std::vector<ContextId> kNone;
  const auto found_it = reach_.find(from);
  return found_it == reach_.end() ? kNone : found_it->second;
}

namespace {

/// The first eight characters, ordered as the text is: few comparisons of texts need more.
std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  for (std::size_t at = 0; at < sizeof head; ++at)
    head = head << 8 | (at < text.size() ? static_cast<unsigned char>(text[at]) : 0);
  return head;
}

}  // namespace

const std::vector<const Extension*>& Survey::by_text() const {
  if (!by_text_.empty()) return by_text_;
  std::vector<std::pair<std::uint64_t, const Extension*>> all;
  all.reserve(config.objects<Extension>().size());
  for (const auto& [id, extension] : config.objects<Extension>())
    all.emplace_back(head_of(extension->exten), extension.get());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return std::tie(a.second->exten, a.second->id) < std::tie(b.second->exten, b.second->id);
  });
  by_text_.reserve(all.size());
  for (const auto& [head, extension] : all) by_text_.push_back(extension);
  return by_text_;
}

bool Survey::meet(ContextId a, ContextId b) const {
  const auto [entry, fresh] = meet_.try_emplace({a, b}, false);
  if (!fresh) return entry->second;
  entry->second = std::any_of(homes_.begin(), homes_.end(), [&](ContextId home) {
    const auto& all = reach(home);
    return std::find(all.begin(), all.end(), a) != all.end() &&
           std::find(all.begin(), all.end(), b) != all.end();
  });
  return entry->second;
}

const Extension* Survey::resolve(ContextId from, std::string_view exten) const {
  for (const ContextId context : reach(from)) {
    const Extension* extension = config.extension(context, exten);
    if (extension != nullptr && extension->enabled) return extension;
  }
  return nullptr;
}

Side Survey::side(std::string_view kind_name, std::int64_t id) const {
  const KindSchema& kind = *find_kind(kind_name);
  const void* object = table_of(config, kind).find(id);
  return {kind.name(), id, object == nullptr ? std::string() : kind.label(object)};
}

Change set_field(std::string_view kind, std::int64_t id, std::string_view field, Value value) {
  return {.kind = std::string(kind),
          .op = Change::Op::Update,
          .id = id,
          .fields = Value::object({{std::string(field), std::move(value)}})};
}

}  // namespace xivo::model::checker
