#include "media/description.hpp"

#include "base/text.hpp"

namespace xivo::media {

bool Codec::same_as(const Codec& other) const {
  return clock_rate == other.clock_rate && channels == other.channels &&
         text::equal_ignoring_case(name, other.name);
}

bool Codec::is_telephone_event() const { return text::equal_ignoring_case(name, "telephone-event"); }

}  // namespace xivo::media
