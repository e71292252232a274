#include "runtime/log_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace xivo::runtime {
namespace {

constexpr int kLastWordsMax = 500;  // ms without a byte taken, once the process ends
constexpr int kPatience = 100;  // ms between two looks whether it ends

}  // namespace

LogWriter::LogWriter(int fd) : fd_(fd) {
  log::set_sink([this](log::Level level, std::string_view category, std::string_view text) {
    take(level, category, text);
  });
}

LogWriter::~LogWriter() {
  log::set_sink({});
  ending_ = true;
}

void LogWriter::take(log::Level level, std::string_view category, std::string_view text) {
  if (waiting_.fetch_add(1) < kWaitingMax) {
    auto line = fmt::format("{} {}: {}\n", log::name(level), category, text);
    if (writer_.submit([this, kept = std::move(line)] {
          write_out(kept);
          waiting_.fetch_sub(1);
        })) {
      return;
    }
  }
  waiting_.fetch_sub(1);
  dropped_.fetch_add(1);
}

// Asked first, so that the end of the process need not wait for a reader who is gone.
void LogWriter::write_out(std::string_view line) {
  std::string with_gap;
  if (const auto dropped = dropped_.exchange(0); dropped != 0) {
    with_gap = fmt::format("WARNING log: {} lines were not written\n{}", dropped, line);
    line = with_gap;
  }
  int waited = 0;
  while (!line.empty() && !given_up_) {
    pollfd ready{fd_, POLLOUT, 0};
    const int count = poll(&ready, 1, kPatience);
    if (count == 0) waited += kPatience;
    given_up_ = ending_ && waited >= kLastWordsMax;
    if (count <= 0) continue;
    const auto taken = write(fd_, line.data(), line.size());
    if (taken < 0 && errno != EINTR && errno != EAGAIN) return;
    if (taken > 0) line.remove_prefix(static_cast<std::size_t>(taken));
  }
}

}  // namespace xivo::runtime
