#pragma once

#include <string>
#include <string_view>

namespace xivo::sdp::samples {

/// What a desk phone offers: several codecs, telephone-event, session-level connection.
inline constexpr std::string_view kDeskPhone =
    "v=0\r\n"
    "o=- 20518 1 IN IP4 192.0.2.10\r\n"
    "s=Phone Call\r\n"
    "c=IN IP4 192.0.2.10\r\n"
    "t=0 0\r\n"
    "m=audio 11784 RTP/AVP 9 8 0 18 101\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:18 G729/8000\r\n"
    "a=fmtp:18 annexb=no\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n";

/// A soft phone: Opus first, two telephone-event rates, video that nobody here wants, IPv6.
inline constexpr std::string_view kSoftPhone =
    "v=0\r\n"
    "o=alice 3890 2 IN IP6 2001:db8::5\r\n"
    "s=Talk\r\n"
    "c=IN IP6 2001:db8::5\r\n"
    "b=AS:380\r\n"
    "t=0 0\r\n"
    "a=rtcp-xr:rcvr-rtt=all:10000\r\n"
    "m=audio 7078 RTP/AVPF 96 97 0 98 101\r\n"
    "a=rtpmap:96 opus/48000/2\r\n"
    "a=fmtp:96 useinbandfec=1\r\n"
    "a=rtpmap:97 speex/16000\r\n"
    "a=rtpmap:98 telephone-event/48000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=rtcp-mux\r\n"
    "a=rtcp:7079\r\n"
    "m=video 9078 RTP/AVPF 100\r\n"
    "a=rtpmap:100 VP8/90000\r\n"
    "a=rtcp-fb:100 ccm fir\r\n";

/// Wraps one media section into the shortest valid session.
inline std::string with_media(std::string_view media) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + std::string(media);
}

}  // namespace xivo::sdp::samples
