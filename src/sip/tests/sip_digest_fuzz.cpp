#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"
#include "sip/digest.hpp"

// A credentials or challenge value: parsed, answered as a challenge, and its nonce checked by a book that never issued it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xivo;
  using namespace xivo::sip;
  static runtime::ManualClock clock;
  static runtime::TimerWheel timers(clock);
  static runtime::SeededRng rng(1);
  static const runtime::Scheduler scheduler{clock, timers, rng};
  static digest::NonceBook book(scheduler, std::make_shared<digest::NonceLedger>(scheduler));
  const auto p = digest::parse({reinterpret_cast<const char*>(data), size});
  if (!p) return 0;
  const digest::NonceState state = book.check(p->nonce, p->nc);
  if (state == digest::NonceState::Fresh || state == digest::NonceState::Replayed) std::abort();
  const std::string answer =
      digest::answer(*p, {"alice", "secret"}, "REGISTER", "sip:example.com", "cnonce", 1);
  if (answer.empty()) return 0;
  const auto given = digest::parse(answer);
  if (!given) std::abort();
  return 0;
}
