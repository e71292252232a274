#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/seed.hpp"

namespace xivo::app {

/// What a start has to say.
struct Announcement {
  std::vector<SocketAddress> sip;
  std::vector<SocketAddress> sip_tls;
  SocketAddress http;
  std::optional<SocketAddress> https;
  std::string console_socket;
  std::string rest_socket;
  std::string admin_password;         // empty: not a first start
  std::vector<PhoneAccount> phones;   // with secrets, the first time only
  model::RevisionNumber revision = 0;
  std::size_t users = 0;
  std::size_t lines = 0;
};

/// The text of it, in French and English.
std::string text_of(const Announcement& announcement);

}  // namespace xivo::app
