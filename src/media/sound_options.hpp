#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace xivo::media {

/// Where prompts and music come from and how much of them stays in memory.
struct SoundOptions {
  /// Folders that hold one subfolder a language ("fr_FR", "fr_CA_f_June" ...); the first that has the file wins.
  std::vector<std::string> prompt_folders = {"/usr/share/asterisk/sounds"};
  /// Class "default" is each of these folders itself, class X its subfolder X; the first that has a file wins.
  std::vector<std::string> music_folders = {"/usr/share/asterisk/moh"};
  /// Encoded sound kept for the next listener, all codecs together; the least recently used goes first.
  std::size_t cache_bytes_max = 64u << 20;
};

}  // namespace xivo::media
