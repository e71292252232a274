#include "media/sound_file.hpp"

#include <fcntl.h>
#include <sndfile.h>
#include <unistd.h>

#include <cstring>
#include <memory>

#include "runtime/socket.hpp"

namespace xivo::media {
namespace {

constexpr int kRateMin = 8'000;
constexpr int kRateMax = 48'000;
constexpr int kChannelsMax = 2;

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

// Looked at before libsndfile is: its readers of rare formats have had their share of defects.
bool is_wav(int fd) {
  char start[12];
  return pread(fd, start, sizeof start, 0) == sizeof start && std::memcmp(start, "RIFF", 4) == 0 &&
         std::memcmp(start + 8, "WAVE", 4) == 0;
}

void mix_to_mono(std::vector<std::int16_t>& samples) {
  for (std::size_t i = 0; i < samples.size() / 2; ++i) {
    samples[i] = static_cast<std::int16_t>((int{samples[2 * i]} + int{samples[2 * i + 1]}) / 2);
  }
  samples.resize(samples.size() / 2);
}

}  // namespace

Result<Recording> read_sound_file(const std::string& path) {
  const runtime::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail("cannot open the sound file", errno);
  if (!is_wav(fd.get())) return fail("not a WAV file");
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, CloseSound> file(sf_open_fd(fd.get(), SFM_READ, &info, SF_FALSE));
  if (!file) return fail("cannot read the sound file", sf_error(nullptr));
  if (info.samplerate < kRateMin || info.samplerate > kRateMax)
    return fail("sound file is not at 8 to 48 kHz", info.samplerate);
  if (info.channels < 1 || info.channels > kChannelsMax)
    return fail("sound file has too many channels", info.channels);
  if (info.frames < 1) return fail("sound file is empty");
  if (info.frames > sf_count_t{kSoundSecondsMax} * info.samplerate)
    return fail("sound file is too long", info.frames);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(info.frames * info.channels));
  const auto read = sf_readf_short(file.get(), samples.data(), info.frames);
  if (read < 1) return fail("sound file is empty");
  samples.resize(static_cast<std::size_t>(read * info.channels));
  if (info.channels == 2) mix_to_mono(samples);
  return Recording{std::move(samples), static_cast<std::uint32_t>(info.samplerate)};
}

}  // namespace xivo::media
