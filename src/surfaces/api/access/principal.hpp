#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/rights.hpp"
#include "store/session_store.hpp"

namespace xivo::api {

/// Who asks, once it is known.
struct Principal {
  enum class Kind : std::uint8_t {
    Nobody,   // at an open route
    Local,    // root, or the user we run as, over the Unix socket
    Session,  // an account that signed in
    Token,    // a program with an account's API token
  };

  Kind kind = Kind::Nobody;
  std::int64_t account = 0;  // id of the account object; 0: not an account
  model::Rights rights{};
  std::string token{};  // what it came with: a session's or an API token
  std::optional<store::Session> session{};
};

/// "nobody", "local", "session", "token"
std::string_view name(Principal::Kind kind);

/// What a page of ours sends as X-CSRF-Token with each change: it follows from the session's token, which no page can
/// read, and is told by GET /session, which no other site can.
std::string csrf_token(std::string_view session_token);

}  // namespace xivo::api
