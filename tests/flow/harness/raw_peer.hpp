#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "world.hpp"

namespace xivo::flow {

/// A host that sends whatever bytes it is told to and keeps what comes back, word for word.
class RawPeer {
 public:
  RawPeer(World& world, std::string_view ip) : world_(world), address_{*IpAddress::parse(ip), 5060} {
    world.network().attach(address_.ip, [this](const SocketAddress&, const SocketAddress&,
                                               std::string bytes) { // Sound is not what it listens for.
      if (bytes.find("SIP/2.0") != std::string::npos) received_.push_back(std::move(bytes));
    });
  }
  ~RawPeer() { world_.network().detach(address_.ip); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  /// Sends, and gives everybody time to react.
  void send(std::string_view bytes, runtime::Duration reaction = std::chrono::milliseconds(100)) {
    world_.inject(address_, world_.server(), bytes);
    world_.run_for(reaction);
  }
  /// The statuses of the responses that came, 100 left out; requests count as -1.
  [[nodiscard]] std::vector<int> statuses() const {
    std::vector<int> all;
    for (const auto& bytes : received_) {
      const bool response = bytes.starts_with("SIP/2.0 ");
      const int status =
          response ? text::parse_decimal<int>(std::string_view(bytes).substr(8, 3)).value_or(0) : -1;
      if (status != 100) all.push_back(status);
    }
    return all;
  }
  /// The first of them; 0 = nothing came.
  [[nodiscard]] int first_status() const {
    const auto all = statuses();
    return all.empty() ? 0 : all.front();
  }
  [[nodiscard]] const std::vector<std::string>& received() const { return received_; }
  [[nodiscard]] bool received_text(std::string_view text) const {
    for (const auto& bytes : received_) {
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }
  void forget() { received_.clear(); }
  /// Leaves out what belongs to other exchanges, such as repeats of refusals that were never acknowledged.
  void keep_only(std::string_view text) {
    std::erase_if(received_, [&](const auto& bytes) { return bytes.find(text) == std::string::npos; });
  }
  [[nodiscard]] const SocketAddress& address() const { return address_; }

  /// A request outside any dialog that is right in every respect; `lines` are added, each with its CRLF.
  [[nodiscard]] std::string request(std::string_view method, std::string_view uri,
                                    std::string_view lines = {}, std::string_view body = {}) {
    const int n = ++sent_;
    return fmt::format(
        "{} {} SIP/2.0\r\nVia: SIP/2.0/UDP {}:5060;branch=z9hG4bKraw{}\r\nMax-Forwards: 70\r\n"
        "From: <sip:peer@{}>;tag=raw{}\r\nTo: <{}>\r\nCall-ID: raw{}@{}\r\nCSeq: 1 {}\r\n"
        "Contact: <sip:peer@{}>\r\n{}{}Content-Length: {}\r\n\r\n{}",
        method, uri, address_.ip.to_string(), n, address_.ip.to_string(), n, uri, n, address_.ip.to_string(),
        method, address_.ip.to_string(), lines, body.empty() ? "" : "Content-Type: application/sdp\r\n",
        body.size(), body);
  }

 private:
  World& world_;
  SocketAddress address_;
  std::vector<std::string> received_;
  int sent_ = 0;
};

}  // namespace xivo::flow
