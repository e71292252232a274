#include <cstdio>

#include "app/daemon.hpp"

int main(int argc, char** argv) {
  using namespace xivo::app;
  auto parsed = parse_options(argc, argv);
  if (const auto* quit = std::get_if<Quit>(&parsed)) {
    std::fprintf(quit->code == ExitCode::Ok ? stdout : stderr, "%s\n", quit->text.c_str());
    return static_cast<int>(quit->code);
  }
  Daemon daemon(std::get<Options>(std::move(parsed)));
  if (const auto started = daemon.start(); !started) {
    std::fprintf(stderr, "xivod: %s\n", started.error().text.c_str());
    return static_cast<int>(started.error().code);
  }
  daemon.announce();
  daemon.run();
  return static_cast<int>(ExitCode::Ok);
}
