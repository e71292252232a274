#include <algorithm>

#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

const Context& context_of(const RuleInput& input) { return *input.config.find(ContextId{input.id}); }

/// Numbers are compared as texts, so that 0100 is not 100.
template <class Range>
void check_ranges(const RuleInput& input, Problems& problems, const std::vector<Range>& ranges,
                  std::string_view field) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto& [start, end] = std::tie(ranges[i].start, ranges[i].end);
    const bool mixed = !end.empty() && start.size() != end.size();
    if (!mixed && (end.empty() || start <= end)) continue;
    const std::string where = std::string(field) + "." + std::to_string(i) + ".end";
    report(input, problems, mixed ? Rule::RangeMixedLengths : Rule::RangeBackwards, where).facts = {
        {"start", start}, {"end", end}};
  }
}

void ranges_are_in_order(const RuleInput& input, Problems& problems) {
  const Context& context = context_of(input);
  check_ranges(input, problems, context.user_ranges, "user_ranges");
  check_ranges(input, problems, context.group_ranges, "group_ranges");
  check_ranges(input, problems, context.ivr_ranges, "ivr_ranges");
  check_ranges(input, problems, context.queue_ranges, "queue_ranges");
  check_ranges(input, problems, context.conference_room_ranges, "conference_room_ranges");
  check_ranges(input, problems, context.incall_ranges, "incall_ranges");
}

/// The names on the way from `from` back to `wanted` along includes; empty when there is none.
std::string way_to(const Config& config, const Context& from, ContextId wanted,
                   std::vector<ContextId>& seen) {
  for (const ContextId id : from.includes) {
    const Context* next = config.find(id);
    if (next == nullptr) continue;
    if (id == wanted) return from.name + " > " + next->name;
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    if (std::string rest = way_to(config, *next, wanted, seen); !rest.empty())
      return from.name + " > " + rest;
  }
  return {};
}

void includes_make_no_circle(const RuleInput& input, Problems& problems) {
  std::vector<ContextId> seen;
  const std::string way = way_to(input.config, context_of(input), ContextId{input.id}, seen);
  if (!way.empty()) report(input, problems, Rule::IncludeCycle, "includes").facts = {{"path", way}};
}

const KindSpec kSpec{
    .name = "context",
    .plural = "contexts",
    .title = {"Contexte", "Context"},
    .plural_title = {"Contextes", "Contexts"},
    .help =
        {"Zone de numérotation : les numéros qui y existent, et les autres contextes que l'on peut y "
         "appeler.",
         "Numbering zone: the numbers that exist in it, and the other contexts that can be called from it."},
    .rules = {ranges_are_in_order, includes_make_no_circle},
    .key = "name",
    .groups = {{"general", {"Général", "General"}},
               {"dialling", {"Appels possibles", "What can be dialled"}},
               {"ranges", {"Plages de numéros", "Number ranges"}}},
};

constexpr CharacterClass kDigits{"0-9", {"chiffres", "digits"}};

template <class Range>
std::vector<Field> range_fields() {
  return {text(&Range::start, {.name = "start",
                               .title = {"Début", "Start"},
                               .help = {"Premier numéro.", "First number."},
                               .required = true,
                               .bounds = {1, 16},
                               .characters = kDigits,
                               .example = "100"}),
          text(&Range::end, {.name = "end",
                             .title = {"Fin", "End"},
                             .help = {"Dernier numéro, d'autant de chiffres ; vide : le premier seul.",
                                      "Last number, of as many digits; empty: the first one alone."},
                             .bounds = {0, 16},
                             .characters = kDigits,
                             .example = "199"})};
}

std::vector<Field> incall_range_fields() {
  auto fields = range_fields<IncallRange>();
  fields.push_back(
      integer(&IncallRange::did_length,
              {.name = "did_length",
               .title = {"Chiffres comparés", "Digits compared"},
               .help = {"Nombre de derniers chiffres du numéro appelé que l'on compare ; 0 : tous.",
                        "How many of the called number's last digits are compared; 0: all."},
               .bounds = {0, 16},
               .example = "0"}));
  return fields;
}

Field ranges(std::vector<NumberRange> Context::* member, std::string_view name, Words title, Words help) {
  return rows(member, {.name = name, .title = title, .help = help, .bounds = {0, 100}, .group = "ranges"},
              range_fields<NumberRange>());
}

std::vector<Field> identity_fields() {
  return {
      text(&Context::name, {.name = "name",
                            .title = {"Nom", "Name"},
                            .help = {"Nom court, que citent les lignes et les scripts.",
                                     "Short name, as lines and scripts say it."},
                            .required = true,
                            .unique = true,
                            .bounds = {1, 128},
                            .characters = kNameCharacters,
                            .example = "default",
                            .group = "general",
                            .listed = true}),
      text(&Context::label,
           {.name = "label",
            .title = {"Nom affiché", "Label"},
            .help = {"Nom en clair ; vide : le nom court.", "Name in words; empty: the short name."},
            .bounds = {1, 128},
            .example = "Appels internes",
            .group = "general",
            .listed = true}),
      choice(&Context::type,
             {.name = "type",
              .title = {"Type", "Type"},
              .help = {"Ce que sont les numéros du contexte.", "What the context's numbers are."},
              .choices = {{"internal", {"interne", "internal"}},
                          {"incall", {"appels entrants", "incoming calls"}},
                          {"outcall", {"appels sortants", "outgoing calls"}},
                          {"services", {"services", "services"}},
                          {"others", {"autre", "other"}}},
              .example = "internal",
              .group = "general",
              .listed = true}),
      reference(&Context::tenant,
                {.name = "tenant",
                 .title = {"Entité", "Tenant"},
                 .help = {"L'organisation à laquelle il appartient.", "The organisation it belongs to."},
                 .reference = "tenant",
                 .example = "1",
                 .group = "general",
                 .advanced = true}),
      text(&Context::description, {.name = "description",
                                   .title = {"Description", "Description"},
                                   .help = {"Texte libre.", "Any text."},
                                   .bounds = {0, 1024},
                                   .example = "Les postes du siège",
                                   .group = "general"}),
      boolean(&Context::enabled, {.name = "enabled",
                                  .title = {"Activé", "Enabled"},
                                  .help = {"Les numéros d'un contexte désactivé n'existent pas.",
                                           "The numbers of a disabled context do not exist."},
                                  .example = "true",
                                  .group = "general"}),
      reference_list(
          &Context::includes,
          {.name = "includes",
           .title = {"Contextes inclus", "Included contexts"},
           .help = {"Contextes dont les numéros peuvent aussi être composés, dans l'ordre où on les cherche.",
                    "Contexts whose numbers can be dialled, too, in the order in which they are tried."},
           .bounds = {0, 50},
           .reference = "context",
           .example = "2",
           .group = "dialling"}),
  };
}

std::vector<Field> all_range_fields() {
  return {
      ranges(&Context::user_ranges, "user_ranges", {"Plages des utilisateurs", "User ranges"},
             {"Numéros que peuvent avoir les utilisateurs ; aucune plage : tous.",
              "Numbers that users may have; no range: any."}),
      ranges(&Context::group_ranges, "group_ranges", {"Plages des groupes", "Group ranges"},
             {"Numéros que peuvent avoir les groupes.", "Numbers that groups may have."}),
      ranges(&Context::ivr_ranges, "ivr_ranges", {"Plages des menus vocaux (SVI)", "IVR ranges"},
             {"Numéros que peuvent avoir les menus vocaux (SVI).",
              "Numbers that interactive menus (IVR) may have."}),
      ranges(&Context::queue_ranges, "queue_ranges", {"Plages des files d'attente", "Queue ranges"},
             {"Numéros que peuvent avoir les files d'attente.", "Numbers that queues may have."}),
      ranges(&Context::conference_room_ranges, "conference_room_ranges",
             {"Plages des salles de conférence", "Conference room ranges"},
             {"Numéros que peuvent avoir les conférences.", "Numbers that conferences may have."}),
      rows(&Context::incall_ranges,
           {.name = "incall_ranges",
            .title = {"Plages des numéros entrants", "Incoming number ranges"},
            .help = {"Numéros de l'extérieur qui aboutissent dans ce contexte.",
                     "Numbers from outside that end in this context."},
            .bounds = {0, 100},
            .group = "ranges"},
           incall_range_fields()),
  };
}

}  // namespace

const KindSchema& context_kind() {
  static const TypedKind<Context> kKind(
      kSpec, [](const Context& context) { return context.name; },
      joined({identity_fields(), all_range_fields()}));
  return kKind;
}

}  // namespace xivo::model
