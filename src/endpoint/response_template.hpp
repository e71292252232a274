#pragma once

#include <string>
#include <string_view>

#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace xivo::endpoint {

/// The header lines that all responses to one request share (Via, From, To with our tag, Call-ID, CSeq, Record-Route),
/// kept as text so that the request itself need not be.
class ResponseTemplate {
 public:
  ResponseTemplate() = default;
  ResponseTemplate(const sip::Message& request, std::string_view to_tag, const sip::Flow& flow);

  /// `lines`: further whole header lines, each with its CRLF.
  [[nodiscard]] std::string make(int status, std::string_view lines = {}, std::string_view content_type = {},
                                 std::string_view body = {}) const;

 private:
  std::string head_;
};

}  // namespace xivo::endpoint
