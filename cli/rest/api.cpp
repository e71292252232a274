#include "cli/rest/api.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>

#include "base/text.hpp"
#include "model/json.hpp"
#include "runtime/socket.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr model::JsonLimits kAnswerLimits{
    .bytes_max = 64 << 20, .depth_max = 32, .values_max = 20'000'000, .members_max = 10'000};
constexpr std::string_view kPlain = "http://";
constexpr std::string_view kSecure = "https://";

/// The first address of a name. Blocks, as a command line may.
std::optional<SocketAddress> look_up(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const char* name = host.c_str();
  const int error = getaddrinfo(name, port.c_str(), &hints, &found);  // lint: allow resolve nobody else waits
  if (error != 0) return std::nullopt;
  runtime::KernelAddress kernel;
  std::memcpy(kernel.get(), found->ai_addr, found->ai_addrlen);
  kernel.size = found->ai_addrlen;
  freeaddrinfo(found);
  return kernel.to_socket_address();
}

struct HostAndPort {
  std::string host;
  std::string port;
  bool secure = false;
};

/// "http://pbx.example:8080/" taken apart; nothing when it is no such URL.
std::optional<HostAndPort> parse_url(std::string_view url) {
  HostAndPort parts;
  parts.secure = url.starts_with(kSecure);
  if (!parts.secure && !url.starts_with(kPlain)) return std::nullopt;
  parts.port = parts.secure ? "443" : "80";
  url.remove_prefix(parts.secure ? kSecure.size() : kPlain.size());
  url = url.substr(0, url.find('/'));
  const auto bracket = url.find(']');
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = url.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = url.substr(colon + 1);
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  if (parts.host.empty() || !text::parse_decimal<std::uint16_t>(parts.port)) return std::nullopt;
  return parts;
}

Failure failure_of(const Error& error, const std::string& place, Language language) {
  const bool absent = error.what == "cannot connect";
  const std::string why =
      error.detail != 0 ? std::string(": ") + std::strerror(static_cast<int>(error.detail)) : "";
  if (absent)
    return {
        kNoServer,
        fmt::format(fmt::runtime(in(language, "aucun serveur ne répond à {}{}", "no server answers at {}{}")),
                    place, why)};
  return {kDisconnected, fmt::format("{} ({})", error.what, place)};
}

/// TLS as the command line wants it.
Outcome<http::Client::Options> tls_options(const ApiTarget& target, const std::string& host) {
  auto context = runtime::TlsContext::load_client(!target.insecure, target.trust_file);
  if (!context) return failed(kUsage, context.error());
  http::Client::Options options;
  options.tls = std::move(*context);
  options.host = host;
  return options;
}

/// "--firstname: ..." for a field, "..." for all else.
std::string problem_line(const Value& problem) {
  const std::string field = problem.text_at("field");
  const std::string message = problem.text_at("message");
  const bool by_row = problem.find("row") != nullptr;  // the message says where
  return field.empty() || by_row ? message : fmt::format("--{}: {}", field, message);
}

}  // namespace

Outcome<Api> Api::open(const ApiTarget& target, Language language) {
  std::unique_ptr<http::Client> client;
  std::string place = target.url.empty() ? target.socket : target.url;
  if (target.url.empty()) {
    client = std::make_unique<http::Client>(http::Client::UnixPath{target.socket});
  } else {
    const auto parts = parse_url(target.url);
    if (!parts)
      return failed(kUsage,
                    fmt::format(fmt::runtime(in(language, "« {} » n'est pas une adresse http(s)://hôte:port",
                                                "\"{}\" is no address http(s)://host:port")),
                                target.url));
    const auto address = look_up(parts->host, parts->port);
    if (!address)
      return failed(
          kNoServer,
          fmt::format(fmt::runtime(in(language, "l'hôte « {} » est inconnu", "there is no host \"{}\"")),
                      parts->host));
    http::Client::Options options;
    if (parts->secure) {
      auto made = tls_options(target, parts->host);
      if (!made) return Unexpected{made.error()};
      options = std::move(*made);
    }
    client = std::make_unique<http::Client>(*address, options);
  }
  if (!target.token.empty()) client->set_header("Authorization", "Bearer " + target.token);
  client->set_header("Accept-Language", in(language, "fr", "en"));
  return Api(std::move(client), std::move(place), language);
}

Failure Api::untrusted() const {
  return {
      kNoServer,
      fmt::format(fmt::runtime(in(language_,
                                  "pas de connexion sûre avec {} : {}\n(certificat auto-signé : --cafile "
                                  "FICHIER le reconnaît, --insecure s'en passe)",
                                  "no secure connection with {}: {}\n(a self-signed certificate: --cafile "
                                  "FILE trusts it, --insecure does without)")),
                  place_, client_->why_no_tls())};
}

Outcome<Reply> Api::ask(std::string_view method, std::string_view path, std::string_view body,
                        std::string_view type) {
  http::Headers headers;
  if (!body.empty()) headers.push_back({"Content-Type", std::string(type)});
  auto response = client_->request(method, fmt::format("/api/v1{}", path), body, headers);
  if (!response && response.error().what == "no TLS") return Unexpected{untrusted()};
  if (!response) return Unexpected{failure_of(response.error(), place_, language_)};
  Reply reply{response->status, std::move(response->body), {}};
  const std::string_view answered = response->header("content-type").value_or("");
  if (answered.starts_with("application/") && !reply.body.empty()) {
    auto json = model::parse_json(reply.body, kAnswerLimits);
    if (!json) return failed(kDisconnected, fmt::format("{} ({})", json.error().what, place_));
    reply.json = std::move(*json);
  }
  return reply;
}

Outcome<Reply> Api::request(std::string_view method, std::string_view path, std::string_view body,
                            std::string_view type) {
  auto reply = ask(method, path, body, type);
  if (reply && reply->status >= 300) return failed(kCommandFailed, problem_text(*reply, language_));
  return reply;
}

Outcome<Reply> Api::post(std::string_view path, const Value& body) {
  return request("POST", path, model::to_json(body));
}

namespace {

/// What would cure the findings that refused a change.
std::string cures(const Value& document, Language language) {
  std::string text;
  const Value* findings = document.find("findings");
  if (findings == nullptr || findings->items() == nullptr) return text;
  for (const Value& finding : *findings->items()) {
    const Value* fix = finding.find("fix");
    if (finding.text_at("severity") != "block" || fix == nullptr || !fix->is_object()) continue;
    text +=
        fmt::format(fmt::runtime(in(language, "\n(remède : {})", "\n(cure: {})")), fix->text_at("sentence"));
  }
  return text;
}

}  // namespace

std::string problem_text(const Reply& reply, Language language) {
  const Value* problems = reply.json.find("problems");
  std::string text;
  if (problems != nullptr && problems->items() != nullptr) {
    for (const Value& problem : *problems->items())
      text += (text.empty() ? "" : "\n") + problem_line(problem);
  }
  if (text.empty()) text = reply.json.text_at("detail");
  if (text.empty())
    text = fmt::format(fmt::runtime(in(language, "réponse {} du serveur", "the server answered {}")),
                       reply.status);
  text += cures(reply.json, language);
  if (const Value* other = reply.json.find("other"); other != nullptr && other->is_object()) {
    text += fmt::format(
        fmt::runtime(in(language, "\n(révision {} de {}, {} : {})", "\n(revision {} by {}, {}: {})")),
        other->integer_at("revision"), other->text_at("author"), other->text_at("at"),
        other->text_at("message"));
  }
  return text;
}

std::string encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      result += c;
    } else {
      fmt::format_to(std::back_inserter(result), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

}  // namespace xivo::cli
