#include <fmt/format.h>

#include "console/commands.hpp"
#include "console/pjsip_tables.hpp"
#include "console/sip_tables.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

Output show_endpoint(const EngineSnapshot& engine, const Arguments& arguments) {
  return {pjsip_endpoint(engine, arguments[0]), find_peer(engine, arguments[0]) == nullptr};
}

/// A list in its two forms: whole, and with `like`.
template <class Table>
void add_list(CommandTree& tree, const std::string& words, Summary summary, Table table) {
  tree.add({words, none("[like <pattern>]"), summary, from_snapshot_like(table)});
  tree.add({words + " like", one("<pattern>"), summary, from_snapshot_like(table)});
}

}  // namespace

void add_pjsip_commands(CommandTree& tree) {
  add_list(
      tree, "pjsip show endpoints",
      {"List lines with their contacts and channels", "Lister les lignes, leurs contacts et leurs canaux"},
      pjsip_endpoints);
  add_list(tree, "pjsip show aors",
           {"List addresses of record and their contacts", "Lister les adresses et leurs contacts"},
           pjsip_aors);
  add_list(tree, "pjsip show contacts", {"List registered contacts", "Lister les contacts enregistrés"},
           pjsip_contacts);
  add_list(tree, "pjsip show channels", {"List SIP channels", "Lister les canaux SIP"}, pjsip_channels);
  add_list(tree, "pjsip show registrations",
           {"List our registrations with operators", "Lister nos enregistrements auprès des opérateurs"},
           pjsip_registrations);
  tree.add({"pjsip show endpoint",
            one("<endpoint>", ArgumentKind::Peer),
            {"Show one line and its parameters", "Montrer une ligne et ses paramètres"},
            from_snapshot(show_endpoint)});
}

}  // namespace xivo::console
