#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "sip/tests/touch.hpp"
#include "sip/writer.hpp"

// Parses whatever comes, reads all of it, and checks that what was accepted can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xivo::sip;
  const auto bytes = std::make_unique<char[]>(size);
  std::copy_n(data, size, bytes.get());
  auto result = Message::parse(bytes.get(), size);
  // The sum is used, or the compiler would leave the reads out.
  if (touch(result) == SIZE_MAX) std::abort();
  const Message& message = result ? *result : result.error().partial;
  std::string response = response_to(message, 400, "tag", Source{"192.0.2.1", 5060}).finish();
  const auto echoed = Message::parse(response.data(), response.size());
  if (touch(echoed) == SIZE_MAX) std::abort();
  if (!result) return 0;
  if (!echoed) std::abort();

  Writer writer = message.is_request() ? Writer::request(message.method(), message.request_uri_text())
                                       : Writer::response(message.status());
  for (const HeaderField& field : message.headers()) {
    if (field.id != HeaderId::ContentLength && field.id != HeaderId::ContentType)
      writer.add(field.name, field.value);
  }
  std::string text = writer.finish({}, message.body());
  // The writer knows methods by id; an unknown one has no name to write.
  if (message.method() == Method::Unknown || text.size() > Message::kBytesMax) return 0;
  const auto again = Message::parse(text.data(), text.size());
  if (!again || again->call_id() != message.call_id() || again->cseq().number != message.cseq().number ||
      again->top_via().branch != message.top_via().branch || again->from().tag() != message.from().tag() ||
      again->body() != message.body()) {
    std::abort();
  }
  return 0;
}
