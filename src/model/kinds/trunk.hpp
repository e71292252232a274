#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// A way to the outside: an operator's access, another PBX, a gateway.
struct Trunk {
  TrunkId id{};
  std::string name{};  // unique
  std::string label{};
  bool enabled = true;
  ContextId
      context{};  // of type incall: where the numbers that it calls are looked for; 0: it can call nobody
  std::string host{};  // "address[:port]" or "name[:port]"
  std::string transport = "any";  // any, udp, tcp, tls
  std::string username{};  // of the account; the user part of From and Contact
  std::string auth_username{};  // of the digest; empty: username
  std::string secret{};  // never read back
  std::string from_user{};  // empty: the number that is shown
  std::string from_domain{};  // empty: host
  bool registers = false;  // "register" on the wire
  std::string registrar{};  // empty: host
  std::int64_t register_expires = 600;  // seconds asked for; the operator may say less
  std::string outbound_proxy{};  // where everything is sent; empty: to the host itself
  /// Addresses and networks whose calls are this trunk's, besides those that its host is found at.
  std::vector<std::string> match_addresses{};
  std::int64_t max_channels_in = 0;  // 0: no limit
  std::int64_t max_channels_out = 0;
  std::vector<std::string> codecs = {"alaw", "ulaw"};
  std::string dtmf_mode = "auto";  // rfc4733, info, inband, auto
  std::string encryption = "no";  // of media: no, optional, required
  std::int64_t options_interval = 60;  // seconds between OPTIONS; 0: none
  std::string outgoing_caller_id{};  // the number that is shown when nobody has one of his own
  std::string outgoing_caller_id_format = "+E164";  // +E164, E164, national
  bool identity_in = false;  // its P-Asserted-Identity is believed
  std::string identity_out = "pai";  // none, pai, rpid
  bool diversion_out = false;  // who forwarded is told by Diversion
  std::string country{};  // for the forms of numbers; empty: the company's
  std::string template_name{};  // "template" on the wire: the file it was made from
  std::string description{};

  [[nodiscard]] const std::string& digest_user() const {
    return auth_username.empty() ? username : auth_username;
  }
  [[nodiscard]] const std::string& registrar_host() const { return registrar.empty() ? host : registrar; }
  [[nodiscard]] const std::string& title() const { return label.empty() ? name : label; }
};

/// Whether a text says where a trunk's host is: an address or a full host name, with or without a port.
bool is_trunk_host(std::string_view text);

}  // namespace xivo::model
