#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.hpp"

namespace xivo::media {

/// A codec as one side offers or accepts it.
struct Codec {
  std::string name;               // as in SDP: "PCMA", "PCMU", "G722", "opus", "telephone-event", ...
  std::uint32_t clock_rate = 8000;
  std::uint8_t channels = 1;
  std::uint8_t payload_type = 0;  // 0..127
  std::string fmtp;               // the parameters after "a=fmtp:<pt> ", or empty

  /// Same codec (name, rate, channels); payload type and fmtp may differ.
  [[nodiscard]] bool same_as(const Codec& other) const;
  [[nodiscard]] bool is_telephone_event() const;
};

enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };

/// One audio stream as one side describes it: what a leg of a call passes to another, without any SDP in it.
struct Description {
  std::vector<Codec> codecs;      // in order of preference, telephone-event among them
  Direction direction = Direction::SendRecv;  // from the describing side's view
  std::uint32_t ptime_ms = 0;     // 0 = not said
  SocketAddress rtp;              // where the describing side wants its packets; port 0 = refused
  SocketAddress rtcp;             // usually port + 1, or a=rtcp
  bool rtcp_mux = false;
};

}  // namespace xivo::media
