#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "media/engine.hpp"
#include "media/sound.hpp"
#include "media/sound_file.hpp"

/// Key presses as something that can be played: as tones, or as telephone-event packets.
namespace xivo::media {

/// The key of "dtmf:5"; nothing for other names, and for what is no key ('0'..'9' '*' '#' 'A'..'D').
std::optional<char> pressed_key(std::string_view name);

/// The two tones of a key for 120 ms, then 60 ms of silence, at 8 kHz.
/// Source  ITU-T Q.23; the only place that knows spandsp's generator
Recording key_tones(char key);

/// The packets of a press of 160 ms, the last three of which say that it has ended; null when `what` is no key press for
/// a telephone-event codec.                                                                  RFC 4733 §2.5.1
std::shared_ptr<const Playlist> key_events(const Engine::Play& what);

}  // namespace xivo::media
