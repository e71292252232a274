#include "app/web/web_files.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "api/wording.hpp"
#include "base/log.hpp"
#include "http/file_tree.hpp"

namespace xivo::app {
namespace {

constexpr std::string_view kIndex = "index.html";
constexpr std::size_t kNonceSize = 24;

/// How index.html looked when the folder was read: another one means that the folder was built anew.
struct Stamp {
  std::filesystem::file_time_type written{};
  std::uintmax_t size = 0;
  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const std::string& folder) {
  std::error_code error;
  const auto path = std::filesystem::path(folder) / kIndex;
  Stamp stamp{std::filesystem::last_write_time(path, error), 0};
  if (error) return {};
  stamp.size = std::filesystem::file_size(path, error);
  return error ? Stamp{} : stamp;
}

struct Folder {
  Stamp stamp;
  http::FileTree tree;
};
using FolderPtr = std::shared_ptr<const Folder>;

FolderPtr read_folder(const std::string& path) {
  auto folder = std::make_shared<Folder>();
  folder->stamp = stamp_of(path);
  auto tree = http::FileTree::read(path);
  if (tree) {
    folder->tree = std::move(*tree);
    log::notice("web", "{}: {} files, {} kB", path, folder->tree.size(), folder->tree.bytes() >> 10);
  } else {
    log::debug("web", "{}: {}; there are no web pages", path, tree.error().what);
  }
  return folder;
}

std::string path_of(const http::Request& request) {
  std::string path;
  for (const auto& segment : request.segments) path += (path.empty() ? "" : "/") + segment;
  return path;
}

/// A file's name has an ending and build output lies in assets/; anything else is a place within the pages.
bool is_place(const http::Request& request) {
  if (request.segments.empty()) return true;
  return request.segments.front() != "assets" && request.segments.back().find('.') == std::string::npos;
}

std::string policy(std::string_view nonce) {
  const std::string own = nonce.empty() ? std::string() : fmt::format(" 'nonce-{}'", nonce);
  return fmt::format(
      "default-src 'none'; script-src 'self'{}; style-src 'self'{}; style-src-attr 'unsafe-inline'; "
      "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; "
      "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      own, nonce.empty() ? " 'unsafe-inline'" : own);
}

void secure(http::Response& response) {
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "same-origin");
  response.set("X-Frame-Options", "DENY");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)");
}

std::string say(const http::Request& request, std::string_view french, std::string_view english) {
  return std::string(api::preferred_language(request) == model::Language::French ? french : english);
}

http::Response in_words(const http::Request& request, int status, std::string_view french,
                        std::string_view english) {
  auto response = http::Response::text(status, say(request, french, english) + "\n");
  response.set("Cache-Control", "no-store");
  response.set("Vary", "Accept-Language");
  return response;
}

/// What stands in the place of pages that nobody has built.
http::Response no_pages(const http::Request& request) {
  const bool french = api::preferred_language(request) == model::Language::French;
  http::Response response;
  response.status = 503;
  response.set("Content-Type", "text/html; charset=utf-8");
  response.set("Content-Security-Policy", policy({}));
  response.set("Cache-Control", "no-store");
  response.set("Vary", "Accept-Language");
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>XiVO</title>\n<body style=\"font:1.1em/1.5 system-ui,sans-serif;"
      "max-width:36em;margin:4em auto;padding:0 1em\"><h1>XiVO</h1><p>{}</p><p>{}</p></body></html>\n",
      french ? "fr" : "en",
      french ? "Le système téléphonique fonctionne, mais ses pages web ne sont pas construites. "
               "<code>./run</code> les construit ; l’option <code>--web DOSSIER</code> dit où elles sont."
             : "The telephone system works, but its web pages have not been built. <code>./run</code> builds "
               "them; the option <code>--web FOLDER</code> says where they are.",
      french ? "L’interface REST répond à <a href=\"/api/v1/status\">/api/v1</a>."
             : "The REST interface answers at <a href=\"/api/v1/status\">/api/v1</a>.");
  return response;
}

/// index.html, with its policy and, where it asks for one, a nonce.
http::Response index_page(const http::Request& request, const http::FileTree& tree, runtime::Rng& rng) {
  const auto* file = tree.find(kIndex);
  if (file == nullptr) return no_pages(request);
  if (file->bytes.find(WebFiles::kNonceMark) == std::string::npos) {
    auto response = *tree.answer(request, kIndex);
    response.set("Content-Security-Policy", policy({}));
    return response;
  }
  const std::string nonce = rng.token(kNonceSize);
  http::Response response;
  response.set("Content-Type", std::string(file->type));
  response.set("Cache-Control", "no-store");
  response.set("Content-Security-Policy", policy(nonce));
  response.body = file->bytes;
  for (auto at = response.body.find(WebFiles::kNonceMark); at != std::string::npos;
       at = response.body.find(WebFiles::kNonceMark, at)) {
    response.body.replace(at, WebFiles::kNonceMark.size(), nonce);
  }
  return response;
}

http::Response answer_to(const http::Request& request, const http::FileTree& tree, runtime::Rng& rng) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = in_words(request, 405, "Ici, on ne peut que lire (GET)", "Here one can only read (GET)");
    return response.set("Allow", "GET, HEAD");
  }
  const std::string path = path_of(request);
  if (!request.segments.empty() && request.segments.front() == "api") {
    return in_words(request, 404, "L’interface est à /api/v1", "The interface is at /api/v1");
  }
  if (path.empty() || path == kIndex) return index_page(request, tree, rng);
  if (auto file = tree.answer(request, path)) return std::move(*file);
  if (is_place(request)) return index_page(request, tree, rng);
  return in_words(request, 404, "Il n’y a pas de tel fichier ici", "There is no such file here");
}

}  // namespace

struct WebFiles::State : std::enable_shared_from_this<State> {
  State(std::string f, runtime::Loop& l, runtime::WorkerPool& w)
      : path(std::move(f)), loop(l), workers(w), folder(read_folder(path)), looked(loop.clock().now()) {}

  void answer(const http::Request& request, const http::Responder& responder) {
    auto response = answer_to(request, folder->tree, loop.scheduler().rng);
    secure(response);
    responder.send(std::move(response));
  }

  /// Whether the folder was built anew since it was read; the request waits for what is found.
  bool look(const http::Request& request, const http::Responder& responder) {
    looked = loop.clock().now();
    return workers.submit(
        [request, responder, known = folder, where = path, &l = loop, weak = weak_from_this()] {
          auto found = stamp_of(where) == known->stamp ? known : read_folder(where);
          l.post([request, responder, found, weak] {
            const auto alive = weak.lock();
            if (!alive) return;
            alive->folder = found;
            alive->answer(request, responder);
          });
        });
  }

  const std::string path;
  runtime::Loop& loop;
  runtime::WorkerPool& workers;
  FolderPtr folder;
  runtime::Instant looked;
};

WebFiles::WebFiles(std::string folder, runtime::Loop& loop, runtime::WorkerPool& workers)
    : state_(std::make_shared<State>(std::move(folder), loop, workers)) {}
WebFiles::~WebFiles() = default;

void WebFiles::handle(http::Request request, http::Responder responder) {
  const bool due = state_->loop.clock().now() - state_->looked >= kLookEvery;
  if (due && state_->look(request, responder)) return;
  state_->answer(request, responder);
}

}  // namespace xivo::app
