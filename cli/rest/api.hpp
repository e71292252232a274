#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/rest/failure.hpp"
#include "http/client.hpp"
#include "model/value.hpp"

namespace xivo::cli {

/// Where the REST interface is and who asks.
struct ApiTarget {
  std::string socket;  // used unless `url` is given
  std::string url;  // "http://pbx.example:8080", "https://pbx.example:8443"
  std::string trust_file;  // https: certificates that may sign the server's; empty: the system's
  bool insecure = false;  // https: any certificate will do
  std::string token;  // of POST /tokens or POST /login; not needed as root over the socket
};

struct Reply {
  int status = 0;
  std::string body;
  model::Value json;  // null when the body is none
};

/// The REST interface as the command line uses it: one request at a time, waiting for its answer.
/// Thread  its owner's
class Api {
 public:
  /// Connects at the first request. Errors: kUsage for a URL that is none
  static Outcome<Api> open(const ApiTarget& target, model::Language language);

  /// What a 2xx answers; anything else is a failure, worded by the problem document.
  /// Shape   path: below /api/v1, with its query
  Outcome<Reply> get(std::string_view path) { return request("GET", path); }
  Outcome<Reply> request(std::string_view method, std::string_view path, std::string_view body = {},
                         std::string_view type = "application/json");
  /// The same, and refusals are answers, too.
  Outcome<Reply> ask(std::string_view method, std::string_view path, std::string_view body = {},
                     std::string_view type = "application/json");
  Outcome<Reply> post(std::string_view path, const model::Value& body);

  [[nodiscard]] model::Language language() const { return language_; }

 private:
  Api(std::unique_ptr<http::Client> client, std::string place, model::Language language)
      : client_(std::move(client)), place_(std::move(place)), language_(language) {}

  [[nodiscard]] Failure untrusted() const;

  std::unique_ptr<http::Client> client_;
  std::string place_;
  model::Language language_;
};

/// A problem document as lines for people: the sentence, or one for each problem with the option it is about.
std::string problem_text(const Reply& reply, model::Language language);

/// Percent-encodes a query's value or a path's segment.                                         RFC 3986 §2.3
std::string encoded(std::string_view text);

}  // namespace xivo::cli
