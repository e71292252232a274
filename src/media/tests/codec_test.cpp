// Each codec by itself, the resampler, comfort noise, tone detection.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "media/codec/audio_codec.hpp"
#include "media/codec/comfort_noise.hpp"
#include "media/codec/resampler.hpp"
#include "media/codec/sound_encoder.hpp"
#include "media/codec/tone_detector.hpp"
#include "media/sound_file.hpp"
#include "test_signals.hpp"

namespace xivo::media {
namespace {

constexpr std::array kAll = {CodecKind::Pcma, CodecKind::Pcmu, CodecKind::G722, CodecKind::Opus,
                             CodecKind::L16};

/// `samples` through a codec, 20 ms at a time.
std::vector<std::int16_t> through(CodecKind kind, std::uint32_t rate, std::span<const std::int16_t> samples,
                                  const EncoderOptions& options = {}) {
  const auto encoder = make_encoder(kind, rate, options);
  const auto decoder = make_decoder(kind, rate);
  std::vector<std::int16_t> out;
  std::array<std::uint8_t, kPayloadMax> payload;
  std::array<std::int16_t, kPacketSamplesMax> decoded;
  const std::size_t frame = rate / 50;
  for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
    const auto size = encoder->encode(samples.subspan(at, frame), payload);
    const auto count = decoder->decode(std::span(payload).first(size), decoded);
    out.insert(out.end(), decoded.begin(), decoded.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return out;
}

TEST(AudioCodec, KnowsOnlyWhatItCanDecode) {
  EXPECT_EQ(kind_of({"G729", 8000, 1, 18, ""}), CodecKind::None);
  EXPECT_EQ(kind_of({"PCMA", 16000, 1, 97, ""}), CodecKind::None);
  EXPECT_EQ(kind_of({"opus", 48000, 1, 97, ""}), CodecKind::None);
  EXPECT_EQ(kind_of({"telephone-event", 8000, 1, 101, ""}), CodecKind::None);
  EXPECT_EQ(kind_of({"OPUS", 48000, 2, 107, ""}), CodecKind::Opus);
  EXPECT_EQ(kind_of({"g722", 8000, 1, 9, ""}), CodecKind::G722);
  EXPECT_EQ(make_decoder(CodecKind::None, 8000), nullptr);
  EXPECT_EQ(make_encoder(CodecKind::None, 8000, {}), nullptr);
}

TEST(AudioCodec, SurvivesPayloadsThatAreNone) {
  std::array<std::int16_t, kPacketSamplesMax> out;
  std::uint32_t random = 20'260'101;
  for (const auto kind : kAll) {
    const auto decoder = make_decoder(kind, 16'000);
    EXPECT_EQ(decoder->decode({}, out), 0u);
    for (int i = 0; i < 500; ++i) {
      std::vector<std::uint8_t> payload(random % 300);
      for (auto& octet : payload)
        octet = static_cast<std::uint8_t>((random = random * 1'664'525 + 1'013'904'223) >> 24);
      EXPECT_LE(decoder->decode(payload, out), out.size());
      decoder->recover(payload, std::span(out).first(320));
      random = random * 1'664'525 + 1'013'904'223;
    }
  }
}

TEST(AudioCodec, DecodesNoMoreThanThereIsRoomFor) {
  const std::vector<std::uint8_t> long_payload(1'400, 0x55);
  std::array<std::int16_t, 100> small;
  for (const auto kind : kAll) EXPECT_LE(make_decoder(kind, 8'000)->decode(long_payload, small), 100u);
}

TEST(AudioCodec, GivesAToneBack) {
  for (const auto kind : kAll) {
    for (const std::uint32_t wanted : {8'000u, 16'000u}) {
      const auto rate = sample_rate(kind) == 0 ? wanted : sample_rate(kind);
      const auto sound = through(kind, rate, tone(1'000, rate, rate));
      ASSERT_EQ(sound.size(), rate);
      EXPECT_GT(share_of(1'000, rate, std::span(sound).subspan(rate / 2)), 0.9) << static_cast<int>(kind);
    }
  }
}

TEST(AudioCodec, G722KeepsWhatG711Cannot) {
  const auto wide = through(CodecKind::G722, 16'000, tone(5'000, 16'000, 16'000));
  EXPECT_GT(share_of(5'000, 16'000, std::span(wide).subspan(8'000)), 0.9);
}

TEST(AudioCodec, FadesToSilenceWhenNothingComes) {
  for (const auto kind : kAll) {
    const auto rate = sample_rate(kind) == 0 ? 16'000 : sample_rate(kind);
    const auto encoder = make_encoder(kind, rate, {});
    const auto decoder = make_decoder(kind, rate);
    const auto sound = tone(400, rate, rate);
    std::array<std::uint8_t, kPayloadMax> payload;
    std::array<std::int16_t, kPacketSamplesMax> out;
    for (std::size_t at = 0; at < sound.size(); at += rate / 50) {
      decoder->decode(
          std::span(payload).first(encoder->encode(std::span(sound).subspan(at, rate / 50), payload)), out);
    }
    const auto frame = std::span(out).first(rate / 50);
    decoder->conceal(frame);
    EXPECT_GT(power(frame), 1e6) << "no gap is heard at once, " << static_cast<int>(kind);
    for (int i = 0; i < 50; ++i) decoder->conceal(frame);
    EXPECT_LT(power(frame), 1e4) << static_cast<int>(kind);
  }
}

TEST(AudioCodec, OpusTakesALostPacketFromTheNext) {
  EncoderOptions options;
  options.forward_error_correction = true;
  options.expected_loss_percent = 30;
  const auto encoder = make_encoder(CodecKind::Opus, 16'000, options);
  const auto decoder = make_decoder(CodecKind::Opus, 16'000);
  // Something that cannot be guessed from what came before: the lost 20 ms are of another tone.
  auto sound = tone(300, 16'000, 16'000);
  const auto other = tone(900, 16'000, 640);
  std::copy(other.begin(), other.end(), sound.begin() + 12'800);
  std::array<std::uint8_t, kPayloadMax> payload;
  std::array<std::int16_t, kPacketSamplesMax> out;
  for (std::size_t at = 0; at < 12'800; at += 320) {
    decoder->decode(std::span(payload).first(encoder->encode(std::span(sound).subspan(at, 320), payload)),
                    out);
  }
  encoder->encode(std::span(sound).subspan(12'800, 320), payload);  // lost
  const auto size = encoder->encode(std::span(sound).subspan(13'120, 320), payload);
  const auto lost = std::span(out).first(320);
  ASSERT_EQ(decoder->recover(std::span(payload).first(size), lost), 320u);
  EXPECT_GT(share_of(900, 16'000, lost), share_of(300, 16'000, lost));
}

TEST(AudioCodec, OpusHeedsWhatTheListenerSaysOfItself) {
  const auto options =
      opus_options("maxplaybackrate=8000; stereo=1;useinbandfec=1 ;cbr=1;maxaveragebitrate=12000;x");
  EXPECT_EQ(options.playback_rate_max, 8'000u);
  EXPECT_EQ(options.bit_rate_max, 12'000u);
  EXPECT_TRUE(options.forward_error_correction);
  EXPECT_TRUE(options.constant_bit_rate);
  EXPECT_EQ(opus_options("maxplaybackrate=rubbish;useinbandfec=2;=;;"), EncoderOptions{});
  EXPECT_EQ(opus_options("maxaveragebitrate=1").bit_rate_max, 6'000u);

  const auto narrow = through(CodecKind::Opus, 16'000, tone(6'000, 16'000, 16'000), options);
  EXPECT_LT(share_of(6'000, 16'000, std::span(narrow).subspan(8'000)), 0.1);
}

TEST(Resampler, KeepsToneAndLength) {
  for (const auto& [from, to] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {8'000, 16'000}, {16'000, 8'000}, {48'000, 8'000}, {44'100, 16'000}}) {
    const auto out = resampled(tone(700, from, from), from, to);
    EXPECT_NEAR(static_cast<double>(out.size()), to, 1) << from;
    EXPECT_GT(share_of(700, to, out), 0.98) << from;
  }
}

TEST(Resampler, LetsNothingFoldBack) {
  const auto out = resampled(tone(6'000, 16'000, 16'000), 16'000, 8'000);
  EXPECT_LT(power(out), 0.01 * power(tone(6'000, 16'000, 16'000)));
}

TEST(Resampler, GivesAsManySamplesAsTheRatesSay) {
  Resampler up(8'000, 16'000);
  std::array<std::int16_t, 400> out;
  const auto in = tone(440, 8'000, 160);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(up.process(in, out), 320u);
}

TEST(ComfortNoise, IsAsLoudAsDescribed) {
  ComfortNoise noise;
  EXPECT_FALSE(noise.describe({}));
  std::vector<std::int16_t> out(8'000);
  for (const int level : {40, 60, 70}) {
    const std::array<std::uint8_t, 1> flat{static_cast<std::uint8_t>(level)};
    ASSERT_TRUE(noise.describe(flat));
    noise.render(out);
    const auto decibels = 10 * std::log10(power(out) / (32'768.0 * 32'768.0));
    EXPECT_NEAR(decibels, -level, 1.5);
  }
}

TEST(ComfortNoise, StaysQuietWhateverTheDescription) {
  ComfortNoise noise;
  std::vector<std::int16_t> out(8'000);
  for (const int worst : {0, 127, 254, 255}) {
    std::vector<std::uint8_t> payload(40, static_cast<std::uint8_t>(worst));
    payload[0] = 0;  // full scale
    ASSERT_TRUE(noise.describe(payload));
    noise.render(out);
    EXPECT_LT(10 * std::log10(power(out) / (32'768.0 * 32'768.0)), -20);
  }
}

// ------------------------------------------------------------------------------------------------ recordings

TEST(SoundEncoder, RefusesACodecThatItDoesNotKnow) { EXPECT_FALSE(encode_sound(CodecKind::None, {})); }

TEST(SoundEncoder, MakesFramesOfOneSizeOfARecordingOfAnyRate) {
  for (const auto kind : kAll) {
    for (const std::uint32_t recorded : {8'000u, 16'000u, 44'100u, 48'000u}) {
      SCOPED_TRACE(testing::Message() << static_cast<int>(kind) << " from " << recorded);
      const auto sound = encode_sound(kind, {tone(600, recorded, recorded + 1), recorded});
      ASSERT_TRUE(sound);
      EXPECT_EQ(sound->frame_ticks, rtp_rate(kind) / 50);
      ASSERT_EQ(sound->frames.size() % sound->frame_size, 0u);
      EXPECT_NEAR(static_cast<double>(sound->frames.size() / sound->frame_size), 50.5, 0.5);
      const auto decoder = make_decoder(kind, 16'000);
      std::vector<std::int16_t> heard;
      std::array<std::int16_t, kPacketSamplesMax> out;
      for (std::size_t at = 0; at < sound->frames.size(); at += sound->frame_size) {
        const auto count = decoder->decode(std::span(sound->frames).subspan(at, sound->frame_size), out);
        heard.insert(heard.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count));
      }
      const auto middle = std::span(heard).subspan(heard.size() / 4, heard.size() / 2);
      EXPECT_GT(share_of(600, decoder->rate(), middle), 0.9);
    }
  }
}

TEST(SoundEncoder, HasAFrameOfSilenceForAnEmptyRecording) {
  const auto sound = encode_sound(CodecKind::Pcma, {});
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->frames, std::vector<std::uint8_t>(160, 0xd5));
}

// ------------------------------------------------------------------------------------------------ tones

constexpr std::string_view kKeys = "123A456B789C*0#D";

std::vector<std::int16_t> key_tone(char key, std::uint32_t rate, int ms) {
  constexpr std::array<double, 4> kRows{697, 770, 852, 941};
  constexpr std::array<double, 4> kColumns{1209, 1336, 1477, 1633};
  const auto at = kKeys.find(key);
  const auto samples = rate / 1000 * static_cast<std::size_t>(ms);
  auto out = tone(kRows[at / 4], rate, samples, 5'000);
  const auto high = tone(kColumns[at % 4], rate, samples, 6'000);
  for (std::size_t i = 0; i < samples; ++i) out[i] = static_cast<std::int16_t>(out[i] + high[i]);
  return out;
}

std::string detected(std::uint32_t rate, std::span<const std::int16_t> samples) {
  ToneDetector detector(rate);
  std::string keys;
  for (std::size_t at = 0; at + rate / 50 <= samples.size(); at += rate / 50) {
    if (const auto key = detector.hear(samples.subspan(at, rate / 50))) keys.push_back(*key);
  }
  return keys;
}

void add(std::vector<std::int16_t>& sound, const std::vector<std::int16_t>& more) {
  sound.insert(sound.end(), more.begin(), more.end());
}

TEST(ToneDetector, HearsEveryKeyOnceThroughEachCodec) {
  for (const auto kind : kAll) {
    const auto rate = sample_rate(kind) == 0 ? 16'000 : sample_rate(kind);
    std::vector<std::int16_t> sound(rate / 5);
    for (const char key : kKeys) {
      add(sound, key_tone(key, rate, 80));
      add(sound, std::vector<std::int16_t>(rate / 1000 * 80));
    }
    add(sound, std::vector<std::int16_t>(rate / 5));
    EXPECT_EQ(detected(rate, through(kind, rate, sound)), kKeys) << static_cast<int>(kind);
  }
}

TEST(ToneDetector, TellsALongPressOnceAndTwoPressesTwice) {
  for (int later = 0; later < 20; ++later) {  // samples; the detector works in blocks of 102
    auto sound = key_tone('5', 8'000, 3'000);
    add(sound, std::vector<std::int16_t>(8u * 55u + 5u * static_cast<unsigned>(later)));
    add(sound, key_tone('5', 8'000, 100));
    add(sound, std::vector<std::int16_t>(8 * 100));
    EXPECT_EQ(detected(8'000, sound), "55") << later;
  }
}

TEST(ToneDetector, TakesALostPacketForNoRelease) {
  for (std::size_t lost = 5; lost < 15; ++lost) {
    const auto sound = key_tone('9', 8'000, 400);
    const auto encoder = make_encoder(CodecKind::Pcma, 8'000, {});
    const auto decoder = make_decoder(CodecKind::Pcma, 8'000);
    ToneDetector detector(8'000);
    std::string keys;
    std::array<std::uint8_t, kPayloadMax> payload;
    std::array<std::int16_t, 160> frame;
    for (std::size_t i = 0; i < 20; ++i) {
      const auto size = encoder->encode(std::span(sound).subspan(i * 160, 160), payload);
      if (i == lost) {
        decoder->conceal(frame);
      } else {
        decoder->decode(std::span(payload).first(size), frame);
      }
      if (const auto key = detector.hear(frame)) keys.push_back(*key);
    }
    EXPECT_EQ(keys, "9") << lost;
  }
}

// Voices are made of harmonics that glide; no two of them stay on a pair of the keypad's frequencies.
TEST(ToneDetector, TakesNoVoiceForAKey) {
  std::vector<std::int16_t> sound(8'000 * 60);
  double phase = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const auto seconds = static_cast<double>(i) / 8'000;
    const double pitch = 160 + 60 * std::sin(seconds * 3.1) + 25 * std::sin(seconds * 11.7);
    phase += 2 * std::numbers::pi * pitch / 8'000;
    double value = 0;
    for (int harmonic = 1; harmonic <= 20; ++harmonic) {
      const double formant = 500 + 300 * std::sin(seconds * 5.3);
      const double away = (harmonic * pitch - formant) / 400;
      const double second = (harmonic * pitch - 1'500 - 500 * std::sin(seconds * 2.9)) / 500;
      value += (std::exp(-away * away) + 0.6 * std::exp(-second * second)) * std::sin(harmonic * phase);
    }
    const double loud = std::max(0.0, std::sin(seconds * 9.0));
    sound[i] = static_cast<std::int16_t>(std::clamp(value * loud * 6'000, -32'000.0, 32'000.0));
  }
  EXPECT_EQ(detected(8'000, sound), "");
}

TEST(ToneDetector, TakesNoSpokenPromptForAKey) {
  const std::filesystem::path folder = "/usr/share/asterisk/sounds/en_US_f_Allison";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the sound packages are not installed";
  std::size_t seconds = 0;
  std::size_t keys = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".wav" || entry.path().stem().string().find("tone") == 0) continue;
    const auto recording = read_sound_file(entry.path().native());
    if (!recording) continue;
    seconds += recording->samples.size() / recording->rate;
    const auto found = detected(recording->rate, recording->samples);
    if (!found.empty()) std::printf("%s: %s\n", entry.path().c_str(), found.c_str());
    keys += found.size();
  }
  EXPECT_GT(seconds, 300u);
  EXPECT_LE(keys, seconds / 600) << "in " << seconds << " s of speech";
}

TEST(ToneDetector, TakesNeitherRingingNorDialToneForAKey) {
  auto sound = tone(440, 8'000, 16'000);
  const auto dial = tone(350, 8'000, 16'000);
  for (std::size_t i = 0; i < dial.size(); ++i) sound[i] = static_cast<std::int16_t>(sound[i] + dial[i]);
  EXPECT_EQ(detected(8'000, sound), "");
}

}  // namespace
}  // namespace xivo::media
