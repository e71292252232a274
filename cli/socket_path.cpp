#include "cli/socket_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace xivo::cli {
namespace {
constexpr const char* kInstalled = "/run/xivo/ctl.sock";
constexpr const char* kInCheckout = "var/run/xivo.sock";
constexpr int kFoldersMax = 16;
}  // namespace

std::string socket_above(const std::string& folder) {
  std::filesystem::path place(folder);
  std::error_code error;
  for (int i = 0; i < kFoldersMax && !place.empty(); ++i) {
    if (std::filesystem::is_socket(place / kInCheckout, error)) return (place / kInCheckout).string();
    const auto above = place.parent_path();
    if (above == place) break;
    place = above;
  }
  return {};
}

std::string socket_path(std::string_view option) {
  if (!option.empty()) return std::string(option);
  if (const char* variable = std::getenv("XIVO_SOCKET"); variable != nullptr && *variable != '\0')
    return variable;
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  if (auto found = socket_above(here.string()); !found.empty()) return found;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (auto found = socket_above(program.parent_path().string()); !found.empty()) return found;
  return kInstalled;
}

}  // namespace xivo::cli
