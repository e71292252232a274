#include "sip/digest.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/writer.hpp"

namespace xivo::sip::digest {
namespace {

using text::equal_ignoring_case;

std::string without_escapes(std::string_view quoted) {
  std::string out;
  out.reserve(quoted.size());
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\\' && i + 1 < quoted.size()) ++i;
    out.push_back(quoted[i]);
  }
  return out;
}

struct Slot {
  std::string_view name;
  std::string Parameters::* field;
};
constexpr Slot kSlots[] = {
    {"username", &Parameters::username},   {"realm", &Parameters::realm},
    {"nonce", &Parameters::nonce},         {"uri", &Parameters::uri},
    {"response", &Parameters::response},   {"cnonce", &Parameters::cnonce},
    {"opaque", &Parameters::opaque},       {"qop", &Parameters::qop},
    {"algorithm", &Parameters::algorithm}, {"nc", &Parameters::nc},
    {"domain", &Parameters::domain},
};

/// Takes the parameters we know; `seen` has a bit per slot, and one more for stale.
Result<void> keep(Parameters& parameters, std::uint32_t& seen, std::string_view name, std::string value) {
  std::uint32_t bit = 1;
  for (const Slot& slot : kSlots) {
    if (equal_ignoring_case(slot.name, name)) {
      if ((seen & bit) != 0) return fail("digest parameter twice");
      seen |= bit;
      parameters.*slot.field = std::move(value);
      return {};
    }
    bit <<= 1;
  }
  if (equal_ignoring_case(name, "stale")) {
    if ((seen & bit) != 0) return fail("digest parameter twice");
    seen |= bit;
    parameters.stale = equal_ignoring_case(value, "true");
  }
  return {};
}

/// Whether the comma-separated list of a challenge's qop has "auth".
bool offers_auth(std::string_view qop) {
  for (const std::string_view option : text::split(qop, ',')) {
    if (equal_ignoring_case(text::trim(option), "auth")) return true;
  }
  return false;
}

}  // namespace

Result<Parameters> parse(std::string_view value) {
  grammar::Scanner scanner{text::trim(value)};
  if (!equal_ignoring_case(scanner.take_all(grammar::kToken), "Digest")) return fail("not Digest");
  if (!text::is_space(scanner.peek())) return fail("no digest parameters");
  Parameters parameters;
  std::uint32_t seen = 0;
  std::size_t count = 0;
  do {
    scanner.skip_space();
    if (++count > kParametersMax) return fail("too many digest parameters");
    const std::string_view name = scanner.take_all(grammar::kToken);
    if (name.empty() || !scanner.take_separator('=')) return fail("bad digest parameter");
    std::string_view text;
    std::string unescaped;
    if (scanner.peek() == '"') {
      if (!scanner.take_quoted(text)) return fail("quoted string does not end");
      unescaped = without_escapes(text);
    } else {
      text = scanner.take_all(grammar::kParameterValue);
      if (text.empty()) return fail("digest parameter without a value");
      unescaped = text;
    }
    if (auto kept = keep(parameters, seen, name, std::move(unescaped)); !kept)
      return Unexpected{kept.error()};
  } while (scanner.take_separator(','));
  scanner.skip_space();
  if (!scanner.done()) return fail("bad digest parameter");
  return parameters;
}

std::string challenge(std::string_view realm, std::string_view nonce, Algorithm algorithm, bool stale) {
  return fmt::format(R"(Digest realm={}, nonce="{}", algorithm={}, qop="auth"{})", quote(realm), nonce,
                     name(algorithm), stale ? ", stale=true" : "");
}

std::string answer(const Parameters& challenge, const Credentials& credentials, std::string_view method,
                   std::string_view uri, std::string_view cnonce, std::uint32_t nc) {
  const auto algorithm = algorithm_from(challenge.algorithm);
  if (!algorithm || (!challenge.qop.empty() && !offers_auth(challenge.qop))) return {};
  Parameters p;
  p.nonce = challenge.nonce;
  p.uri = uri;
  if (!challenge.qop.empty()) {
    p.qop = "auth";
    p.nc = fmt::format("{:08x}", nc);
    p.cnonce = cnonce;
  }
  const std::string a1 = a1_hash(*algorithm, credentials.username, challenge.realm, credentials.password);
  std::string out = fmt::format(R"(Digest username={}, realm={}, nonce={}, uri={}, response="{}")",
                                quote(credentials.username), quote(challenge.realm), quote(p.nonce),
                                quote(uri), response(*algorithm, a1, method, p));
  // A challenge without algorithm comes from an old server that may not know the parameter.
  if (!challenge.algorithm.empty())
    fmt::format_to(std::back_inserter(out), ", algorithm={}", name(*algorithm));
  if (!p.qop.empty())
    fmt::format_to(std::back_inserter(out), ", qop=auth, nc={}, cnonce={}", p.nc, quote(cnonce));
  if (!challenge.opaque.empty())
    fmt::format_to(std::back_inserter(out), ", opaque={}", quote(challenge.opaque));
  return out;
}

}  // namespace xivo::sip::digest
