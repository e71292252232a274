#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "runtime/scheduler.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// How long a session lasts without a sign of life, and who gives it.                                 RFC 4028
struct SessionTerms {
  std::uint32_t interval = 0;  // seconds; 0 = it never expires
  bool we_refresh = false;
};

/// The session timer of one dialog: negotiation in both roles, the moment of the refresh and the moment of giving up.
/// Thread  the shard's.
class SessionTimer {
 public:
  struct Options {  // named as in the general SIP settings: session-expires, session-minse
    std::uint32_t session_expires = 1800;
    std::uint32_t session_minse = 90;
  };
  /// A Min-SE that a peer may raise us to; one that wants more is refused.
  static constexpr std::uint32_t kMinSeMax = 86'400;

  struct User {
    std::function<void()> refresh;
    std::function<void()> expired;
  };

  SessionTimer(const runtime::Scheduler& scheduler, const Options& options, User user)
      : scheduler_(scheduler), options_(options), user_(std::move(user)) {}
  ~SessionTimer() { stop(); }
  SessionTimer(const SessionTimer&) = delete;
  SessionTimer& operator=(const SessionTimer&) = delete;

  // ---- as UAS, of an INVITE, re-INVITE or UPDATE                                                       §9
  struct TooSmall {};  // answer 422 with min_se_line()
  struct Malformed {};  // answer 400
  struct Accepted {
    SessionTerms terms;
    std::string lines;  // of the 2xx
  };
  [[nodiscard]] std::variant<Accepted, TooSmall, Malformed> judge(const sip::Message& request) const;
  [[nodiscard]] static std::string min_se_line(const Options& options);
  [[nodiscard]] std::string min_se_line() const { return min_se_line(options_); }

  // ---- as UAC                                                                                          §7
  /// The lines of a request that refreshes or begins the session.
  [[nodiscard]] std::string request_lines() const;
  /// Takes over what the 2xx says. `ours`: false when the request bore no Session-Expires.
  [[nodiscard]] SessionTerms agreed(const sip::Message& response) const;
  /// A 422 has come: true when the request may be sent again, with more time.
  bool raise(const sip::Message& response);

  /// Starts anew: a request with its 2xx has refreshed the session.
  void start(const SessionTerms& terms);
  void stop();
  [[nodiscard]] const SessionTerms& terms() const { return terms_; }

 private:
  const runtime::Scheduler scheduler_;
  const Options options_;
  User user_;
  SessionTerms terms_;
  std::uint32_t min_se_ = 0;  // learned by 422
  runtime::TimerId refresh_timer_;
  runtime::TimerId expiry_timer_;
};

}  // namespace xivo::endpoint
