#include "endpoint/response_template.hpp"

#include <fmt/format.h>

#include "sip/writer.hpp"

namespace xivo::endpoint {

ResponseTemplate::ResponseTemplate(const sip::Message& request, std::string_view to_tag,
                                   const sip::Flow& flow) {
  auto writer = sip::response_to(request, 100, to_tag, {flow.remote.ip.to_string(), flow.remote.port});
  writer.copy(sip::HeaderId::RecordRoute, request);
  head_ = writer.finish();
  head_.erase(0, head_.find("\r\n") + 2);                 // the status line
  head_.resize(head_.rfind("Content-Length:"));  // and what finish() added
}

std::string ResponseTemplate::make(int status, std::string_view lines, std::string_view content_type,
                                   std::string_view body) const {
  std::string out;
  out.reserve(head_.size() + lines.size() + body.size() + 160);
  fmt::format_to(std::back_inserter(out), "SIP/2.0 {} {}\r\n", status, sip::reason_phrase(status));
  out += head_;
  out += lines;
  if (!body.empty()) fmt::format_to(std::back_inserter(out), "Content-Type: {}\r\n", content_type);
  fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n\r\n", body.size());
  out += body;
  return out;
}

}  // namespace xivo::endpoint
