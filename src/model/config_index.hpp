#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "model/kinds.hpp"
#include "model/routing/number_index.hpp"
#include "model/table.hpp"

namespace xivo::model {

/// What SipLine::host says of a fixed peer.
struct FixedHost {
  IpAddress ip;
  std::uint16_t port = 0;  // 0: any
};
/// Reads "192.0.2.1", "192.0.2.1:5060", "2001:db8::1" or "[2001:db8::1]:5060"; nothing for "dynamic" and all else.
std::optional<FixedHost> parse_fixed_host(std::string_view host);

/// What SipLine::host says of a peer that is found by name.
struct NamedHost {
  std::string_view name;
  std::uint16_t port = 0;  // 0: the domain name system says
};
/// Reads "pbx.example" or "pbx.example:5070"; nothing for addresses, for "dynamic" and for all else.
std::optional<NamedHost> parse_named_host(std::string_view host);

/// Objects by some key of theirs. Copying shares everything; a change copies one small shard, so that a change to one of
/// 10,000 objects costs next to nothing.
/// Thread  any may read; add() and remove() belong to the one who made the copy.
template <class Kind, class Key, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class ObjectMap {
 public:
  using Objects = std::vector<const Kind*>;  // in id order

  template <class Like>
  [[nodiscard]] const Objects& find(const Like& key) const {
    static const Objects kNone;
    const auto& shard = shards_[place(key)];
    if (!shard) return kNone;
    const auto found = shard->find(key);
    return found == shard->end() ? kNone : found->second;
  }

  void add(const Key& key, const Kind* object) {
    Objects& objects = own(place(key))[key];
    const auto after =
        std::find_if(objects.begin(), objects.end(), [&](const Kind* o) { return o->id > object->id; });
    objects.insert(after, object);
  }

  void remove(const Key& key, const Kind* object) {
    Shard& shard = own(place(key));
    const auto found = shard.find(key);
    if (found == shard.end()) return;
    std::erase(found->second, object);
    if (found->second.empty()) shard.erase(found);
  }

 private:
  using Shard = std::unordered_map<Key, Objects, Hash, Equal>;
  static constexpr std::size_t kShards = 128;

  template <class Like>
  static std::size_t place(const Like& key) {
    return (Hash{}(key) * 0x9E3779B97F4A7C15) >> 57;  // the top 7 bits: 0..kShards-1
  }
  /// The shard for writing. One that nobody shares is ours already: it can be reached through this map only.
  Shard& own(std::size_t at) {
    auto& shard = shards_[at];
    if (!shard || shard.use_count() > 1)
      shard = shard ? std::make_shared<Shard>(*shard) : std::make_shared<Shard>();
    return *shard;
  }

  std::array<std::shared_ptr<Shard>, kShards> shards_;
};

struct HashText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// Follows the objects from one table to the next in `index`. Objects that the tables share are not looked at.
template <class Kind, class Index>
void follow(Index& index, Table<Kind> before, Table<Kind> after) {
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    const bool gone = now == after.end() || (old != before.end() && old->first < now->first);
    const bool made = old == before.end() || (now != after.end() && now->first < old->first);
    if (!gone && !made && old->second == now->second) {
      ++old, ++now;
      continue;
    }
    if (!made) index.remove(*(old++)->second);
    if (!gone) index.add(*(now++)->second);
  }
}

/// The ways to find a line other than its id. Points into the table it was made for, and lives as long as that.
struct LineIndex {
  void add(const SipLine& line);
  void remove(const SipLine& line);

  ObjectMap<SipLine, std::string, HashText, std::equal_to<>> by_name;
  ObjectMap<SipLine, std::int64_t> by_user;
  ObjectMap<SipLine, IpAddress> by_address;
};

/// The ways to find an extension other than its id; the same holds.
struct ExtensionIndex {
  struct Number {
    std::int64_t context;
    std::string exten;
  };
  struct NumberView {
    std::int64_t context;
    std::string_view exten;
  };
  struct HashNumber {
    using is_transparent = void;
    template <class N>
    std::size_t operator()(const N& number) const {
      return std::hash<std::string_view>{}(number.exten) * 31 + std::hash<std::int64_t>{}(number.context);
    }
  };
  struct SameNumber {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.exten == b.exten && a.context == b.context;
    }
  };

  void add(const Extension& extension);
  void remove(const Extension& extension);

  ObjectMap<Extension, Number, HashNumber, SameNumber> by_number;
  ObjectMap<Extension, std::int64_t> by_user;  // whose destination is the user; patterns are nobody's number
  ObjectMap<Extension, std::int64_t> by_line;
  std::vector<const Extension*> patterns;  // by id
  std::shared_ptr<const routing::ExtensionPatterns> by_pattern;  // made of `patterns`; null: to be made anew
};

}  // namespace xivo::model
