// The end of a call with an operator, challenged or not.                                     RFC 3261 §15.1.1, §22
#include "endpoint/trunk/parting.hpp"

namespace xivo::endpoint {

void Parting::bye(const sip::Dialog& dialog, const sip::Flow& flow, const DigestClient& digest,
                  std::string lines) {
  Bye bye{dialog, flow, digest, std::move(lines)};
  if (byes_.size() >= kUnderWayMax) {
    send(bye, 0);
    return;
  }
  const auto id = byes_.emplace(std::move(bye));
  if (!send(*byes_.find(id), kTokenBit | id.bits())) byes_.erase(id);
}

bool Parting::send(Bye& bye, std::uint64_t token) {
  auto branch = transactions_.new_branch();
  const std::string uri(bye.dialog.remote_target());
  auto writer = bye.dialog.request(sip::Method::Bye, sip::TransactionLayer::via_value(bye.flow, branch));
  writer.raw(bye.lines).raw(bye.digest.lines("BYE", uri, scheduler_.rng));
  const auto client =
      transactions_.start(bye.flow, sip::Method::Bye, std::move(branch), writer.finish(), token);
  if (token == 0) transactions_.forget(client);
  return static_cast<bool>(client);
}

void Parting::on_response(std::uint64_t token, const sip::Message& response) {
  const auto id = ByeId::from_bits(token & ~kTokenBit);
  Bye* bye = byes_.find(id);
  if (bye == nullptr || response.status() < 200) return;
  const bool challenged = response.status() == 401 || response.status() == 407;
  if (challenged && bye->digest.challenged(response) == DigestClient::Verdict::Answer && send(*bye, token))
    return;
  byes_.erase(id);
}

void Parting::on_failure(std::uint64_t token) { byes_.erase(ByeId::from_bits(token & ~kTokenBit)); }

}  // namespace xivo::endpoint
