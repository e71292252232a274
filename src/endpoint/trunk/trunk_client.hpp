#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "endpoint/trunk/options_ping.hpp"
#include "endpoint/trunk/registration.hpp"
#include "endpoint/trunk/trunk_board.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::endpoint {

/// Where a trunk's host is to be looked for.
sip::Whereabouts whereabouts_of(const model::Trunk& trunk, std::string_view host);
/// Where its calls are sent: to the outbound proxy, else to the host.
sip::Whereabouts next_hop_of(const model::Trunk& trunk);
/// What a request to it must pass: the outbound proxy, else nothing.
std::vector<std::string> route_of(const model::Trunk& trunk);

/// One trunk as it is looked after between calls: its registration, the OPTIONS that watch it, and where its host is.
/// Thread  the shard's.
class TrunkClient {
 public:
  /// Which of a trunk's requests a transaction belongs to.
  enum class Part : std::uint8_t { Registration, Ping };
  static constexpr auto kLookAgain = std::chrono::seconds(300);
  static constexpr std::size_t kAddressesMax = 64;

  /// `line`: the word of its Contact.  `token`: that of Part::Registration; the next is Part::Ping's.
  TrunkClient(const TrunkTools& tools, model::Trunk trunk, std::string line, std::uint64_t token,
              std::function<void()> changed);
  ~TrunkClient();
  TrunkClient(const TrunkClient&) = delete;
  TrunkClient& operator=(const TrunkClient&) = delete;

  void start();
  /// Withdraws the registration.
  void stop();
  void retry();

  [[nodiscard]] const model::Trunk& trunk() const { return trunk_; }
  [[nodiscard]] const Registration* registration() const { return registration_.get(); }
  [[nodiscard]] const OptionsPing* ping() const { return ping_.get(); }
  [[nodiscard]] const TrunkHistory& history() const { return history_; }
  [[nodiscard]] runtime::WallTime started() const { return started_; }
  /// Calls may be sent to it: it is registered, or registering for the first time, and answers, as far as is known.
  [[nodiscard]] bool is_usable() const;
  [[nodiscard]] KnownTrunk known() const;
  /// Null: the trunk has no such part.
  [[nodiscard]] OperatorRequest* request(Part part);
  void on_flow_failed(const sip::Flow& flow);

 private:
  void look_up();
  void look_up(const std::string& host);
  void on_event(TrunkEvent event);

  const TrunkTools& tools_;
  const model::Trunk trunk_;
  const std::string line_;
  const std::function<void()> changed_;
  std::unique_ptr<Registration> registration_;
  std::unique_ptr<OptionsPing> ping_;
  TrunkHistory history_;
  runtime::WallTime started_{};
  std::map<std::string, std::vector<IpAddress>> found_;  // by host, without its port
  std::map<std::string, sip::Locator::Id> searches_;
  runtime::TimerId timer_;
};

}  // namespace xivo::endpoint
