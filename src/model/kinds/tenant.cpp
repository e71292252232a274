#include "model/declare.hpp"
#include "model/kinds/registry.hpp"

namespace xivo::model {

namespace {

using namespace declare;

const KindSpec kSpec{
    .name = "tenant",
    .plural = "tenants",
    .title = {"Entité", "Tenant"},
    .plural_title = {"Entités", "Tenants"},
    .help = {"L'organisation à laquelle appartiennent les contextes.",
             "The organisation that contexts belong to."},
    .key = "name",
};

}  // namespace

const KindSchema& tenant_kind() {
  static const TypedKind<Tenant> kKind(
      kSpec, [](const Tenant& tenant) { return tenant.name; },
      {
          uuid(&Tenant::uuid),
          text(&Tenant::name,
               {.name = "name",
                .title = {"Nom", "Name"},
                .help = {"Nom court, que citent les scripts.", "Short name, as scripts say it."},
                .required = true,
                .unique = true,
                .bounds = {1, 64},
                .characters = kNameCharacters,
                .example = "default",
                .listed = true}),
          text(&Tenant::description, {.name = "description",
                                      .title = {"Description", "Description"},
                                      .help = {"Texte libre.", "Any text."},
                                      .bounds = {0, 1024},
                                      .example = "Siège",
                                      .listed = true}),
      });
  return kKind;
}

}  // namespace xivo::model
