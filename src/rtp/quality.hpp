#pragma once

#include <cstdint>
#include <string_view>

namespace xivo::rtp {

/// How a codec suffers: the impairment it is itself, and how well it hides lost packets.
/// Source  ITU-T G.113 appendix I; see codec_impairment() for what is not in there
struct CodecImpairment {
  double equipment = 0;      // Ie
  double robustness = 25.1;  // Bpl: the higher, the less a lost packet hurts
};
/// By its name in SDP ("PCMA"). An unknown codec counts as G.711.
CodecImpairment codec_impairment(std::string_view codec);

/// What a stream suffered on its way.
struct StreamFigures {
  double round_trip_ms = 0;  // 0 = unknown, counts as none
  double jitter_ms = 0;      // RFC 3550 interarrival jitter
  double packet_ms = 20;
  double loss_percent = 0;   // of the packets, spread at random
};

/// The transmission rating R of the E-model, 0 to 93.2, with all that is about rooms, levels and echo at its default: what is left is
/// delay, loss and codec. One-way delay is half the round trip, a packet, and a jitter buffer of twice the jitter.
/// Source  ITU-T G.107 §7.1 (R), §7.4 (delay, in the form of one slope up to 177.3 ms and another beyond), §7.5 (loss)
double transmission_rating(const StreamFigures& figures, const CodecImpairment& codec);
/// The mean opinion score that people give to such a connection, 1.0 to 4.5.  ITU-T G.107 annex B
double mean_opinion_score(double rating);

}  // namespace xivo::rtp
