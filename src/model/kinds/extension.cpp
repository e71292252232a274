#include "model/declare.hpp"
#include "model/kinds/registry.hpp"
#include "model/numbering/pattern.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

const Extension& extension_of(const RuleInput& input) { return *input.config.find(ExtensionId{input.id}); }

void number_is_no_feature_code(const RuleInput& input, Problems& problems) {
  const Extension& extension = extension_of(input);
  const FeatureCode* code = input.config.feature_code(extension.exten);
  if (code == nullptr) return;
  report(input, problems, Rule::ExtensionIsFeatureCode, "exten").facts = {
      {"exten", extension.exten}, {"code", code->code}, {"feature", code->feature}};
}

/// People and their mailboxes are called inside the company, or from outside by a number of their own.
void destination_fits_context(const RuleInput& input, Problems& problems) {
  const Extension& extension = extension_of(input);
  const Context* context = input.config.find(extension.context);
  if (context == nullptr || context->type == "internal" || context->type == "incall") return;
  const bool personal = extension.destination.as<ToUser>() || extension.destination.as<ToVoicemail>();
  if (!personal) return;
  report(input, problems, Rule::ContextType, "context").facts = {
      {"use", std::string(extension.destination.type().name)},
      {"context", context->name},
      {"type", context->type}};
}

template <class Range>
void number_is_in(const RuleInput& input, Problems& problems, const Context& context,
                  const std::vector<Range>& ranges, std::string_view number) {
  std::string all;
  for (const Range& range : ranges) {
    const std::string& end = range.end.empty() ? range.start : range.end;
    if (number.size() == range.start.size() && number >= range.start && number <= end) return;
    all += (all.empty() ? "" : ", ") + range.start + (range.end.empty() ? "" : "-" + range.end);
  }
  if (ranges.empty()) return;
  report(input, problems, Rule::OutsideRange, "exten").facts = {
      {"exten", std::string(number)}, {"context", context.name}, {"ranges", all}};
}

/// As XiVO has it: a context without ranges takes any number.
void number_is_in_a_range(const RuleInput& input, Problems& problems) {
  const Extension& extension = extension_of(input);
  const Context* context = input.config.find(extension.context);
  if (context == nullptr || numbering::is_pattern(extension.exten)) return;
  if (context->type == "internal" && extension.destination.as<ToUser>()) {
    number_is_in(input, problems, *context, context->user_ranges, extension.exten);
  } else if (context->type == "incall" && !extension.destination.is_none()) {
    number_is_in(input, problems, *context, context->incall_ranges, extension.exten);
  }
}

const KindSpec kSpec{
    .name = "extension",
    .plural = "extensions",
    .title = {"Numéro", "Extension"},
    .plural_title = {"Numéros", "Extensions"},
    .help = {"Un numéro d'un contexte, et où vont les appels vers lui.",
             "A number of a context, and where calls to it go."},
    .rules = {number_is_no_feature_code, destination_fits_context, number_is_in_a_range},
};

}  // namespace

const KindSchema& extension_kind() {
  static const TypedKind<Extension> kKind(
      kSpec, [](const Extension& extension) { return extension.exten; },
      {
          text(&Extension::exten, {.name = "exten",
                                   .title = {"Numéro", "Number"},
                                   .help = {"Le numéro que l'on compose, ou un modèle d'Asterisk : _1XX.",
                                            "The number that is dialled, or an Asterisk pattern: _1XX."},
                                   .required = true,
                                   .unique = true,
                                   .unique_within = "context",
                                   .bounds = {1, 40},
                                   .characters = {"0-9*#XZNxzn_.![]-",
                                                  {"chiffres, * et # ; derrière _ aussi X Z N [ ] . !",
                                                   "digits, * and #; behind _ also X Z N [ ] . !"}},
                                   .accepts = numbering::is_number_or_pattern,
                                   .example = "102",
                                   .listed = true}),
          reference(&Extension::context, {.name = "context",
                                          .title = {"Contexte", "Context"},
                                          .help = {"Contexte dans lequel le numéro existe.",
                                                   "The context in which the number exists."},
                                          .required = true,
                                          .reference = "context",
                                          .example = "1",
                                          .listed = true}),
          destination(&Extension::destination, {.name = "destination",
                                                .title = {"Destination", "Destination"},
                                                .help = {"Où vont les appels.", "Where calls go."},
                                                .listed = true}),
          boolean(&Extension::enabled, {.name = "enabled",
                                        .title = {"Activé", "Enabled"},
                                        .help = {"Un numéro désactivé n'existe pas pour qui le compose.",
                                                 "A disabled number does not exist for who dials it."},
                                        .example = "true"}),
      });
  return kKind;
}

const DestinationType& extension_destination() {
  static const DestinationType kType = destination_type<ToExtension>(
      "extension", {"Numéro", "Extension"},
      {"Comme si l'appelant avait composé un autre numéro.", "As if the caller had dialled another number."},
      {text(&ToExtension::exten, {.name = "exten",
                                  .title = {"Numéro", "Number"},
                                  .help = {"Le numéro à composer.", "The number to dial."},
                                  .required = true,
                                  .bounds = {1, 40},
                                  .characters = {"0-9*#", {"chiffres, * et #", "digits, * and #"}},
                                  .example = "102"}),
       reference(&ToExtension::context,
                 {.name = "context",
                  .title = {"Contexte", "Context"},
                  .help = {"Contexte du numéro ; aucun : le même.", "The number's context; none: the same."},
                  .reference = "context",
                  .example = "1"})});
  return kType;
}

const DestinationType& none_destination() {
  static const DestinationType kType{
      .name = "none",
      .title = {"Aucune", "None"},
      .help = {"L'appel est traité comme si de rien n'était.", "The call is treated as if nothing were set."},
      .fields = {},
      .make = {},
      .tag = nullptr};
  return kType;
}

const DestinationType& hangup_destination() {
  static const DestinationType kType = destination_type<ToHangup>(
      "hangup", {"Raccrocher", "Hang up"}, {"L'appel est refusé.", "The call is refused."},
      {choice(&ToHangup::cause, {.name = "cause",
                                 .title = {"Cause", "Cause"},
                                 .help = {"Ce que l'appelant entend.", "What the caller hears."},
                                 .choices = {{"normal", {"fin normale", "normal"}},
                                             {"busy", {"occupé", "busy"}},
                                             {"congestion", {"encombrement", "congestion"}}},
                                 .example = "busy"})});
  return kType;
}

}  // namespace xivo::model
