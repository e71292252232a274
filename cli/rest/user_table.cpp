#include "cli/rest/user_table.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/rest/output.hpp"
#include "runtime/socket.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr unsigned kTableMode = 0640;

Unexpected<Failure> cannot(const std::string& path, Language language) {
  return failed(kCommandFailed, fmt::format(fmt::runtime(in(language, "« {} » : {}", "\"{}\": {}")), path,
                                            std::strerror(errno)));
}

std::string summary(const Value& answer, Language language) {
  std::string text =
      fmt::format(fmt::runtime(in(language, "{} lignes : {} créés, {} modifiés, {} sans changement\n",
                                  "{} rows: {} created, {} changed, {} unchanged\n")),
                  answer.integer_at("rows"), answer.integer_at("created"), answer.integer_at("updated"),
                  answer.integer_at("unchanged"));
  const Value* ignored = answer.find("ignored");
  if (ignored == nullptr || ignored->items() == nullptr) return text;
  for (const Value& column : *ignored->items()) {
    text += fmt::format(fmt::runtime(in(language, "Colonne {} sans effet ({} lignes) : {}\n",
                                        "Column {} has no effect ({} rows): {}\n")),
                        column.text_at("column"), column.integer_at("rows"), column.text_at("reason"));
  }
  return text;
}

}  // namespace

Outcome<std::string> read_file(const std::string& path, Language language) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(file), {});
  if (!file && !file.eof()) return cannot(path, language);
  if (errno != 0 && content.empty()) return cannot(path, language);
  return content;
}

Outcome<void> write_file(const std::string& path, std::string_view content, unsigned mode,
                         Language language) {
  if (path.empty() || path == "-") return print(content), Outcome<void>();
  const runtime::Fd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file) return cannot(path, language);
  while (!content.empty()) {
    const auto written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot(path, language);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Outcome<void> import_users(Task& task) {
  const bool update = task.arguments.take_flag("update");
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const std::string path = task.arguments.word(2);
  if (path.empty()) return failed(kUsage, in(task.language(), "quel fichier ?", "which file?"));
  const auto content = read_file(path, task.language());
  if (!content) return Unexpected{content.error()};
  const auto done = show_ask_and_do(task, [&](bool dry_run) {
    const std::string query = fmt::format("/users/import?update={}&dry_run={}&force={}&reason={}", update,
                                          dry_run, task.force, encoded(task.reason));
    return task.api().request("POST", query, content->empty() ? "\n" : *content, "text/csv; charset=utf-8");
  });
  if (!done) return Unexpected{done.error()};
  if (!task.json) print(summary(*done, task.language()));
  return {};
}

Outcome<void> export_users(Task& task) {
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto reply = task.api().get("/users/export.csv");
  if (!reply) return Unexpected{reply.error()};
  return write_file(task.arguments.word(2), reply->body, kTableMode, task.language());
}

}  // namespace xivo::cli
