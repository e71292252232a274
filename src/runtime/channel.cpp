#include "runtime/channel.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace xivo::runtime {
namespace {

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(Fd fd) : fd_(std::move(fd)) {}

  Outcome handshake() override { return Outcome::Done; }

  Transferred read(char* bytes, std::size_t room) override {
    const auto size = recv(fd_.get(), bytes, room, 0);
    blocked_writing_ = false;  // no word of this call; the owner knows what its write said
    if (size < 0 && would_block()) return {Outcome::Blocked};
    if (size <= 0) return {Outcome::Closed};
    const auto taken = static_cast<std::size_t>(size);
    return {Outcome::Done, taken, taken < room};
  }

  Transferred write(std::string_view bytes) override {
    const auto size = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    blocked_writing_ = size < 0 && would_block();
    if (blocked_writing_) return {Outcome::Blocked};
    if (size < 0) return {Outcome::Closed};
    return {Outcome::Done, static_cast<std::size_t>(size)};
  }

  void finish() override { shutdown(fd_.get(), SHUT_WR); }
  [[nodiscard]] bool wants_write() const override { return blocked_writing_; }
  [[nodiscard]] const Fd& fd() const override { return fd_; }

 private:
  Fd fd_;
  bool blocked_writing_ = false;
};

}  // namespace

std::unique_ptr<Channel> plain_channel(Fd fd) { return std::make_unique<PlainChannel>(std::move(fd)); }

}  // namespace xivo::runtime
