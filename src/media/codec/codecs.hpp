#pragma once

// Private to codec/: where each codec is made. Everybody else uses audio_codec.hpp.

#include <memory>

#include "media/codec/audio_codec.hpp"
#include "media/g711.hpp"

namespace xivo::media {

std::unique_ptr<Decoder> make_g711_decoder(G711 law);
std::unique_ptr<Encoder> make_g711_encoder(G711 law);
std::unique_ptr<Decoder> make_g722_decoder();
std::unique_ptr<Encoder> make_g722_encoder();
std::unique_ptr<Decoder> make_opus_decoder(std::uint32_t rate);
std::unique_ptr<Encoder> make_opus_encoder(std::uint32_t rate, const EncoderOptions& options);
std::unique_ptr<Decoder> make_l16_decoder();
std::unique_ptr<Encoder> make_l16_encoder();

}  // namespace xivo::media
