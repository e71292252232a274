#include <fmt/format.h>

#include <algorithm>

#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

std::string nothing_pending(const EngineSnapshot& engine) {
  const auto& revision = engine.revision;
  auto text = fmt::format(
      "Nothing to reload: every change is live as soon as it is saved.\nActive is revision {} of {}",
      revision.number, date_time(revision.published));
  if (!revision.author.empty()) text += " by " + printable(revision.author);
  if (!revision.summary.empty()) text += ": " + printable(revision.summary);
  return text + "\n";
}

Output reload(const EngineSnapshot& engine, const Arguments& arguments) {
  if (arguments.empty()) return {nothing_pending(engine)};
  if (!is_known_module(arguments[0])) {
    return {fmt::format("No such module '{}'\n", printable(arguments[0])), true};
  }
  return {fmt::format("Module '{}' reloaded successfully.\n", printable(arguments[0])) +
          nothing_pending(engine)};
}

bool names_tls(std::string_view module) { return module == "tls" || module == "tls.so"; }

/// The one thing that lives in files: certificates. Everything else is live anyway.
void reload_files(Invocation invocation) {
  const auto& arguments = invocation.arguments;
  if (!arguments.empty() && !names_tls(arguments[0])) return from_snapshot(reload)(std::move(invocation));
  auto& view = invocation.view;
  view.reload_certificates([&view, arguments = std::move(invocation.arguments),
                            answer = std::move(invocation.answer)](const ReloadedCertificates& certificates) {
    if (certificates.failed) {
      return answer(
          {"The certificates stay as they are: " + printable_lines(certificates.text) + "\n", true});
    }
    const auto read = certificates.text.empty()
                          ? std::string()
                          : "TLS certificates are read anew:\n" + printable_lines(certificates.text);
    view.snapshot([read, arguments, answer](const EngineSnapshot& engine) {
      auto told = reload(engine, arguments);
      told.text = read + told.text;
      answer(told);
    });
  });
}

constexpr Summary kReloadFiles = {"Read the TLS certificates anew; everything else is live already",
                                  "Relire les certificats TLS ; tout le reste est déjà en vigueur"};
constexpr Summary kReload = {"Accepted for habit's sake; says which configuration is active",
                             "Accepté par habitude ; dit quelle configuration est active"};

}  // namespace

const std::vector<std::string>& known_modules() {
  static const std::vector<std::string> modules = {
      "app_confbridge.so",
      "app_dial.so",
      "app_queue.so",
      "app_voicemail.so",
      "cdr.so",
      "cdr_csv.so",
      "cel.so",
      "chan_pjsip.so",
      "chan_sip.so",
      "codec_opus.so",
      "features.so",
      "func_db.so",
      "pbx_config.so",
      "res_musiconhold.so",
      "res_parking.so",
      "res_pjsip.so",
      "res_rtp_asterisk.so",
      "res_timing_timerfd.so",
      "tls.so",
  };
  return modules;
}

bool is_known_module(std::string_view name) {
  const auto& modules = known_modules();
  return std::any_of(modules.begin(), modules.end(), [&](const std::string& module) {
    return name == module || name == std::string_view(module).substr(0, module.size() - 3);
  });
}

void add_reload_commands(CommandTree& tree) {
  for (const char* words : {"reload", "module reload"}) {
    tree.add({words, optional("[<module>]", ArgumentKind::Module), kReloadFiles, reload_files});
  }
  tree.add({"core reload", none(), kReloadFiles, reload_files});
  for (const char* words :
       {"sip reload", "pjsip reload", "dialplan reload", "queue reload all", "queue reload members",
        "queue reload parameters", "queue reload rules", "voicemail reload", "moh reload", "logger reload",
        "features reload", "manager reload", "parking reload", "cdr reload"}) {
    tree.add({words, none(), kReload, from_snapshot(reload)});
  }
}

}  // namespace xivo::console
