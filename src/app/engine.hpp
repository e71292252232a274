#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/shard_team.hpp"
#include "app/web/websocket_hub.hpp"
#include "media/loop_engine.hpp"
#include "runtime/dns/resolver.hpp"
#include "runtime/loop.hpp"
#include "runtime/rng.hpp"
#include "runtime/thread.hpp"
#include "runtime/tls_context.hpp"
#include "sip/gruu.hpp"
#include "sip/socket_wire.hpp"

namespace xivo::app {

/// The telephony of the process: shards with their loops and sockets, and the media threads that they share.
/// Thread  main; shards() from any, as ShardTeam says
class Engine {
 public:
  struct Parts {
    const model::ConfigSource& config;
    call::RecordSink& records;
    endpoint::BindingStorage& bindings;
    endpoint::BanStorage& bans;
    sip::TemporaryGruus::Key gruu_key;
    std::shared_ptr<const runtime::TlsContext> tls;  // needed when options.sip_tls names an address
    call::ConfigDesk config_desk{};  // as in ShardTeam::Parts
    WebSocketHub* browsers = nullptr;  // joined to the shards; outlives the engine
  };

  /// Opens every port; nothing is read from them before start().
  static Result<std::unique_ptr<Engine>, StartFailure> open(const Options& options, const Parts& parts);
  ~Engine();

  [[nodiscard]] ShardTeam& shards() { return *team_; }
  [[nodiscard]] const std::vector<SocketAddress>& addresses() const { return addresses_; }  // of SIP
  [[nodiscard]] const std::vector<SocketAddress>& tls_addresses() const { return tls_addresses_; }
  /// Calls in progress, those that are ending included. Thread  any
  [[nodiscard]] std::size_t calls() const { return census_->calls(); }

  /// While on, new calls are told to come back later. Thread  any
  void set_short(bool on) { census_->set_short(on); }

  void start();
  /// New calls are told to come back later from now on.
  void close();
  /// BYE to everybody; returns when they have all answered, or after a moment that grows with their number.
  void say_goodbye();
  /// Ends the threads. What the engine was made of stays for those who still hold it.
  void stop();

  /// The certificates of new connections. Thread  any
  void set_tls(const std::shared_ptr<const runtime::TlsContext>& context);
  /// Called in the shards' threads; empty = off. Thread  any
  void set_tap(const sip::SocketWire::Tap& tap);

 private:
  Engine() = default;
  Result<void, StartFailure> open_wires(const Options& options);
  Result<void, StartFailure> open_tls(const Options& options,
                                      const std::shared_ptr<const runtime::TlsContext>& context);
  Result<SocketAddress> listen(sip::Transport transport, const SocketAddress& local);
  Result<void, StartFailure> open_media(const Options& options);
  void make_shards(const Options& options, const Parts& parts);
  void join_browsers(const Options& options, WebSocketHub& hub);

  std::vector<std::string> names_;
  std::vector<std::unique_ptr<runtime::Loop>> loops_;
  std::vector<std::unique_ptr<sip::SocketWire>> wires_;
  std::vector<std::unique_ptr<WebSocketWire>> browser_wires_;  // in front of those; none without browsers
  std::vector<std::unique_ptr<runtime::DnsResolver>> dns_;
  std::vector<std::unique_ptr<media::LoopEngine>> media_;
  std::shared_ptr<call::Census> census_ = std::make_shared<call::Census>();
  std::unique_ptr<ShardTeam> team_;
  std::vector<SocketAddress> addresses_;
  std::vector<SocketAddress> tls_addresses_;
  std::vector<runtime::Thread> threads_;
};

/// The key that temporary GRUUs are sealed with, so that they outlive a restart as long as the bindings do. Made on the first
/// start, readable by the owner alone.
/// Errors  the file cannot be read or written, or is not ours
Result<sip::TemporaryGruus::Key> gruu_key(const std::string& path, runtime::Rng& rng);

}  // namespace xivo::app
