#pragma once

#include "base/result.hpp"
#include "media/codec/audio_codec.hpp"
#include "media/sound.hpp"
#include "media/sound_file.hpp"

namespace xivo::media {

/// A recording as the frames of a codec, for all who will listen to it. Opus has a constant bit rate here, so that its frames are
/// of one size as the others' are.
/// Errors  "codec cannot be played"
/// Cost    up to 3 ms a second of sound: not for a media loop or a call shard
Result<Sound> encode_sound(CodecKind kind, Recording recording);
/// Silence of so many frames.
Result<Sound> silent_sound(CodecKind kind, std::size_t frames);

}  // namespace xivo::media
