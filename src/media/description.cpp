#include "media/description.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::media {

bool Codec::same_as(const Codec& other) const {
  return clock_rate == other.clock_rate && channels == other.channels &&
         text::equal_ignoring_case(name, other.name);
}

bool Codec::is_telephone_event() const { return text::equal_ignoring_case(name, "telephone-event"); }

bool Codec::is_comfort_noise() const { return text::equal_ignoring_case(name, "CN"); }

const Codec* event_codec(const std::vector<Codec>& codecs) {
  const auto audio = std::find_if(codecs.begin(), codecs.end(), [](const auto& c) { return c.is_audio(); });
  const Codec* first = nullptr;
  for (const auto& codec : codecs) {
    if (!codec.is_telephone_event()) continue;
    if (audio != codecs.end() && audio->clock_rate == codec.clock_rate) return &codec;
    if (first == nullptr) first = &codec;
  }
  return first;
}

}  // namespace xivo::media
