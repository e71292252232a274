#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"
#include "media/session.hpp"
#include "runtime/clock.hpp"
#include "runtime/rng.hpp"

namespace xivo::media {

/// Opens and closes the socket of a port pair; the pool decides which and when.
class PortOpener {
 public:
  virtual ~PortOpener() = default;
  /// Errors  `detail` is errno: EADDRINUSE makes the pool try another port, EADDRNOTAVAIL the unspecified address
  virtual Result<void> open(Slot slot, const SocketAddress& rtp) = 0;
  virtual void close(Slot slot) = 0;
};

/// An even RTP port, its odd RTCP port and the slot of their sockets.
struct PortPair {
  Slot slot = kNoSlot;
  std::uint16_t rtp = 0;
  IpAddress local;  // what was asked for
};

/// The port pairs of one call shard on one media loop: a slice of the range, chosen from at random. Pairs stay open between
/// sessions, so that taking one costs no system call most of the time; a few are kept in store.
///
/// A pair rests after a session, lest late packets of the old one meet the new one: kRest after one that got packets,
/// kRestSilent after one that got none. When nothing else is left, resting pairs are given early, silent ones at any age,
/// the others after kRestLeast: latching still stands guard then, and a refused call is worse.
/// Thread  the shard's
class PortPool {
 public:
  static constexpr auto kRest = std::chrono::seconds(30);
  static constexpr auto kRestSilent = std::chrono::seconds(1);
  static constexpr auto kRestLeast = std::chrono::seconds(2);
  static constexpr std::size_t kInStore = 8;  // unused open pairs of an address that refill() sees to
  static constexpr std::size_t kAddressesMax = 16;
  static constexpr std::size_t kOpenAttempts = 16;

  struct Slice {
    std::uint16_t first = 10'000;  // even
    std::uint32_t pairs = 5'000;
    Slot first_slot = 0;  // the pool uses slots_of() slots from here on
    std::size_t spare_open_max = 1'024;  // open pairs that no session uses: more are closed
  };

  /// One for each pair, and as many for sessions that come from other loops.
  static Slot slots_of(const Slice& slice) { return 2 * slice.pairs; }

  PortPool(const Slice& slice, PortOpener& opener, runtime::Rng& rng);

  /// Errors  "no free media port": no number is free or rested enough; `detail` is errno when a socket could not be opened
  Result<PortPair> take(const IpAddress& local, runtime::Instant now);
  /// `carried_packets`: the session was sent something, by whomever.
  void give_back(const PortPair& pair, bool carried_packets, runtime::Instant now);

  [[nodiscard]] bool wants_refill(const IpAddress& local) const;
  /// Opens pairs until kInStore are in store for `local`, or nothing more can be had.
  void refill(const IpAddress& local, runtime::Instant now);

  /// A slot for a session that comes from another loop; its port stays with the pool that it was taken from.
  std::optional<Slot> take_slot();
  void give_back_slot(Slot slot) { free_slots_.push_back(slot); }
  /// The port of a pair whose socket has left this pool and is closed by now.
  void give_back_port(std::uint16_t rtp, runtime::Instant now);

  [[nodiscard]] std::size_t spare_open() const { return spare_open_; }

 private:
  struct Resting {
    PortPair pair;
    runtime::Instant since{};
  };
  /// The pairs of one local address.
  struct Shelf {
    IpAddress local;
    IpAddress
        bound;  // `local`, or unspecified where that is not the machine's (an address in front of a NAT)
    std::vector<PortPair> store;
    std::deque<Resting> silent;
    std::deque<Resting> used;
  };
  struct RestingNumber {
    std::uint16_t rtp = 0;
    runtime::Instant until{};
  };

  Shelf* shelf_of(const IpAddress& local);
  std::optional<PortPair> take_open(Shelf& shelf, runtime::Instant now);
  std::optional<PortPair> take_resting(std::deque<Resting>& resting, runtime::Duration least,
                                       runtime::Instant now);
  Result<PortPair> open_new(Shelf& shelf, runtime::Instant now);
  Result<void> open_at(Shelf& shelf, const PortPair& pair);
  void free_rested(runtime::Instant now);
  void close_pair(const PortPair& pair, runtime::Instant rests_until);
  void close_excess();
  bool close_one_elsewhere(const Shelf& but, runtime::Instant now);

  Slice slice_;
  PortOpener& opener_;
  runtime::Rng& rng_;
  std::vector<Shelf> shelves_;
  std::vector<std::uint16_t> free_numbers_;
  std::deque<RestingNumber> resting_numbers_;  // closed, or taken by another program
  std::vector<Slot> free_slots_;
  Slot next_slot_;
  std::size_t spare_open_ = 0;  // on all shelves
};

}  // namespace xivo::media
