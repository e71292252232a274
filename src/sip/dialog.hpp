#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {

/// What names a dialog from our side.                                                         RFC 3261 §12
struct DialogId {
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;
  bool operator==(const DialogId&) const = default;
};

/// The state of one dialog: who, where to, in which order. A plain value; its owner decides when it ends.
/// Compact on purpose: a held call keeps two of these.
/// Thread  the owner's.
class Dialog {
 public:
  /// As UAS, from the request that creates it (INVITE, SUBSCRIBE) and the tag we answer with.   §12.1.1
  static Result<Dialog> from_request(const Message& request, std::string_view local_tag);
  /// As UAC, from a response with a To tag to the request we sent.                               §12.1.2
  /// `local_cseq`: of that request.
  static Result<Dialog> from_response(const Message& response, std::uint32_t local_cseq);

  [[nodiscard]] const DialogId& id() const { return id_; }
  [[nodiscard]] std::string_view remote_target() const { return remote_target_; }
  [[nodiscard]] std::string_view local_uri() const { return local_uri_; }  // the whole From value without tag
  [[nodiscard]] std::string_view remote_uri() const { return remote_uri_; }
  [[nodiscard]] const std::vector<std::string>& route_set() const { return route_set_; }
  [[nodiscard]] std::uint32_t local_cseq() const { return local_cseq_; }

  /// The next request inside the dialog: Request-URI, Via, Max-Forwards, From, To, Call-ID, CSeq and Route are in; the
  /// caller adds the rest and finishes it. Strict first routes are handled (§12.2.1.1).
  /// `cseq_override`: for ACK (the INVITE's number) and CANCEL; 0 = next number.
  Writer request(Method method, std::string_view via_value, std::uint32_t cseq_override = 0);

  /// Where a request of this dialog is to be sent by §12.2.1.1 / §8.1.2: the first route's URI, else the remote target.
  [[nodiscard]] std::string_view next_hop() const;

  enum class Order : std::uint8_t { Ok, Old };
  /// Checks and takes over the CSeq of a request inside the dialog (§12.2.2); Old gets 500.
  Order accept_cseq(const Message& request);
  /// Target refresh by re-INVITE, UPDATE or their 2xx: takes the Contact over, if there is one.
  void refresh_target(const Message& message);
  /// The same for a request that is answered later: contact_of() at once, set_remote_target() with the 2xx.
  static std::string contact_of(const Message& message);
  void set_remote_target(std::string target) {
    if (!target.empty()) remote_target_ = std::move(target);
  }
  /// A provisional's dialog is confirmed by the 2xx: target and route set are taken anew (§13.2.2.4).
  void confirm(const Message& response);

 private:
  DialogId id_;
  std::string local_uri_;
  std::string remote_uri_;
  std::string remote_target_;
  std::vector<std::string> route_set_;  // name-addr values, first hop first
  std::uint32_t local_cseq_ = 0;
  std::uint32_t remote_cseq_ = 0;
  bool remote_cseq_known_ = false;
};

}  // namespace xivo::sip
