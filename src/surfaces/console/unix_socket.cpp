#include "console/unix_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace xivo::console {
namespace {

struct UnixAddress {
  sockaddr_un name{};
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

std::optional<UnixAddress> address_of(const std::string& path) {
  UnixAddress address;
  if (path.empty() || path.size() >= sizeof address.name.sun_path) return std::nullopt;
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, path.data(), path.size());
  return address;
}

/// Makes room for a socket at `path` if what is there is a socket nobody answers on.
Result<void> remove_stale(const std::string& path) {
  struct stat status{};
  if (lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) return fail("path exists and is no socket");
  const auto answered = connect_unix(path);
  // Only a refused connection proves that nobody listens; anything else leaves the file where it is.
  if (answered || answered.error().detail != ECONNREFUSED)
    return fail("socket is in use by a running program");
  if (unlink(path.c_str()) != 0) return fail("cannot remove the stale socket", errno);
  return {};
}

}  // namespace

Result<runtime::Fd> listen_unix(const std::string& path, mode_t mode, int backlog) {
  const auto address = address_of(path);
  if (!address) return fail("socket path is too long", static_cast<std::int64_t>(path.size()));
  if (auto removed = remove_stale(path); !removed) return Unexpected{removed.error()};
  runtime::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail("cannot open a socket", errno);
  if (bind(fd.get(), address->get(), sizeof address->name) != 0) return fail("cannot bind", errno);
  // Nobody can connect before listen(): the mode is in force from the first connection on, whatever the umask.
  if (chmod(path.c_str(), mode) != 0) return fail("cannot set the mode of the socket", errno);
  if (listen(fd.get(), backlog) != 0) return fail("cannot listen", errno);
  return fd;
}

Result<runtime::Fd> connect_unix(const std::string& path) {
  const auto address = address_of(path);
  if (!address) return fail("socket path is too long", static_cast<std::int64_t>(path.size()));
  runtime::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail("cannot open a socket", errno);
  if (connect(fd.get(), address->get(), sizeof address->name) != 0) return fail("cannot connect", errno);
  return fd;
}

std::string peer_identity(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return "unknown";
  return fmt::format("uid {}, pid {}", credentials.uid, credentials.pid);
}

}  // namespace xivo::console
