#pragma once

#include <string_view>

namespace xivo::app {

/// Which of `shards` a message belongs to, without a table, so that the thread that read it can hand it over:
///   - a response: the shard that our branch in the topmost Via names ("z9hG4bK-<shard>-...");
///   - REGISTER: shard 0, which keeps the registrations;
///   - a request inside a dialog: the shard that our tag in To names ("s<shard>-...");
///   - an INVITE that wants to take the place of a dialog: the shard that our tag in Replaces names (RFC 3891). It is answered at
///     once, so that its CANCEL, which says nothing of it, has nothing left to do wherever it goes;
///   - any other: the hash of its Call-ID, so that an INVITE, its repeats, its CANCEL and the ACK of a refusal meet. A
///     trunk that sends everything from one address is spread by it.
/// What names no shard, or one that does not exist, goes by its Call-ID; what has none goes to shard 0, which refuses it.
/// Shape   bytes: one whole message, hostile and unparsed; at least one shard
/// Thread  any
unsigned shard_of(std::string_view bytes, unsigned shards);

}  // namespace xivo::app
