#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "media/codec/audio_codec.hpp"
#include "media/sound.hpp"
#include "media/sound_options.hpp"

namespace xivo::media {

/// Finds prompts by name and language and music by class, and keeps them encoded for the next listener. A file that has
/// changed on disk is read anew.
/// Thread  one, which may wait for a disk: the files thread in production.
class SoundLibrary {
 public:
  explicit SoundLibrary(const SoundOptions& options) : options_(options) {}

  /// `name`: a prompt ("beep", "digits/1"), "moh:" and a music class, or "dtmf:" and a key. The language's own folder is tried first
  /// ("fr_FR"), then folders of the same language ("fr_CA_f_June"), then any other.
  /// `kind`: any codec that can be encoded.
  /// Errors  a name with anything but letters, digits, "-_." and one '/'; no such sound; what read_sound_file() refuses
  Result<std::shared_ptr<const Playlist>> load(std::string_view name, std::string_view language,
                                               CodecKind kind);

  [[nodiscard]] std::size_t cached_bytes() const { return cached_bytes_; }

 private:
  struct Version {
    std::int64_t modified_ns = 0;
    std::int64_t size = 0;
    bool operator==(const Version&) const = default;
  };
  struct Entry {
    std::string key;
    Version version;
    std::shared_ptr<const Sound> sound;
  };

  Result<std::shared_ptr<const Playlist>> load_prompt(std::string_view name, std::string_view language,
                                                      CodecKind kind);
  static Result<std::shared_ptr<const Playlist>> load_tones(char key, CodecKind kind);
  Result<std::shared_ptr<const Playlist>> load_music(std::string_view name, CodecKind kind);
  Result<std::shared_ptr<const Sound>> load_file(const std::string& path, CodecKind kind);
  void keep(Entry entry);
  void drop(std::list<Entry>::iterator entry);

  SoundOptions options_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::size_t cached_bytes_ = 0;
};

/// Whether a prompt or class name can only name a file inside its folder.
bool is_sound_name(std::string_view name);

}  // namespace xivo::media
