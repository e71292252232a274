#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;
using Rule = Problem::Rule;

/// Nobody who has the number could be called any more.
void code_hides_no_number(const RuleInput& input, Problems& problems) {
  const FeatureCode& code = *input.config.find(FeatureCodeId{input.id});
  if (!code.enabled) return;
  for (const auto& [id, extension] : input.config.objects<Extension>()) {
    const FeatureCode* called = input.config.feature_code(extension->exten);
    if (called == nullptr || called->id != code.id) continue;
    Problem& problem = report(input, problems, Rule::NotUnique, "code");
    problem.facts = {{"value", extension->exten}};
    problem.other = Problem::Other{"extension", id, extension->exten};
    return;
  }
}

const KindSpec kSpec{
    .name = "feature_code",
    .plural = "feature_codes",
    .title = {"Code de fonction", "Feature code"},
    .plural_title = {"Codes de fonction", "Feature codes"},
    .help = {"Un code à composer pour une fonction du système ; le système les crée lui-même.",
             "A code to dial for a feature of the system; the system creates them itself."},
    .rules = {code_hides_no_number},
    .key = "code",
    .fixed = true,
};

}  // namespace

const KindSchema& feature_code_kind() {
  static const TypedKind<FeatureCode> kKind(
      kSpec, [](const FeatureCode& code) { return code.feature; },
      {
          text(&FeatureCode::feature, {.name = "feature",
                                       .title = {"Fonction", "Feature"},
                                       .help = {"La fonction appelée.", "The feature that is called."},
                                       .required = true,
                                       .read_only = true,
                                       .bounds = {1, 64},
                                       .characters = kNameCharacters,
                                       .example = "echo",
                                       .listed = true}),
          text(&FeatureCode::code, {.name = "code",
                                    .title = {"Code", "Code"},
                                    .help = {"Ce que l'on compose. Derrière un code qui commence par * ou #, "
                                             "les chiffres qui suivent sont "
                                             "l'argument de la fonction.",
                                             "What is dialled. Behind a code that starts with * or #, "
                                             "further digits are the feature's "
                                             "argument."},
                                    .required = true,
                                    .unique = true,
                                    .bounds = {1, 20},
                                    .characters = {"0-9*#", {"chiffres, * et #", "digits, * and #"}},
                                    .example = "*55",
                                    .listed = true}),
          boolean(&FeatureCode::enabled,
                  {.name = "enabled",
                   .title = {"Activé", "Enabled"},
                   .help = {"Un code désactivé n'est pas reconnu.", "A disabled code is not recognised."},
                   .example = "true",
                   .listed = true}),
      });
  return kKind;
}

}  // namespace xivo::model
