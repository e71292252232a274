#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

namespace xivo::http {

/// The files below one folder, read once and kept: what is served are entries of a map, so no path, however it is
/// written, leads anywhere else.
/// Thread  reading blocks for the disk; what was read is immutable, any.
class FileTree {
 public:
  static constexpr std::size_t kFileBytesMax = 16u << 20;
  static constexpr std::size_t kBytesMax = 64u << 20;  // of all
  static constexpr std::size_t kFilesMax = 4'096;

  /// What one file has to say about itself.
  struct File {
    std::string bytes;
    std::string tag;  // of its bytes, without quotes
    std::string_view type;  // media type
    bool hashed = false;  // its name changes with its bytes: it may be kept for ever
  };

  FileTree() = default;
  /// Reads everything below `folder`. Left out, with a line in the log: what a symbolic link brings in from outside,
  /// what is too big or too many, and what cannot be read. Hidden files are left out without.
  /// Errors  "folder cannot be read"
  static Result<FileTree> read(const std::string& folder);

  /// By its path within the folder, "assets/index-BkX3q9aZ.js"; nullptr when there is none.
  [[nodiscard]] const File* find(std::string_view path) const;
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// The answer to GET or HEAD of a file: itself, its compressed twin ("name.gz") for a client that takes it, or 304
  /// for one that has it. Nothing when there is no such file.                      RFC 9110 §8.8.3, §12.5.3, §13.1.2
  [[nodiscard]] std::optional<Response> answer(const Request& request, std::string_view path) const;

 private:
  std::map<std::string, File, std::less<>> files_;
  std::size_t bytes_ = 0;
};

/// The media type that a file's name promises; "application/octet-stream" when it promises none.
std::string_view media_type_of(std::string_view path);
/// Whether a name bears a hash of its bytes, as build tools write it: "assets/index-BkX3q9aZ.js".
bool has_hashed_name(std::string_view path);
/// Whether Accept-Encoding takes a coding.                                                      RFC 9110 §12.5.3
bool accepts_coding(const Request& request, std::string_view coding);

}  // namespace xivo::http
