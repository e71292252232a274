#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xivo::oracle {

/// What a parser makes of one message, in words that every parser can be asked for. Names ignore case where RFC 3261
/// says so: hosts and schemes are written in lower case, escapes of a user part are resolved.
struct Reading {
  bool accepted = false;
  std::string why;  // our parser's fault
  /// Only what is there: "method" or "status", "request-uri", "call-id", "cseq", "from-tag", "to-tag", "via-branch",
  /// "via-host", "via-port", "contacts", "body".
  std::map<std::string, std::string> fields;
};

/// The parts of a URI that are compared. `port` is 0 when absent.
struct UriParts {
  std::string_view scheme, user, host;
  unsigned port = 0;
};
/// One way of writing them, whoever parsed it.
std::string written(const UriParts& uri);
/// Without leading zeros.
std::string number(const std::string& digits);

class Parser {
 public:
  virtual ~Parser() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Reading read(const std::string& bytes) const = 0;
};

const Parser& our_parser();
/// The packaged parsers that this machine has.
std::vector<const Parser*> oracles();

const Parser& sofia_parser();
const Parser& osip_parser();

}  // namespace xivo::oracle
