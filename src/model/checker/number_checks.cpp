// Numbers against numbers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "model/checker/survey.hpp"
#include "model/numbering/free_numbers.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model::checker {
namespace {

Fix disable_number(const Extension& extension) {
  return {{fmt::format("Désactiver le {} qui n'est jamais atteint", extension.exten),
           fmt::format("Disable the {} that is never reached", extension.exten)},
          {set_field("extension", extension.id.value, "enabled", false)}};
}

/// A number that a code hides cannot be saved any more, switched off or not.
Fix delete_number(const Extension& extension) {
  return {{fmt::format("Supprimer le {} qui n'est jamais atteint", extension.exten),
           fmt::format("Delete the {} that is never reached", extension.exten)},
          {{.kind = "extension", .op = Change::Op::Delete, .id = extension.id.value}}};
}

std::string label_of(const Survey& survey, ContextId context) {
  return survey.side("context", context).label;
}

/// The first home from which both can be dialled, and which of them wins there; 0: there is none.
ContextId common_home(const Survey& survey, ContextId a, ContextId b, bool& first_wins) {
  for (const ContextId home : survey.homes()) {
    const auto& all = survey.reach(home);
    const auto at_a = std::find(all.begin(), all.end(), a);
    const auto at_b = std::find(all.begin(), all.end(), b);
    if (at_a == all.end() || at_b == all.end()) continue;
    first_wins = at_a < at_b;
    return home;
  }
  return {};
}

void compare(Survey& survey, const Extension& one, const Extension& other) {
  bool first_wins = true;
  const ContextId home = common_home(survey, one.context, other.context, first_wins);
  if (!home) return;
  const Extension& winner = first_wins ? one : other;
  const Extension& shadowed = first_wins ? other : one;
  survey.add({Severity::Block,
              "number-shadowed",
              {fmt::format("Depuis « {} », le {} de « {} » cache celui de « {} »", label_of(survey, home),
                           one.exten, label_of(survey, winner.context), label_of(survey, shadowed.context)),
               fmt::format("From \"{}\" the {} of \"{}\" hides the one of \"{}\"", label_of(survey, home),
                           one.exten, label_of(survey, winner.context), label_of(survey, shadowed.context))},
              {survey.side("extension", winner.id), survey.side("extension", shadowed.id)},
              disable_number(shadowed)});
}

}  // namespace

void check_shadowed_numbers(Survey& survey) {
  const auto& all = survey.by_text();
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (!(*one)->enabled) continue;
    for (auto other = one + 1; other != all.end() && (*other)->exten == (*one)->exten; ++other) {
      if (survey.is_full("number-shadowed")) return;
      if ((*other)->enabled) compare(survey, **one, **other);
    }
  }
}

namespace {

void tell_prefix(Survey& survey, const Extension& shorter, const Extension& longer) {
  survey.add(
      {Severity::Warning,
       "number-is-prefix",
       {fmt::format("Le {} est le début du {} : un téléphone qui compose chiffre par chiffre attend, ou "
                    "n'atteint jamais le second",
                    shorter.exten, longer.exten),
        fmt::format("{} is how {} begins: a phone that dials digit by digit waits, or never reaches the "
                    "second",
                    shorter.exten, longer.exten)},
       {survey.side("extension", shorter.id), survey.side("extension", longer.id)}});
}

}  // namespace

void check_prefixes(Survey& survey) {
  constexpr int kToldMax = 20;  // of one short number: who has more of them has one mistake
  struct Begun {
    const Extension* extension;
    int told = 0;
  };
  std::vector<Begun> begun;  // each begins the next
  for (const Extension* extension : survey.by_text()) {
    if (!extension->enabled || numbering::is_pattern(extension->exten)) continue;
    while (!begun.empty() && !extension->exten.starts_with(begun.back().extension->exten)) begun.pop_back();
    for (Begun& shorter : begun) {
      const Extension& first = *shorter.extension;
      if (first.exten.size() == extension->exten.size() || shorter.told >= kToldMax ||
          survey.is_full("number-is-prefix"))
        continue;
      if (!survey.meet(first.context, extension->context)) continue;
      ++shorter.told;
      tell_prefix(survey, first, *extension);
    }
    begun.push_back({extension});
  }
}

void check_numbers_like_emergency(Survey& survey) {
  struct Seen {
    std::size_t count = 0;
    std::string first;
    std::set<std::string_view> like;
  };
  const auto& emergency = numbering::emergency_numbers(survey.config);
  std::map<ContextId, Seen> all;
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    if (!extension->enabled || numbering::is_pattern(extension->exten)) continue;
    for (const std::string& number : emergency) {
      if (extension->exten.size() <= number.size() || !extension->exten.starts_with(number)) continue;
      if (!survey.meet(extension->context, extension->context)) continue;
      Seen& seen = all[extension->context];
      if (seen.count++ == 0 || extension->exten < seen.first) seen.first = extension->exten;
      seen.like.insert(number);
    }
  }
  for (const auto& [context, seen] : all) {
    const std::string name = label_of(survey, context);
    survey.add(
        {Severity::Warning,
         "number-begins-as-emergency",
         {fmt::format("« {} » : {} numéros commencent comme un numéro d'urgence ({}), le premier est le {} ; "
                      "un téléphone qui compose chiffre par chiffre appelle les secours",
                      name, seen.count, fmt::join(seen.like, ", "), seen.first),
          fmt::format("\"{}\": {} numbers begin as a number for help does ({}), the first is {}; a phone "
                      "that dials digit by digit calls for help",
                      name, seen.count, fmt::join(seen.like, ", "), seen.first)},
         {survey.side("context", context), survey.side("general", kSingletonId)}});
  }
}

void check_codes_over_numbers(Survey& survey) {
  std::string beginnings;  // of codes
  for (const auto& [id, code] : survey.config.objects<FeatureCode>()) beginnings += code->code.substr(0, 1);
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    const std::string& exten = extension->exten;
    if (!extension->enabled || exten.empty() || numbering::is_pattern(exten)) continue;
    if (beginnings.find(exten.front()) == std::string::npos) continue;
    const FeatureCode* code = survey.config.feature_code(exten);
    if (code == nullptr) continue;
    survey.add({Severity::Error,
                "code-hides-number",
                {fmt::format("Le code {} cache le numéro {}", code->code, exten),
                 fmt::format("The code {} hides the number {}", code->code, exten)},
                {survey.side("feature_code", code->id), survey.side("extension", extension->id)},
                delete_number(*extension)});
  }
}

namespace {

/// Another number for who has one for help; none is near: it can be switched off.
Fix renumber(const Survey& survey, const Extension& extension) {
  const Context* context = survey.config.context(extension.context);
  const std::string next = context == nullptr
                               ? std::string()
                               : numbering::next_free_number(survey.config, *context, extension.exten);
  if (next.empty()) return disable_number(extension);
  return {{fmt::format("Donner le {}, qui est libre, à la place du {}", next, extension.exten),
           fmt::format("Give {}, which is free, instead of {}", next, extension.exten)},
          {set_field("extension", extension.id.value, "exten", next)}};
}

}  // namespace

void check_emergency_numbers_taken(Survey& survey) {
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    if (!extension->enabled || !survey.homes().contains(extension->context)) continue;
    if (!numbering::is_emergency_number(survey.config, extension->exten)) continue;
    survey.add({Severity::Block,
                "emergency-number-taken",
                {fmt::format("Le {} est un numéro d'urgence et ne peut pas être un numéro interne",
                             extension->exten),
                 fmt::format("{} is an emergency number and can be no number inside", extension->exten)},
                {survey.side("extension", extension->id), survey.side("general", kSingletonId)},
                renumber(survey, *extension)});
  }
  for (const auto& [id, code] : survey.config.objects<FeatureCode>()) {
    if (!code->enabled || !numbering::is_emergency_number(survey.config, code->code)) continue;
    survey.add(
        {Severity::Block,
         "emergency-number-taken",
         {fmt::format("Le {} est un numéro d'urgence et ne peut pas être un code", code->code),
          fmt::format("{} is an emergency number and can be no code", code->code)},
         {survey.side("feature_code", code->id), survey.side("general", kSingletonId)},
         {{fmt::format("Désactiver le code {}", code->code), fmt::format("Disable the code {}", code->code)},
          {set_field("feature_code", code->id.value, "enabled", false)}}});
  }
}

namespace {

bool holds(const std::vector<NumberRange>& ranges, const std::string& exten) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const NumberRange& range) {
    return exten.size() == range.start.size() && exten >= range.start &&
           exten <= (range.end.empty() ? range.start : range.end);
  });
}

/// For what else than users the context keeps the number; empty: for nothing.
Words kept_for(const Context& context, const std::string& exten) {
  if (holds(context.group_ranges, exten)) return {"groupes", "groups"};
  if (holds(context.ivr_ranges, exten)) return {"menus vocaux (SVI)", "interactive menus (IVR)"};
  if (holds(context.queue_ranges, exten)) return {"files d'attente", "queues"};
  if (holds(context.conference_room_ranges, exten)) return {"conférences", "conferences"};
  return {};
}

void tell_kept_number(Survey& survey, const Extension& extension, const Context& context, const Words& use) {
  survey.add({Severity::Hint,
              "number-in-other-range",
              {fmt::format("Le {} mène à un utilisateur, mais « {} » le garde pour les {}", extension.exten,
                           context.name, use.french),
               fmt::format("{} leads to a user, but \"{}\" keeps it for {}", extension.exten, context.name,
                           use.english)},
              {survey.side("extension", extension.id), survey.side("context", context.id)}});
}

void tell_outside_ranges(Survey& survey, const Extension& extension, const Context& context) {
  survey.add(
      {Severity::Hint,
       "number-outside-ranges",
       {fmt::format("Le {} n'est dans aucune plage d'utilisateurs de « {} »", extension.exten, context.name),
        fmt::format("{} is in none of the ranges of users of \"{}\"", extension.exten, context.name)},
       {survey.side("extension", extension.id), survey.side("context", context.id)}});
}

}  // namespace

void check_numbers_outside_ranges(Survey& survey) {
  for (const auto& [id, extension] : survey.config.objects<Extension>()) {
    const Context* context = survey.config.context(extension->context);
    if (!extension->enabled || context == nullptr) continue;
    if (numbering::is_pattern(extension->exten) || extension->destination.as<ToUser>() == nullptr) continue;
    if (holds(context->user_ranges, extension->exten)) continue;
    if (const Words use = kept_for(*context, extension->exten); !use.english.empty()) {
      if (!survey.is_full("number-in-other-range")) tell_kept_number(survey, *extension, *context, use);
    } else if (!context->user_ranges.empty() && !survey.is_full("number-outside-ranges")) {
      tell_outside_ranges(survey, *extension, *context);
    }
  }
}

void check_full_ranges(Survey& survey) {
  std::map<ContextId, std::vector<const Extension*>> by_context;
  for (const auto& [id, extension] : survey.config.objects<Extension>())
    by_context[extension->context].push_back(extension.get());
  for (const auto& [id, context] : survey.config.objects<Context>()) {
    for (const NumberRange& range : context->user_ranges) {
      const auto start = text::parse_decimal<std::int64_t>(range.start);
      const auto end = range.end.empty() ? start : text::parse_decimal<std::int64_t>(range.end);
      if (!start || !end || *end <= *start) continue;
      const auto& all = by_context[context->id];
      const auto used = std::count_if(all.begin(), all.end(), [&](const Extension* extension) {
        return extension->exten.size() == range.start.size() && extension->exten >= range.start &&
               extension->exten <= range.end;
      });
      const std::int64_t size = *end - *start + 1;
      if (used * 10 <= size * 9) continue;
      survey.add({Severity::Hint,
                  "range-nearly-full",
                  {fmt::format("« {} » : {} des {} numéros de {} à {} sont pris", context->name, used, size,
                               range.start, range.end),
                   fmt::format("\"{}\": {} of the {} numbers from {} to {} are taken", context->name, used,
                               size, range.start, range.end)},
                  {survey.side("context", context->id)}});
    }
  }
}

}  // namespace xivo::model::checker
