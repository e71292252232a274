#pragma once

#include <string>
#include <vector>

#include "runtime/rng.hpp"

namespace xivo::oracle {

/// A SIP message in pieces, to be written again in another way.
struct Pieces {
  std::string start;
  std::vector<std::string> fields;  // "Name: value"
  std::string body;

  /// Shape   message: with a head that ends; folded fields stay one piece
  static Pieces of(const std::string& message);
  [[nodiscard]] std::string joined() const;
};

/// Says the same in another spelling: case of names, compact forms, white space, folding, order, fields and parameters
/// that nobody knows. Every parser has to read what it read before.                        RFC 3261 §7.3
std::string respelled(const std::string& message, runtime::Rng& rng);

/// Breaks something, or puts it where it does not belong: bytes, whole fields, numbers, quotes.
std::string damaged(const std::string& message, runtime::Rng& rng);

}  // namespace xivo::oracle
