#include "api/access/principal.hpp"

#include "store/password.hpp"

namespace xivo::api {

std::string_view name(Principal::Kind kind) {
  switch (kind) {
    case Principal::Kind::Nobody: return "nobody";
    case Principal::Kind::Local: return "local";
    case Principal::Kind::Session: return "session";
    case Principal::Kind::Token: return "token";
  }
  return "";
}

std::string csrf_token(std::string_view session_token) {
  return store::token_digest("csrf " + std::string(session_token));
}

}  // namespace xivo::api
