#include "http/file_tree.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "base/log.hpp"
#include "base/text.hpp"

namespace xivo::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashCharacters = 8;  // that Vite and esbuild put into names

std::string tag_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return text::hex(digest.data(), std::min(size, 16u));
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

std::optional<std::string> read_file(const fs::path& path, std::size_t size) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!in || !in.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

/// Why a file is not taken; empty when it is.
std::string_view objection(const fs::directory_entry& entry, const fs::path& root) {
  std::error_code error;
  if (entry.is_symlink(error)) {
    const auto target = fs::canonical(entry.path(), error);
    if (error || !lies_below(target, root)) return "a link out of the folder";
  }
  if (!entry.is_regular_file(error) || error) return "no regular file";
  if (entry.file_size(error) > FileTree::kFileBytesMax || error) return "too big";
  return {};
}

bool is_hidden(const fs::path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part.native().starts_with('.'); });
}

/// The value of q in a list item, in thousandths.
int weight_of(std::string_view item) {
  const auto at = item.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string_view value = text::trim(item.substr(at + 2));
  return value.empty() || value.find_first_not_of("0.") == std::string_view::npos ? 0 : 1000;
}

}  // namespace

std::string_view media_type_of(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".txt", "text/plain; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".wav", "audio/wav"},
      {".mp3", "audio/mpeg"},
      {".pdf", "application/pdf"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool has_hashed_name(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;  // what stands at the top keeps its name
  const std::string_view name = path.substr(slash + 1);
  const std::string_view stem = name.substr(0, name.find('.'));
  if (stem.size() < kHashCharacters + 2 || stem[stem.size() - kHashCharacters - 1] != '-') return false;
  const std::string_view hash = stem.substr(stem.size() - kHashCharacters);
  return std::all_of(hash.begin(), hash.end(),
                     [](char c) { return text::is_alnum(c) || c == '_' || c == '-'; });
}

bool accepts_coding(const Request& request, std::string_view coding) {
  for (std::string_view item : text::split(request.header("accept-encoding").value_or(""), ',')) {
    item = text::trim(item);
    if (text::equal_ignoring_case(text::trim(item.substr(0, item.find(';'))), coding))
      return weight_of(item) > 0;
  }
  return false;
}

Result<FileTree> FileTree::read(const std::string& folder) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return fail("folder cannot be read", error.value());
  FileTree tree;
  fs::recursive_directory_iterator at(root, error);
  if (error) return fail("folder cannot be read", error.value());
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error) return fail("folder cannot be read", error.value());
    const auto relative = at->path().lexically_relative(root);
    std::error_code ignored;
    if (is_hidden(relative) || (at->is_directory(ignored) && !at->is_symlink(ignored))) continue;
    const auto leave_out = [&](std::string_view why) {
      log::warning("http", "{} is not served: {}", at->path().native(), why);
    };
    if (const auto why = objection(*at, root); !why.empty()) {
      leave_out(why);
      continue;
    }
    const auto size = static_cast<std::size_t>(at->file_size(ignored));
    if (tree.files_.size() >= kFilesMax || tree.bytes_ + size > kBytesMax) {
      leave_out("there is too much beside it");
      continue;
    }
    auto bytes = read_file(at->path(), size);
    if (!bytes) {
      leave_out("it cannot be read");
      continue;
    }
    File file{std::move(*bytes), {}, media_type_of(relative.native()), has_hashed_name(relative.native())};
    file.tag = tag_of(file.bytes);
    tree.bytes_ += size;
    tree.files_.emplace(relative.native(), std::move(file));
  }
  return tree;
}

const FileTree::File* FileTree::find(std::string_view path) const {
  const auto at = files_.find(path);
  return at == files_.end() ? nullptr : &at->second;
}

std::optional<Response> FileTree::answer(const Request& request, std::string_view path) const {
  const File* file = find(path);
  if (file == nullptr) return std::nullopt;
  const File* twin = find(std::string(path) + ".gz");
  const bool compressed = twin != nullptr && accepts_coding(request, "gzip");
  const std::string tag = fmt::format("\"{}{}\"", file->tag, compressed ? "-gz" : "");
  Response response;
  response.set("ETag", tag);
  response.set("Cache-Control", file->hashed ? "public, max-age=31536000, immutable" : "no-cache");
  if (twin != nullptr) response.set("Vary", "Accept-Encoding");
  const std::string_view seen = request.header("if-none-match").value_or("");
  if (text::trim(seen) == "*" || seen.find(tag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.set("Content-Type", std::string(file->type));
  if (compressed) response.set("Content-Encoding", "gzip");
  response.body = compressed ? twin->bytes : file->bytes;
  return response;
}

}  // namespace xivo::http
