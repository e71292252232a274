#include "app/engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>

#include "app/dns.hpp"
#include "app/version.hpp"
#include "runtime/process.hpp"
#include "runtime/socket.hpp"

namespace xivo::app {
namespace {

constexpr unsigned kMediaLoopsMax = 4;
constexpr auto kGoodbyeMin =
    std::chrono::milliseconds(1'000);  // how long a stop waits for BYEs to be answered ...
constexpr auto kGoodbyePerCall = std::chrono::microseconds(500);  // ... and how much longer for each call
constexpr auto kGoodbyeMax = std::chrono::milliseconds(5'000);
constexpr std::size_t kConnectionsPart = 8;  // of the process's descriptors: half of what media leave
constexpr std::size_t kConnectionsMin = 128;  // where there are few
constexpr int kFreePortAttempts = 15;
constexpr auto kGoodbyeCheck = std::chrono::milliseconds(10);

using Outcome = Result<void, StartFailure>;

Outcome failed(ExitCode code, std::string text) { return Unexpected{StartFailure{code, std::move(text)}}; }

std::string errno_text(std::int64_t number) { return std::strerror(static_cast<int>(number)); }

/// A port of the kernel's choice that is free for connections and for datagrams alike: a SIP address has both.
Result<SocketAddress> free_port(const SocketAddress& local) {
  for (int attempt = 0;; ++attempt) {
    const auto connections = runtime::open_tcp_listener(local);
    if (!connections) return Unexpected{connections.error()};
    const auto chosen = runtime::local_address(connections->get());
    const auto datagrams = runtime::open_udp(chosen);
    if (datagrams) return chosen;
    if (datagrams.error().detail != EADDRINUSE || attempt == kFreePortAttempts) {
      return Unexpected{datagrams.error()};
    }
  }
}

/// A port that several sockets of ours are to share must not be shared with a stranger: first it is taken alone.
/// The address with its port when 0 was asked for.
Result<SocketAddress> free_of_others(sip::Transport transport, const SocketAddress& local) {
  auto alone =
      transport == sip::Transport::Udp ? runtime::open_udp(local) : runtime::open_tcp_listener(local);
  if (!alone) return Unexpected{alone.error()};
  return runtime::local_address(alone->get());
}

}  // namespace

Result<std::unique_ptr<Engine>, StartFailure> Engine::open(const Options& options, const Parts& parts) {
  std::unique_ptr<Engine> engine(new Engine);  // lint: allow raw-new the constructor is private
  for (unsigned i = 0; i < options.shards; ++i) {
    engine->names_.push_back(options.shards == 1 ? "shard" : fmt::format("shard-{}", i));
  }
  for (const auto& name : engine->names_)
    engine->loops_.push_back(std::make_unique<runtime::Loop>(name.c_str()));
  if (auto done = engine->open_wires(options); !done) return Unexpected{done.error()};
  if (auto done = engine->open_tls(options, parts.tls); !done) return Unexpected{done.error()};
  if (auto done = engine->open_media(options); !done) return Unexpected{done.error()};
  engine->make_shards(options, parts);
  return engine;
}

// Threads first, then what they used.
Engine::~Engine() {
  stop();
  // Calls that ended a moment ago wait in a timer to be destroyed; they refer to their shard.
  for (auto& loop : loops_) loop->timers().close();
  team_.reset();
  dns_.clear();
  media_.clear();
  browser_wires_.clear();
  wires_.clear();
}

Outcome Engine::open_wires(const Options& options) {
  sip::SocketWire::Limits limits;
  limits.reuse_port = options.shards > 1;
  // Strangers who connect must not use up the descriptors that databases and media need.
  limits.connections_max = std::min(limits.connections_max,
                                    std::max(runtime::descriptors_max() / kConnectionsPart, kConnectionsMin));
  limits.connections_max = std::max<std::size_t>(limits.connections_max / options.shards, 1);
  for (auto& loop : loops_) wires_.push_back(std::make_unique<sip::SocketWire>(*loop, limits));
  for (auto& wire : wires_) {
    for (const auto& address : options.external_addresses) wire->set_advertised(address);
    for (const auto& network : options.local_networks) wire->add_local_network(network);
  }
  for (const auto& address : options.sip) {
    // A machine without IPv6 is no reason not to start on the default addresses.
    const bool optional_address = !address.ip.is_v4() && address.ip.is_unspecified();
    auto local = address;
    if (local.port == 0) local = free_port(address).value_or(address);
    for (const auto transport : {sip::Transport::Udp, sip::Transport::Tcp}) {
      const auto bound = listen(transport, local);
      if (!bound && optional_address && bound.error().detail != EADDRINUSE) break;
      if (!bound) {
        return failed(ExitCode::SipPort, fmt::format("SIP port {} ({}): {}", local.to_string(),
                                                     sip::name(transport), errno_text(bound.error().detail)));
      }
      local = *bound;
      if (transport == sip::Transport::Udp) addresses_.push_back(local);
    }
  }
  return {};
}

Outcome Engine::open_tls(const Options& options, const std::shared_ptr<const runtime::TlsContext>& context) {
  if (options.sip_tls.empty()) return {};
  for (auto& wire : wires_) wire->set_tls(context);
  for (const auto& address : options.sip_tls) {
    const bool optional_address = !address.ip.is_v4() && address.ip.is_unspecified();
    const auto bound = listen(sip::Transport::Tls, address);
    if (bound) tls_addresses_.push_back(*bound);
    if (bound || (optional_address && bound.error().detail != EADDRINUSE)) continue;
    return failed(ExitCode::SipPort, fmt::format("SIP port {} (TLS): {}", address.to_string(),
                                                 errno_text(bound.error().detail)));
  }
  return {};
}

/// On every shard's wire.
Result<SocketAddress> Engine::listen(sip::Transport transport, const SocketAddress& local) {
  auto bound = wires_.size() > 1 ? free_of_others(transport, local) : Result<SocketAddress>(local);
  for (std::size_t i = 0; bound && i < wires_.size(); ++i) bound = wires_[i]->listen(transport, *bound);
  return bound;
}

Outcome Engine::open_media(const Options& options) {
  media::LoopEngine::Options media_options;
  media_options.loops =
      options.media_loops != 0 ? options.media_loops : std::min(runtime::core_count(), kMediaLoopsMax);
  media_options.first_port = options.rtp_first;
  media_options.silence = {std::chrono::seconds(options.rtp_timeout),
                           std::chrono::seconds(options.rtp_timeout_hold)};
  media_options.last_port = options.rtp_last;
  media_options.sounds.prompt_folders = options.sounds;
  media_options.sounds.music_folders = {options.music};
  std::vector<media::LoopEngine::Post> posts;
  for (auto& loop : loops_)
    posts.push_back([&loop = *loop](runtime::Task task) { loop.post(std::move(task)); });
  auto faces = media::LoopEngine::start_shared(media_options, std::move(posts));
  if (!faces) {
    return failed(ExitCode::MediaPorts,
                  fmt::format("media ports {}-{}: {} ({})", options.rtp_first, options.rtp_last,
                              faces.error().what, errno_text(faces.error().detail)));
  }
  media_ = std::move(*faces);
  return {};
}

void Engine::make_shards(const Options& options, const Parts& parts) {
  Shard::Options shard_options;
  shard_options.calls.calls_max = options.calls_max;
  shard_options.calls.call_duration_max = std::chrono::seconds(options.call_duration_max);
  shard_options.calls.census = census_;
  shard_options.user_agent.realm = options.realm;
  shard_options.user_agent.nat_interval = std::chrono::seconds(options.nat_keep_alive);
  shard_options.user_agent.door.exempt = options.exempt;
  shard_options.user_agent.gruu_key = parts.gruu_key;
  shard_options.user_agent.trunk_key.assign(parts.gruu_key.begin(), parts.gruu_key.end());
  shard_options.user_agent.digest.clear();
  for (const auto& name : options.digest) {
    shard_options.user_agent.digest.push_back(name == "md5" ? sip::digest::Algorithm::Md5
                                                            : sip::digest::Algorithm::Sha256);
  }
  shard_options.user_agent.server = fmt::format("XiVO/{}", kVersion);
  ShardTeam::Parts team{{}, parts.config, parts.records, parts.bindings, &parts.bans, parts.config_desk};
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    dns_.push_back(open_dns(*loops_[i], options));
    if (parts.browsers != nullptr) {
      browser_wires_.push_back(
          std::make_unique<WebSocketWire>(static_cast<unsigned>(i), *parts.browsers, *wires_[i]));
    }
    sip::Wire& wire = parts.browsers == nullptr ? static_cast<sip::Wire&>(*wires_[i]) : *browser_wires_[i];
    team.seats.push_back({loops_[i]->scheduler(), wire, *media_[i],
                          [&loop = *loops_[i]](runtime::Task task) { return loop.post(std::move(task)); },
                          dns_.back().get()});
  }
  team_ = std::make_unique<ShardTeam>(std::move(team), shard_options);
  for (std::size_t i = 0; i < wires_.size(); ++i) wires_[i]->set_user(team_->wire_user(i));
  if (parts.browsers != nullptr) join_browsers(options, *parts.browsers);
}

// The hub finds the shard of each message itself, so what it brings goes past the shards' links.
void Engine::join_browsers(const Options& options, WebSocketHub& hub) {
  for (const auto& address : options.external_addresses) hub.set_advertised(address);
  for (const auto& network : options.local_networks) hub.add_local_network(network);
  std::vector<WebSocketHub::Shard> shards;
  for (std::size_t i = 0; i < browser_wires_.size(); ++i) {
    browser_wires_[i]->set_user(team_->shard(i));
    shards.push_back({browser_wires_[i].get(),
                      [&loop = *loops_[i]](runtime::Task task) { return loop.post(std::move(task)); }});
  }
  hub.join(std::move(shards), team_->ban_board());
}

// ---------------------------------------------------------------------------------------------------- running

void Engine::start() {
  for (auto& loop : loops_) {
    threads_.emplace_back(loop->name(), [loop = loop.get()] { loop->run(); });
  }
}

void Engine::close() {
  team_->tell([](Shard& shard) { shard.calls().close(); });
}

// Phones that do not answer in time are left to find out by themselves.
void Engine::say_goodbye() {
  if (threads_.empty()) return;
  close();
  const auto patience =
      std::min<runtime::Duration>(kGoodbyeMin + kGoodbyePerCall * static_cast<int>(calls()), kGoodbyeMax);
  auto& loop = *loops_.front();
  const auto deadline = loop.clock().now() + patience;
  team_->tell([](Shard& shard) {
    shard.calls().hang_up_all(call::Cause::NormalClearing);
    shard.user_agent().notifier().close();
  });
  std::promise<void> over;
  runtime::Task check;
  check = [&] {
    if (calls() == 0 || loop.clock().now() >= deadline) return over.set_value();
    loop.timers().set(kGoodbyeCheck, check);
  };
  if (loop.post(check)) over.get_future().wait();
}

void Engine::stop() {
  for (auto& loop : loops_) loop->stop();
  threads_.clear();
}

void Engine::set_tls(const std::shared_ptr<const runtime::TlsContext>& context) {
  for (std::size_t i = 0; i < wires_.size(); ++i) {
    loops_[i]->post([wire = wires_[i].get(), context] { wire->set_tls(context); });
  }
}

void Engine::set_tap(const sip::SocketWire::Tap& tap) {
  for (std::size_t i = 0; i < wires_.size(); ++i) {
    loops_[i]->post([wire = wires_[i].get(), tap] { wire->set_tap(tap); });
  }
  for (std::size_t i = 0; i < browser_wires_.size(); ++i) {
    loops_[i]->post([wire = browser_wires_[i].get(), tap] { wire->set_tap(tap); });
  }
}

// ---------------------------------------------------------------------------------------------------- keys

Result<sip::TemporaryGruus::Key> gruu_key(const std::string& path, runtime::Rng& rng) {
  sip::TemporaryGruus::Key key{};
  if (const runtime::Fd old(open(path.c_str(), O_RDONLY | O_CLOEXEC)); old.get() >= 0) {
    if (read(old.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()))
      return fail("the key of temporary GRUUs is cut short", errno);
    return key;
  }
  key = sip::TemporaryGruus::new_key(rng);
  const runtime::Fd made(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.get() < 0 || write(made.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()))
    return fail("the key of temporary GRUUs cannot be written", errno);
  return key;
}

}  // namespace xivo::app
