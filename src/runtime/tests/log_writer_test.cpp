#include "runtime/log_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

#include "runtime/socket.hpp"
#include "runtime/thread.hpp"

namespace xivo::runtime {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }
  std::string read_all() {
    in.reset();
    std::string all;
    std::array<char, 4096> buffer;
    for (ssize_t got = 0; (got = read(out.get(), buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  Fd out;
  Fd in;
};

TEST(LogWriter, nobody_waits_for_a_log_that_nobody_reads) {
  Pipe pipe;
  LogWriter writer(pipe.in.get());
  const std::string long_text(200, 'x');
  for (std::size_t i = 0; i < LogWriter::kWaitingMax + 1'000; ++i) log::notice("test", "{} {}", i, long_text);
  SUCCEED() << "it came here although the pipe holds 64 KB";
}

TEST(LogWriter, everything_is_written_in_order_before_the_end) {
  Pipe pipe;
  auto writer = std::make_unique<LogWriter>(pipe.in.get());
  for (int i = 0; i < 100; ++i) log::warning("test", "line {}", i);
  writer.reset();
  const auto all = pipe.read_all();
  std::string wanted;
  for (int i = 0; i < 100; ++i) wanted += fmt::format("WARNING test: line {}\n", i);
  EXPECT_EQ(all, wanted);
}

TEST(LogWriter, lines_that_were_dropped_are_counted_in_the_log) {
  Pipe pipe;
  auto writer = std::make_unique<LogWriter>(pipe.in.get());
  const std::string long_text(2'000, 'x');
  for (std::size_t i = 0; i < LogWriter::kWaitingMax + 100; ++i) log::notice("test", "{}", long_text);
  std::string all;
  {
    Thread reader("reader", [&] {
      std::array<char, 65'536> buffer;
      while (all.find("lines were not written") == std::string::npos) {
        const auto got = read(pipe.out.get(), buffer.data(), buffer.size());
        if (got <= 0) return;
        if (all.size() > 1'000) all.erase(0, all.size() - 1'000);
        all.append(buffer.data(), static_cast<std::size_t>(got));
      }
    });
  }
  EXPECT_NE(all.find("WARNING log: "), std::string::npos);
}

}  // namespace
}  // namespace xivo::runtime
