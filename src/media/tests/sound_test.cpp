#include <gtest/gtest.h>
#include <spandsp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "media/g711.hpp"
#include "media/sound_file.hpp"
#include "media/sound_library.hpp"

namespace xivo::media {
namespace {

namespace fs = std::filesystem;

TEST(G711, EncodesEverySampleAsSpandspDoes) {
  for (int sample = -32768; sample <= 32767; ++sample) {
    const auto s = static_cast<std::int16_t>(sample);
    ASSERT_EQ(encode_sample(G711::ALaw, s), linear_to_alaw(sample)) << sample;
    ASSERT_EQ(encode_sample(G711::MuLaw, s), linear_to_ulaw(sample)) << sample;
  }
}

TEST(G711, DecodesEveryCodeWordAsSpandspDoes) {
  for (int code = 0; code < 256; ++code) {
    const auto c = static_cast<std::uint8_t>(code);
    EXPECT_EQ(decode_sample(G711::ALaw, c), alaw_to_linear(c)) << code;
    EXPECT_EQ(decode_sample(G711::MuLaw, c), ulaw_to_linear(c)) << code;
  }
}

TEST(G711, EncodesWhatItDecodesBackToTheSameCodeWord) {
  for (const auto law : {G711::ALaw, G711::MuLaw}) {
    for (int code = 0; code < 256; ++code) {
      const auto c = static_cast<std::uint8_t>(code);
      const auto again = encode_sample(law, decode_sample(law, c));
      const bool negative_zero = law == G711::MuLaw && code == 0x7f;
      EXPECT_EQ(again, negative_zero ? 0xff : c);
    }
  }
}

TEST(G711, NamesItsCodecs) {
  EXPECT_EQ(g711_of({"pcma", 8000, 1, 8, ""}), G711::ALaw);
  EXPECT_EQ(g711_of({"PCMU", 8000, 1, 0, ""}), G711::MuLaw);
  EXPECT_FALSE(g711_of({"PCMU", 16000, 1, 96, ""}));
  EXPECT_FALSE(g711_of({"G722", 8000, 1, 9, ""}));
}

class SoundTest : public ::testing::Test {
 protected:
  SoundTest() {
    std::string name = (fs::temp_directory_path() / "xivo-sound-XXXXXX").native();
    folder_ = mkdtemp(name.data());
    options_.prompt_folders = {(folder_ / "sounds").native()};
    options_.music_folders = {(folder_ / "moh").native()};
  }
  ~SoundTest() override { fs::remove_all(folder_); }

  static std::string le(std::uint32_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
    return bytes;
  }
  /// A WAV file of `samples` samples of `value`.
  void write_wav(const fs::path& path, std::size_t samples, std::int16_t value, std::uint32_t rate = 8000,
                 std::uint16_t channels = 1) const {
    std::string content;
    for (std::size_t i = 0; i < samples * channels; ++i) content += le(static_cast<std::uint16_t>(value), 2);
    const auto format = le(1, 2) + le(channels, 2) + le(rate, 4) + le(rate * 2 * channels, 4) +
                        le(2u * channels, 2) + le(16, 2);
    const auto body = "WAVEfmt " + le(16, 4) + format + "data" +
                      le(static_cast<std::uint32_t>(content.size()), 4) + content;
    write(path, "RIFF" + le(static_cast<std::uint32_t>(body.size()), 4) + body);
  }
  void write(const fs::path& path, const std::string& content) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << content;
  }

  fs::path folder_;
  SoundOptions options_;
};

TEST_F(SoundTest, RefusesNamesThatLeaveTheFolder) {
  for (const auto* name :
       {"", "..", "../x", "a/../b", "/x", "x/", "a/b/c", ".hidden", "a/.b", "a b", "a\\b", "a:b"}) {
    EXPECT_FALSE(is_sound_name(name)) << name;
  }
  EXPECT_FALSE(is_sound_name(std::string("a\0b", 3)));
  EXPECT_FALSE(is_sound_name(std::string(200, 'a')));
  EXPECT_TRUE(is_sound_name("cannot-complete-as-dialed"));
  EXPECT_TRUE(is_sound_name("digits/1"));
}

TEST_F(SoundTest, RefusesWhatIsNoUsableSoundFile) {
  write("sounds/fr_FR/text.wav", "this is no sound");
  write("sounds/fr_FR/cut.wav", "RIFF");
  write("sounds/fr_FR/header.wav", "RIFF" + le(4, 4) + "WAVE");
  write_wav("sounds/fr_FR/empty.wav", 0, 0);
  write_wav("sounds/fr_FR/rate.wav", 160, 0, 96'000);
  write_wav("sounds/fr_FR/surround.wav", 160, 0, 8000, 6);
  SoundLibrary library(options_);
  for (const auto* name : {"text", "cut", "header", "empty", "rate", "surround", "absent"}) {
    EXPECT_FALSE(library.load(name, "fr_FR", CodecKind::Pcma)) << name;
  }
}

TEST_F(SoundTest, FillsTheLastFrameWithSilence) {
  write_wav("sounds/fr_FR/short.wav", 161, 8000);
  SoundLibrary library(options_);
  const auto list = library.load("short", "fr_FR", CodecKind::Pcma);
  ASSERT_TRUE(list);
  const auto& frames = (*list)->titles.at(0)->frames;
  ASSERT_EQ(frames.size(), 320u);
  EXPECT_EQ(frames[160], encode_sample(G711::ALaw, 8000));
  EXPECT_EQ(frames[161], silence(G711::ALaw));
}

TEST_F(SoundTest, MixesStereoDown) {
  write_wav("sounds/fr_FR/stereo.wav", 160, 1000, 8000, 2);
  const auto recording = read_sound_file((folder_ / "sounds/fr_FR/stereo.wav").native());
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->samples.size(), 160u);
  EXPECT_EQ(recording->samples.front(), 1000);
}

TEST_F(SoundTest, PrefersTheLanguageThenItsRelativesThenAny) {
  write_wav("sounds/en_US_f_Allison/all.wav", 160, 100);
  write_wav("sounds/fr_CA_f_June/all.wav", 320, 100);
  write_wav("sounds/fr_FR/all.wav", 480, 100);
  write_wav("sounds/en_US_f_Allison/english.wav", 160, 100);
  write_wav("sounds/fr_CA_f_June/digits/1.wav", 320, 100);
  SoundLibrary library(options_);
  const auto size = [&](const char* name, const char* language) {
    const auto list = library.load(name, language, CodecKind::Pcmu);
    return list ? (*list)->titles[0]->frames.size() : 0;
  };
  EXPECT_EQ(size("all", "fr_FR"), 480u);
  EXPECT_EQ(size("all", "fr_BE"), 320u);
  EXPECT_EQ(size("all", "en_US"), 160u);
  EXPECT_EQ(size("all", "de_DE"), 160u);
  EXPECT_EQ(size("english", "fr_FR"), 160u);
  EXPECT_EQ(size("digits/1", "fr_FR"), 320u);
}

TEST_F(SoundTest, SharesWhatIsLoadedAndReadsAChangedFileAnew) {
  write_wav("sounds/fr_FR/x.wav", 160, 100);
  SoundLibrary library(options_);
  const auto first = library.load("x", "fr_FR", CodecKind::Pcma);
  const auto again = library.load("x", "fr_FR", CodecKind::Pcma);
  EXPECT_EQ((*first)->titles[0], (*again)->titles[0]);
  write_wav("sounds/fr_FR/x.wav", 320, 100);
  EXPECT_EQ((*library.load("x", "fr_FR", CodecKind::Pcma))->titles[0]->frames.size(), 320u);
  EXPECT_EQ(library.cached_bytes(), 320u);
}

TEST_F(SoundTest, KeepsNoMoreThanItsBound) {
  options_.cache_bytes_max = 1000;
  for (int i = 0; i < 10; ++i) write_wav("sounds/fr_FR/x" + std::to_string(i) + ".wav", 320, 100);
  write_wav("sounds/fr_FR/big.wav", 8000, 100);
  SoundLibrary library(options_);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(library.load("x" + std::to_string(i), "fr_FR", CodecKind::Pcma));
    EXPECT_LE(library.cached_bytes(), 1000u);
  }
  EXPECT_TRUE(library.load("big", "fr_FR", CodecKind::Pcma));
  EXPECT_LE(library.cached_bytes(), 1000u);
}

TEST_F(SoundTest, PlaysTheTitlesOfAClassInOrderAndLeavesOutWhatCannotBeRead) {
  write_wav("moh/b.wav", 320, 1);
  write_wav("moh/a.wav", 160, 1);
  write("moh/c.wav", "rubbish");
  write("moh/readme.txt", "hello");
  write_wav("moh/jazz/z.wav", 480, 1);
  SoundLibrary library(options_);
  const auto list = library.load("moh:default", "", CodecKind::Pcma);
  ASSERT_TRUE(list);
  EXPECT_TRUE((*list)->endless);
  ASSERT_EQ((*list)->titles.size(), 2u);
  EXPECT_EQ((*list)->titles[0]->frames.size(), 160u);
  EXPECT_EQ((*library.load("moh:jazz", "", CodecKind::Pcma))->titles[0]->frames.size(), 480u);
  EXPECT_FALSE(library.load("moh:none", "", CodecKind::Pcma));
  EXPECT_FALSE(library.load("moh:", "", CodecKind::Pcma));
  EXPECT_FALSE(library.load("moh:jazz/z", "", CodecKind::Pcma));
}

TEST(InstalledSounds, ResolveByLanguage) {
  if (!fs::exists("/usr/share/asterisk/sounds/fr_CA_f_June/beep.wav"))
    GTEST_SKIP() << "the sound packages are not installed";
  SoundLibrary library({});
  for (const auto* language : {"fr_FR", "en_US"}) {
    for (const auto* name : {"beep", "cannot-complete-as-dialed", "digits/1", "demo-echotest"}) {
      EXPECT_TRUE(library.load(name, language, CodecKind::Pcma)) << name << " " << language;
    }
  }
  const auto french = library.load("digits/1", "fr_FR", CodecKind::Pcma);
  const auto english = library.load("digits/1", "en_US", CodecKind::Pcma);
  EXPECT_NE((*french)->titles[0]->frames, (*english)->titles[0]->frames);
  EXPECT_TRUE(library.load("moh:default", "fr_FR", CodecKind::Pcmu));
}

}  // namespace
}  // namespace xivo::media
