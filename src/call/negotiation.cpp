#include "call/negotiation.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

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

const media::Codec* find_same(const std::vector<media::Codec>& list, const media::Codec& codec) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.same_as(codec); });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::optional<media::Codec> codec_by_name(std::string_view wanted) {
  for (const auto& named : kNamed) {
    if (named.name != wanted) continue;
    media::Codec codec;
    codec.name = named.encoding;
    codec.clock_rate = named.clock_rate;
    codec.channels = named.channels;
    codec.payload_type = named.payload_type;
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

std::vector<media::Codec> offer_of(const std::vector<std::string>& line_codecs) {
  std::vector<media::Codec> offer;
  for (const auto& name : line_codecs) {
    if (auto codec = codec_by_name(name)) offer.push_back(std::move(*codec));
  }
  media::Codec events;
  events.name = "telephone-event";
  events.payload_type = kTelephoneEventType;
  events.fmtp = "0-16";
  offer.push_back(std::move(events));
  return offer;
}

std::vector<media::Codec> allowed(const std::vector<media::Codec>& offer,
                                  const std::vector<std::string>& line_codecs) {
  std::vector<media::Codec> kept;
  for (const auto& codec : offer) {
    const bool listed =
        std::find(line_codecs.begin(), line_codecs.end(), config_name(codec)) != line_codecs.end();
    if (codec.is_telephone_event() || listed) kept.push_back(codec);
  }
  return kept;
}

std::vector<media::Codec> common(const std::vector<media::Codec>& offer,
                                 const std::vector<media::Codec>& other) {
  std::vector<media::Codec> kept;
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
    return codec.is_telephone_event() || find_same(receiver, codec) != nullptr;
  });
}

const media::Codec* first_audio(const std::vector<media::Codec>& codecs) {
  const auto found =
      std::find_if(codecs.begin(), codecs.end(), [](const auto& c) { return !c.is_telephone_event(); });
  return found == codecs.end() ? nullptr : &*found;
}

bool has_audio(const std::vector<media::Codec>& codecs) { return first_audio(codecs) != nullptr; }

std::vector<media::Codec> playable(const std::vector<media::Codec>& offer) {
  const auto* audio = first_audio(offer);
  for (const auto* name : {"ulaw", "alaw"}) {
    if (const auto* same = find_same(offer, *codec_by_name(name))) audio = same;
  }
  std::vector<media::Codec> kept;
  if (audio == nullptr) return kept;
  kept.push_back(*audio);
  const auto events = std::find_if(offer.begin(), offer.end(), [&](const auto& c) {
    return c.is_telephone_event() && c.clock_rate == audio->clock_rate;
  });
  if (events != offer.end()) kept.push_back(*events);
  return kept;
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
