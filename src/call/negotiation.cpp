#include "call/negotiation.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "media/codec/audio_codec.hpp"
#include "model/kinds.hpp"

namespace xivo::call {
namespace {

struct Named {
  std::string_view name;
  std::string_view encoding;
  std::uint32_t clock_rate;
  std::uint8_t channels;
  std::uint8_t payload_type;
};

// RFC 3551 table 4; opus by RFC 7587 with a payload type of the dynamic range.
constexpr std::array kNamed = {
    Named{"alaw", "PCMA", 8000, 1, 8},  Named{"ulaw", "PCMU", 8000, 1, 0},
    Named{"g722", "G722", 8000, 1, 9},  Named{"opus", "opus", 48000, 2, 107},
    Named{"g729", "G729", 8000, 1, 18}, Named{"gsm", "GSM", 8000, 1, 3},
};
constexpr std::uint8_t kTelephoneEventType = 101;
constexpr std::uint32_t kEventRate = 8000;

constexpr std::string_view kOpusParameters = "useinbandfec=1";  // what we can make use of as a receiver

bool can_transcode(const media::Codec& codec) { return media::kind_of(codec) != media::CodecKind::None; }

/// A payload type that nothing in `taken` has: the usual one, else one of the dynamic range.
std::uint8_t free_payload_type(std::uint8_t usual, const std::vector<media::Codec>& taken) {
  const auto used = [&](std::uint8_t type) {
    return std::any_of(taken.begin(), taken.end(), [&](const auto& c) { return c.payload_type == type; });
  };
  if (!used(usual)) return usual;
  std::uint8_t type = 127;
  while (type > 96 && used(type)) --type;
  return type;
}

media::Codec telephone_events() {
  media::Codec events;
  events.name = "telephone-event";
  events.clock_rate = kEventRate;
  events.payload_type = kTelephoneEventType;
  events.fmtp = "0-16";
  return events;
}

/// `audio` as the one codec of an answer of ours, with what of `offer` goes with it.
std::vector<media::Codec> alone(const media::Codec& audio, const std::vector<media::Codec>& offer) {
  std::vector<media::Codec> kept{audio};
  if (media::kind_of(audio) == media::CodecKind::Opus) kept[0].fmtp = kOpusParameters;
  std::vector<media::Codec> beside{audio};
  for (const auto& codec : offer) {
    if (codec.is_telephone_event()) beside.push_back(codec);
    if (codec.is_comfort_noise() && codec.clock_rate == audio.clock_rate) kept.push_back(codec);
  }
  const auto* events = media::event_codec(beside);
  // Phones that know Opus but only the usual clock for key presses are many.
  const bool fits =
      events != nullptr && (events->clock_rate == audio.clock_rate || events->clock_rate == kEventRate);
  if (fits) kept.push_back(*events);
  return kept;
}

const media::Codec* find_same(const std::vector<media::Codec>& list, const media::Codec& codec) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.same_as(codec); });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

Allowance::Allowance(std::vector<std::string> names, std::string_view dtmf_mode)
    : codecs(std::move(names)), key_events(dtmf_mode != "info" && dtmf_mode != "inband") {}

Allowance::Allowance(const model::SipLine& line) : Allowance(line.codecs, line.dtmf_mode) {}

std::optional<media::Codec> codec_by_name(std::string_view wanted) {
  for (const auto& named : kNamed) {
    if (named.name != wanted) continue;
    media::Codec codec;
    codec.name = named.encoding;
    codec.clock_rate = named.clock_rate;
    codec.channels = named.channels;
    codec.payload_type = named.payload_type;
    if (named.name == "opus") codec.fmtp = kOpusParameters;
    return codec;
  }
  return std::nullopt;
}

std::string_view config_name(const media::Codec& codec) {
  for (const auto& named : kNamed) {
    if (text::equal_ignoring_case(named.encoding, codec.name) && named.clock_rate == codec.clock_rate)
      return named.name;
  }
  return {};
}

std::vector<media::Codec> offer_of(const Allowance& line) {
  std::vector<media::Codec> offer;
  for (const auto& name : line.codecs) {
    if (auto codec = codec_by_name(name)) offer.push_back(std::move(*codec));
  }
  if (line.key_events) offer.push_back(telephone_events());
  return offer;
}

std::vector<media::Codec> allowed(const std::vector<media::Codec>& offer, const Allowance& line) {
  std::vector<media::Codec> kept;
  kept.reserve(offer.size());
  for (const auto& codec : offer) {
    const bool listed =
        std::find(line.codecs.begin(), line.codecs.end(), config_name(codec)) != line.codecs.end();
    if (codec.is_comfort_noise() || (codec.is_telephone_event() ? line.key_events : listed))
      kept.push_back(codec);
  }
  return kept;
}

std::vector<media::Codec> common(const std::vector<media::Codec>& offer,
                                 const std::vector<media::Codec>& other) {
  std::vector<media::Codec> kept;
  kept.reserve(other.size());
  for (const auto& codec : other) {
    if (const auto* same = find_same(offer, codec)) kept.push_back(*same);
  }
  return kept;
}

media::Description of_codecs(std::vector<media::Codec> codecs) {
  media::Description description;
  description.codecs = std::move(codecs);
  return description;
}

bool covers(const std::vector<media::Codec>& receiver, const std::vector<media::Codec>& sender) {
  return std::all_of(sender.begin(), sender.end(), [&](const auto& codec) {
    return !codec.is_audio() || find_same(receiver, codec) != nullptr;
  });
}

std::vector<media::Codec> offer_to(const std::vector<media::Codec>& caller, const Allowance& line) {
  auto offer = allowed(caller, line);
  if (std::none_of(caller.begin(), caller.end(), can_transcode)) return offer;
  const auto beside = std::find_if(offer.begin(), offer.end(), [](const auto& c) { return !c.is_audio(); });
  std::vector<media::Codec> more;
  for (const auto& name : line.codecs) {
    auto codec = codec_by_name(name);
    if (!codec || !can_transcode(*codec) || find_same(offer, *codec) != nullptr) continue;
    auto taken = offer;
    taken.insert(taken.end(), more.begin(), more.end());
    codec->payload_type = free_payload_type(codec->payload_type, taken);
    more.push_back(std::move(*codec));
  }
  offer.insert(beside, more.begin(), more.end());
  // Key presses of a caller in Opus' clock would go with none of the codecs that were added; those of a caller that has no
  // telephone events (they come as tones or by SIP INFO) are translated.
  const auto is_usual = [](const auto& c) { return c.is_telephone_event() && c.clock_rate == kEventRate; };
  if (!line.key_events || !has_audio(offer) || std::any_of(offer.begin(), offer.end(), is_usual))
    return offer;
  const bool any_events =
      std::any_of(caller.begin(), caller.end(), [](const auto& c) { return c.is_telephone_event(); });
  if (any_events && more.empty()) return offer;
  auto events = telephone_events();
  events.payload_type = free_payload_type(events.payload_type, offer);
  offer.push_back(std::move(events));
  return offer;
}

std::vector<media::Codec> answer_for(const std::vector<media::Codec>& offer,
                                     const std::vector<media::Codec>& answer) {
  auto both = common(offer, answer);
  for (auto& codec : both) {
    if (const auto* theirs = find_same(answer, codec)) codec.fmtp = theirs->fmtp;
  }
  // The caller's key presses are translated for a phone that takes them in another way.
  const bool events =
      std::any_of(both.begin(), both.end(), [](const auto& c) { return c.is_telephone_event(); });
  if (const auto* theirs = media::event_codec(offer); theirs != nullptr && !events && has_audio(both))
    both.push_back(*theirs);
  if (has_audio(both)) return both;
  const auto best = std::find_if(offer.begin(), offer.end(), can_transcode);
  if (best == offer.end() || std::none_of(answer.begin(), answer.end(), can_transcode)) return {};
  return alone(*best, offer);
}

const media::Codec* first_audio(const std::vector<media::Codec>& codecs) {
  const auto found = std::find_if(codecs.begin(), codecs.end(), [](const auto& c) { return c.is_audio(); });
  return found == codecs.end() ? nullptr : &*found;
}

bool has_audio(const std::vector<media::Codec>& codecs) { return first_audio(codecs) != nullptr; }

std::vector<media::Codec> playable(const std::vector<media::Codec>& offer) {
  const auto best = std::find_if(offer.begin(), offer.end(), can_transcode);
  const auto* audio = best != offer.end() ? &*best : first_audio(offer);
  return audio == nullptr ? std::vector<media::Codec>{} : alone(*audio, offer);
}

media::Direction answer_to(media::Direction offered) {
  switch (offered) {
    case media::Direction::SendOnly: return media::Direction::RecvOnly;
    case media::Direction::RecvOnly: return media::Direction::SendOnly;
    case media::Direction::Inactive: return media::Direction::Inactive;
    case media::Direction::SendRecv: break;
  }
  return media::Direction::SendRecv;
}

}  // namespace xivo::call
