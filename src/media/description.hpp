#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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
  [[nodiscard]] bool is_comfort_noise() const;  // RFC 3389
  /// Neither key presses nor comfort noise, which come beside a codec and are none.
  [[nodiscard]] bool is_audio() const { return !is_telephone_event() && !is_comfort_noise(); }
};

/// Which of the telephone events go with the first audio codec: those of its clock rate, else the first; null when there are
/// none.                                                                                     RFC 4733 §2.5.1.3
const Codec* event_codec(const std::vector<Codec>& codecs);

enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };

/// A video stream as one side describes it. It is handed on as it is and never decoded, so neither is what is said of it.
struct Video {
  std::vector<Codec>
      codecs;  // in order of preference, with the describing side's payload types and parameters
  Direction direction = Direction::SendRecv;  // from the describing side's view
  bool feedback = false;  // RTP/AVPF, RFC 4585
  std::vector<std::string>
      attributes;  // what else belongs to the codecs, as it was said: "rtcp-fb:96 nack pli"
  std::vector<std::pair<std::string, std::uint64_t>> bandwidths;  // {"AS", 512}
};

/// One audio stream as one side describes it: what a leg of a call passes to another, without any SDP in it.
struct Description {
  std::vector<Codec> codecs;  // in order of preference, telephone-event among them
  Direction direction = Direction::SendRecv;  // from the describing side's view
  std::uint32_t ptime_ms = 0;  // 0 = not said
  SocketAddress rtp;  // where the describing side wants its packets; port 0 = refused
  SocketAddress rtcp;  // usually port + 1, or a=rtcp
  bool rtcp_mux = false;
  std::optional<Video> video{};  // beside it
};

}  // namespace xivo::media
