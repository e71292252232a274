// The state of a lamp as a document.                                                                    RFC 4235 §4.1
#include "endpoint/notify/dialog_info.hpp"

#include <fmt/format.h>

namespace xivo::endpoint {
namespace {

/// For an attribute in double quotes. A URI has neither controls nor anything beyond ASCII (the parser of requests sees to it).
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

std::string dialog_info(std::string_view entity, std::uint32_t version, bool lit) {
  return fmt::format(
      "<?xml version=\"1.0\"?>\r\n"
      "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{}\" state=\"full\" "
      "entity=\"{}\">\r\n"
      "<dialog id=\"lamp\"><state>{}</state></dialog>\r\n"
      "</dialog-info>\r\n",
      version, escaped(entity), lit ? "confirmed" : "terminated");
}

}  // namespace xivo::endpoint
