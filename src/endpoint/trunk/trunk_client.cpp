// One trunk between calls: registered, watched, found.                           RFC 3261 §10.2, §11, RFC 3263
#include "endpoint/trunk/trunk_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "endpoint/trunk/identity.hpp"
#include "model/config_index.hpp"

namespace xivo::endpoint {
namespace {

std::string uri_of(const model::Trunk& trunk, std::string_view host) {
  const auto ip = IpAddress::parse(host);
  const std::string name = ip ? ip->to_uri_host() : std::string(host);
  const std::string_view transport = trunk.transport == "tls"   ? ";transport=tls"
                                     : trunk.transport == "tcp" ? ";transport=tcp"
                                                                : "";
  return fmt::format("sip:{}{}", name, transport);
}

std::string account_of(const model::Trunk& trunk) {
  const auto host = trunk.from_domain.empty() ? trunk.registrar_host() : trunk.from_domain;
  const auto name = host_name(host);
  const auto ip = IpAddress::parse(name);
  const std::string domain = ip ? ip->to_uri_host() : std::string(name);
  if (trunk.username.empty()) return fmt::format("<sip:{}>", domain);
  return fmt::format("<sip:{}@{}>", sip::escape_user(trunk.username), domain);
}

/// The hosts that the trunk's calls may come from.
std::set<std::string> hosts_of(const model::Trunk& trunk) {
  std::set<std::string> hosts{trunk.host};
  if (!trunk.registrar.empty()) hosts.insert(trunk.registrar);
  if (!trunk.outbound_proxy.empty()) hosts.insert(trunk.outbound_proxy);
  return hosts;
}

Registration::Terms registration_terms(const model::Trunk& trunk, const std::string& line) {
  Registration::Terms terms;
  terms.where =
      trunk.outbound_proxy.empty() ? whereabouts_of(trunk, trunk.registrar_host()) : next_hop_of(trunk);
  terms.request_uri = uri_of(trunk, host_name(trunk.registrar_host()));
  terms.address = account_of(trunk);
  terms.contact_user = trunk.username;
  terms.line = line;
  terms.route = route_of(trunk);
  terms.expires = trunk.register_expires;
  terms.credentials = {trunk.digest_user(), trunk.secret};
  return terms;
}

}  // namespace

sip::Whereabouts whereabouts_of(const model::Trunk& trunk, std::string_view host) {
  sip::Whereabouts where;
  if (const auto fixed = model::parse_fixed_host(host)) {
    where.host = fixed->ip.to_string();
    where.port = fixed->port;
  } else if (const auto named = model::parse_named_host(host)) {
    where.host = std::string(named->name);
    where.port = named->port;
  }
  if (trunk.transport == "udp") where.transport = sip::Transport::Udp;
  if (trunk.transport == "tcp") where.transport = sip::Transport::Tcp;
  if (trunk.transport == "tls") where.transport = sip::Transport::Tls;
  return where;
}

sip::Whereabouts next_hop_of(const model::Trunk& trunk) {
  return whereabouts_of(trunk, trunk.outbound_proxy.empty() ? trunk.host : trunk.outbound_proxy);
}

std::vector<std::string> route_of(const model::Trunk& trunk) {
  if (trunk.outbound_proxy.empty()) return {};
  return {fmt::format("<{};lr>", uri_of(trunk, trunk.outbound_proxy))};
}

TrunkClient::TrunkClient(const TrunkTools& tools, model::Trunk trunk, std::string line, std::uint64_t token,
                         std::function<void()> changed)
    : tools_(tools), trunk_(std::move(trunk)), line_(std::move(line)), changed_(std::move(changed)) {
  if (trunk_.registers) {
    registration_ = std::make_unique<Registration>(
        tools_, token, registration_terms(trunk_, line_),
        Registration::Told{[this](TrunkEvent event) { on_event(std::move(event)); }, [this] { changed_(); }});
  }
  if (trunk_.options_interval > 0) {
    OptionsPing::Terms terms{next_hop_of(trunk_), uri_of(trunk_, trunk_.host), account_of(trunk_),
                             route_of(trunk_), std::chrono::seconds(trunk_.options_interval)};
    ping_ = std::make_unique<OptionsPing>(
        tools_, token + 1, std::move(terms),
        OptionsPing::Told{[this](TrunkEvent event) { on_event(std::move(event)); }, [this] { changed_(); }});
  }
}

TrunkClient::~TrunkClient() {
  tools_.scheduler.timers.cancel(timer_);
  for (const auto& [host, search] : searches_) tools_.locator->cancel(search);
}

void TrunkClient::start() {
  started_ = tools_.scheduler.clock.wall();
  look_up();
  if (registration_) registration_->start();
  if (ping_) ping_->start();
}

void TrunkClient::stop() {
  if (registration_) registration_->stop();
}

void TrunkClient::retry() {
  if (registration_) registration_->retry();
}

OperatorRequest* TrunkClient::request(Part part) {
  if (part == Part::Registration) return registration_ ? &registration_->request() : nullptr;
  return ping_ ? &ping_->request() : nullptr;
}

void TrunkClient::on_flow_failed(const sip::Flow& flow) {
  if (registration_) registration_->on_flow_failed(flow);
}

void TrunkClient::on_event(TrunkEvent event) {
  const auto text = fmt::format("trunk {}: {}", trunk_.name, describe(event, model::Language::English));
  if (is_failure(event.kind)) {
    log::warning("trunk", "{}", text);
  } else if (event.kind != TrunkEvent::Kind::Refreshed) {
    log::notice("trunk", "{}", text);
  }
  history_.add(std::move(event));
}

bool TrunkClient::is_usable() const {
  if (ping_ && ping_->state() == OptionsPing::State::Unreachable) return false;
  if (!registration_ || registration_->is_registered()) return true;
  const bool first = !registration_->last_error() && !registration_->registered_at();
  return first && registration_->state() == Registration::State::RequestSent;
}

// ---------------------------------------------------------------------------------------------------- where it is

void TrunkClient::look_up() {
  bool by_name = false;
  for (const auto& host : hosts_of(trunk_)) {
    if (model::parse_fixed_host(host)) continue;
    by_name = true;
    look_up(host);
  }
  if (by_name && tools_.locator != nullptr)
    timer_ = tools_.scheduler.timers.set(kLookAgain, [this] { look_up(); });
}

// What was found once stays until something else is: a resolver that is out of order must not shut the operator out.
void TrunkClient::look_up(const std::string& host) {
  if (tools_.locator == nullptr || searches_.contains(host)) return;
  searches_[host] = tools_.locator->locate(
      whereabouts_of(trunk_, host), [this, host](const std::vector<sip::Target>& targets) {
        searches_.erase(host);
        std::vector<IpAddress> addresses;
        for (const auto& target : targets) {
          if (addresses.size() < kAddressesMax) addresses.push_back(target.address.ip);
        }
        std::sort(addresses.begin(), addresses.end());
        addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
        if (addresses.empty() || found_[host] == addresses) return;
        found_[host] = std::move(addresses);
        changed_();
      });
}

KnownTrunk TrunkClient::known() const {
  KnownTrunk known;
  known.id = trunk_.id;
  known.registers = trunk_.registers;
  known.usable = is_usable();
  known.line = trunk_.registers ? line_ : std::string{};
  known.username = trunk_.username;
  for (const auto& text : trunk_.match_addresses) {
    if (const auto network = IpNetwork::parse(text)) known.networks.push_back(*network);
  }
  const auto add = [&](const IpAddress& ip, std::uint16_t port) {
    if (port != 0) known.places.push_back({ip, port});
    if (port == 0) known.networks.push_back(IpNetwork::host(ip));
  };
  for (const auto& host : hosts_of(trunk_)) {
    const auto port = whereabouts_of(trunk_, host).port;
    if (const auto fixed = model::parse_fixed_host(host)) add(fixed->ip, port);
    const auto found = found_.find(host);
    if (found == found_.end()) continue;
    for (const auto& ip : found->second) add(ip, port);
  }
  if (registration_) known.service_route = registration_->service_route();
  return known;
}

}  // namespace xivo::endpoint
