#include "media/sound_library.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "base/text.hpp"
#include "media/codec/key_sound.hpp"
#include "media/codec/sound_encoder.hpp"
#include "media/sound_file.hpp"

namespace xivo::media {
namespace {

constexpr std::string_view kMusicPrefix = "moh:";
constexpr std::string_view kDefaultMusic = "default";
constexpr std::string_view kExtension = ".wav";
constexpr std::size_t kNameMax = 128;
constexpr std::size_t kTitlesMax = 256;  // of one music class

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// 0 the language itself, 1 the same language of another country, 2 another language.
int distance(std::string_view folder, std::string_view language) {
  if (folder == language) return 0;
  const auto short_form = language.substr(0, language.find('_'));
  if (short_form.empty() || folder.substr(0, folder.find('_')) != short_form) return 2;
  return 1;
}

/// The language folders below all prompt folders, best match first; equal ones in order of folder and name.
std::vector<fs::path> language_folders(const std::vector<std::string>& roots, std::string_view language) {
  std::vector<std::tuple<int, std::size_t, fs::path>> found;
  for (std::size_t rank = 0; rank < roots.size(); ++rank) {
    std::error_code error;
    for (fs::directory_iterator at(roots[rank], error), end; !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (!at->is_directory(ignored)) continue;
      found.emplace_back(distance(at->path().filename().native(), language), rank, at->path());
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> folders;
  folders.reserve(found.size() + roots.size());
  for (auto& [unused, rank, path] : found) folders.push_back(std::move(path));
  for (const auto& root : roots) folders.emplace_back(root);  // a prompt without words has no language
  return folders;
}

std::vector<std::string> titles_in(const fs::path& folder) {
  std::vector<std::string> titles;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->path().extension() == kExtension && at->is_regular_file(ignored))
      titles.push_back(at->path().native());
    if (titles.size() == kTitlesMax) break;
  }
  std::sort(titles.begin(), titles.end());
  return titles;
}

}  // namespace

bool is_sound_name(std::string_view name) {
  if (name.empty() || name.size() > kNameMax || name.find("..") != std::string_view::npos) return false;
  const auto slash = name.find('/');
  if (slash != name.rfind('/') || slash == 0 || slash == name.size() - 1) return false;
  if (name.front() == '.' || (slash != std::string_view::npos && name[slash + 1] == '.')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return text::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

Result<std::shared_ptr<const Playlist>> SoundLibrary::load(std::string_view name, std::string_view language,
                                                           CodecKind kind) {
  if (name.substr(0, kMusicPrefix.size()) == kMusicPrefix)
    return load_music(name.substr(kMusicPrefix.size()), kind);
  if (const auto key = pressed_key(name)) return load_tones(*key, kind);
  return load_prompt(name, language, kind);
}

Result<std::shared_ptr<const Playlist>> SoundLibrary::load_tones(char key, CodecKind kind) {
  auto sound = encode_sound(kind, key_tones(key));
  if (!sound) return Unexpected{sound.error()};
  auto list = std::make_shared<Playlist>();
  list->titles.push_back(std::make_shared<const Sound>(std::move(*sound)));
  return std::shared_ptr<const Playlist>(std::move(list));
}

Result<std::shared_ptr<const Playlist>> SoundLibrary::load_prompt(std::string_view name,
                                                                  std::string_view language, CodecKind kind) {
  if (!is_sound_name(name)) return fail("not a sound name");
  const auto file = std::string(name).append(kExtension);
  for (const auto& folder : language_folders(options_.prompt_folders, language)) {
    const auto path = folder / file;
    if (!is_file(path)) continue;
    auto sound = load_file(path.native(), kind);
    if (!sound) return Unexpected{sound.error()};
    auto list = std::make_shared<Playlist>();
    list->titles.push_back(*sound);
    return std::shared_ptr<const Playlist>(std::move(list));
  }
  return fail("no such sound");
}

Result<std::shared_ptr<const Playlist>> SoundLibrary::load_music(std::string_view name, CodecKind kind) {
  if (!is_sound_name(name) || name.find('/') != std::string_view::npos) return fail("not a music class");
  Error last("no such music");
  for (const auto& root : options_.music_folders) {
    auto folder = fs::path(root);
    if (name != kDefaultMusic) folder /= name;
    auto list = std::make_shared<Playlist>();
    list->endless = true;
    for (const auto& path : titles_in(folder)) {
      auto sound = load_file(path, kind);
      if (sound) {
        list->titles.push_back(*sound);
      } else {
        last = sound.error();
      }
    }
    if (!list->titles.empty()) return std::shared_ptr<const Playlist>(std::move(list));
  }
  return Unexpected{last};
}

Result<std::shared_ptr<const Sound>> SoundLibrary::load_file(const std::string& path, CodecKind kind) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return fail("no such sound", errno);
  const Version version{std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                        status.st_size};
  auto key = std::to_string(static_cast<int>(kind)) + path;
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    if (found->second->version == version) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front().sound;
    }
    drop(found->second);
  }
  auto recording = read_sound_file(path);
  if (!recording) return Unexpected{recording.error()};
  auto encoded = encode_sound(kind, std::move(*recording));
  if (!encoded) return Unexpected{encoded.error()};
  auto sound = std::make_shared<const Sound>(std::move(*encoded));
  keep({std::move(key), version, sound});
  return sound;
}

void SoundLibrary::keep(Entry entry) {
  const auto size = entry.sound->frames.size();
  if (size > options_.cache_bytes_max) return;
  while (cached_bytes_ + size > options_.cache_bytes_max) drop(std::prev(entries_.end()));
  cached_bytes_ += size;
  entries_.push_front(std::move(entry));
  by_key_[entries_.front().key] = entries_.begin();
}

void SoundLibrary::drop(std::list<Entry>::iterator entry) {
  cached_bytes_ -= entry->sound->frames.size();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace xivo::media
