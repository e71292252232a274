#include "app/announce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "app/version.hpp"
#include "app/web/websocket_hub.hpp"

namespace xivo::app {
namespace {

std::string server_of(const Announcement& a) {
  const auto four =
      std::find_if(a.sip.begin(), a.sip.end(), [](const auto& address) { return address.ip.is_v4(); });
  const auto& address = four == a.sip.end() ? a.sip.front() : *four;
  const auto host = address.ip.is_unspecified() ? std::string("127.0.0.1") : address.ip.to_uri_host();
  return address.port == 5060 ? host : fmt::format("{}:{}", host, address.port);
}

}  // namespace

std::string text_of(const Announcement& a) {
  std::string out;
  const auto line = [&]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
    out += '\n';
  };
  line("XiVO {}: prêt / ready", kVersion);
  line("");
  line("  Web            http://{}/", a.http.to_string());
  if (a.https) line("                 https://{}/", a.https->to_string());
  line("  REST           http://{}/api/v1", a.http.to_string());
  if (a.https) line("                 https://{}/api/v1", a.https->to_string());
  line("                 {}", a.rest_socket);
  for (const auto& address : a.sip) line("  SIP            {} (udp, tcp)", address.to_string());
  for (const auto& address : a.sip_tls) line("  SIP            {} (tls)", address.to_string());
  line("  SIP            ws://{}{}", a.http.to_string(), WebSocketHub::kPath);
  if (a.https) line("  SIP            wss://{}{}", a.https->to_string(), WebSocketHub::kPath);
  line("  Console        {}", a.console_socket);
  line("  Configuration  révision {} revision: {} utilisateurs / users, {} lignes / lines", a.revision,
       a.users, a.lines);
  if (!a.admin_password.empty()) {
    line("");
    line("  Administrateur / administrator (affiché une seule fois / shown only once)");
    line("    admin / {}", a.admin_password);
  }
  if (!a.phones.empty()) {
    line("");
    line("  Téléphones / phones (serveur / server {})", server_of(a));
    line("    {:<8}{:<18}{:<20}{}", "numéro", "compte / account", "secret", "nom / name");
    for (const auto& phone : a.phones) {
      line("    {:<7}{:<18}{:<20}{}", phone.number, phone.name, phone.secret, phone.user);
    }
  }
  line("");
  line(
      "  À essayer / to try: 101, 102, 103; *55 test d'écho / echo test; 199 numéro inconnu / unknown "
      "number");
  line("  Ctrl-C arrête / stops.");
  return out;
}

}  // namespace xivo::app
