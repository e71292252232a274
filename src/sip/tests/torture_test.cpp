#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sip/message.hpp"
#include "sip/tests/touch.hpp"
#include "sip/writer.hpp"
#include "source_dir.hpp"

// The 49 messages of RFC 4475, byte for byte, and what this layer says to each. Where the message is well formed here
// but its content is refused, `owed` is what the layers above answer; 0 = they go on normally.
namespace xivo::sip {
namespace {

enum class Class { Valid, BadRequest, Version, Drop };

struct Torture {
  const char* file;
  const char* section;
  Class expected;
  int owed = 0;
  const char* note = "";
};

constexpr Torture kMessages[] = {
    {"wsinv", "3.1.1.1", Class::Valid},
    {"intmeth", "3.1.1.2", Class::Valid, 501, "unknown method, Allow lists ours"},
    {"esc01", "3.1.1.3", Class::Valid},
    {"escnull", "3.1.1.4", Class::Valid},
    {"esc02", "3.1.1.5", Class::Valid, 501, "RE%47IST%45R is not REGISTER"},
    {"lwsdisp", "3.1.1.6", Class::Valid},
    {"longreq", "3.1.1.7", Class::Valid},
    {"dblreq", "3.1.1.8", Class::Valid, 0, "what follows the body of a datagram is ignored"},
    {"semiuri", "3.1.1.9", Class::Valid},
    {"transports", "3.1.1.10", Class::Valid},
    {"mpart01", "3.1.1.11", Class::Valid},
    {"unreason", "3.1.1.12", Class::Valid},
    {"noreason", "3.1.1.13", Class::Valid},
    {"badinv01", "3.1.2.1", Class::BadRequest},
    {"clerr", "3.1.2.2", Class::BadRequest},
    {"ncl", "3.1.2.3", Class::BadRequest},
    {"scalar02", "3.1.2.4", Class::BadRequest},
    {"scalarlg", "3.1.2.5", Class::Drop},
    {"quotbal", "3.1.2.6", Class::BadRequest},
    {"ltgtruri", "3.1.2.7", Class::BadRequest},
    {"lwsruri", "3.1.2.8", Class::BadRequest},
    {"lwsstart", "3.1.2.9", Class::BadRequest},
    {"trws", "3.1.2.10", Class::BadRequest},
    {"escruri", "3.1.2.11", Class::Valid, 400, "request_uri() refuses headers"},
    {"baddate", "3.1.2.12", Class::Valid, 0, "nothing here acts on Date"},
    {"regbadct", "3.1.2.13", Class::Valid, 400, "contacts() refuses '?' outside brackets"},
    {"badaspec", "3.1.2.14", Class::BadRequest},
    {"baddn", "3.1.2.15", Class::Valid, 0, "liberal: what stands before '<' is the display name"},
    {"badvers", "3.1.2.16", Class::Version},
    {"mismatch01", "3.1.2.17", Class::BadRequest},
    {"mismatch02", "3.1.2.18", Class::BadRequest},
    {"bigcode", "3.1.2.19", Class::Drop},
    {"badbranch", "3.2.1", Class::Valid, 0, "matched as RFC 2543 would: a cookie alone is no branch"},
    {"insuf", "3.3.1", Class::BadRequest},
    {"unkscm", "3.3.2", Class::Valid, 416},
    {"novelsc", "3.3.3", Class::Valid, 416},
    {"unksm2", "3.3.4", Class::Valid, 404, "no such address of record"},
    {"bext01", "3.3.5", Class::Valid, 420},
    {"invut", "3.3.6", Class::Valid, 415},
    {"regaut01", "3.3.7", Class::Valid, 401},
    {"multi01", "3.3.8", Class::BadRequest},
    {"mcl01", "3.3.9", Class::BadRequest},
    {"bcast", "3.3.10", Class::Valid, 0, "dropped above: a response with two Via is not ours"},
    {"zeromf", "3.3.11", Class::Valid, 0, "483 only where it would be forwarded"},
    {"cparam01", "3.3.12", Class::Valid},
    {"cparam02", "3.3.13", Class::Valid},
    {"regescrt", "3.3.14", Class::Valid},
    {"sdp01", "3.3.15", Class::Valid, 406},
    {"inv2543", "3.4.1", Class::Valid},
};

std::filesystem::path folder() { return tests::source_dir() / "tests/corpus/rfc4475"; }

std::string bytes_of(const std::string& name) {
  std::ifstream file(folder() / (name + ".sip"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Class class_of(const Result<Message, ParseFault>& result) {
  if (result) return Class::Valid;
  switch (result.error().answer) {
    case ParseFault::Answer::BadRequest: return Class::BadRequest;
    case ParseFault::Answer::Version: return Class::Version;
    default: return Class::Drop;
  }
}

TEST(Torture, HasAFileForEachOfThe49MessagesAndNoOther) {
  std::set<std::string> in_table;
  for (const Torture& torture : kMessages) in_table.insert(torture.file);
  std::set<std::string> in_folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() == ".sip") in_folder.insert(entry.path().stem().string());
  }
  EXPECT_EQ(in_table.size(), 49u);
  EXPECT_EQ(in_table, in_folder);
}

TEST(Torture, ClassifiesEachMessageAsItsTableRowSays) {
  for (const Torture& torture : kMessages) {
    std::string bytes = bytes_of(torture.file);
    const auto result = Message::parse(bytes.data(), bytes.size());
    EXPECT_EQ(class_of(result), torture.expected)
        << torture.file << " (" << torture.section
        << "): " << (result ? "accepted" : result.error().error.what);
  }
}

TEST(Torture, CanAnswerEachRefusedRequestWithItsOwnFields) {
  for (const Torture& torture : kMessages) {
    if (torture.expected != Class::BadRequest && torture.expected != Class::Version) continue;
    std::string bytes = bytes_of(torture.file);
    const auto result = Message::parse(bytes.data(), bytes.size());
    ASSERT_FALSE(result) << torture.file;
    const std::string answer =
        response_to(result.error().partial, 400, "t", Source{"192.0.2.200", 5060}).finish();
    EXPECT_NE(answer.find("\r\nVia: "), std::string::npos) << torture.file << "\n" << answer;
    EXPECT_NE(answer.find("\r\nCSeq: "), std::string::npos) << torture.file << "\n" << answer;
  }
}

// Each length gets an allocation of its own, so that the address sanitizer sees a read past the end.
TEST(Torture, ParsesEveryTruncationOfEveryMessageWithinItsBytes) {
  for (const Torture& torture : kMessages) {
    const std::string whole = bytes_of(torture.file);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const auto bytes = std::make_unique<char[]>(size);
      std::copy_n(whole.data(), size, bytes.get());
      touch(Message::parse(bytes.get(), size));
    }
  }
}

// ---- what the table's notes promise to the layers above

TEST(Torture, ReadsTheFoldedAndCommaJoinedViasOfWsinv) {
  std::string bytes = bytes_of("wsinv");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->top_via().transport, "UDP");
  EXPECT_EQ(message->top_via().host, "192.0.2.2");
  EXPECT_EQ(message->top_via().branch, "390skdjuw");
  const auto vias = message->tokens(HeaderId::Via);
  ASSERT_EQ(vias.size(), 3u);
  const auto second = Via::parse(vias[1]);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->transport, "TCP");
  EXPECT_EQ(second->host, "spindle.example.com");
  EXPECT_EQ(second->branch, "z9hG4bK9ikj8");
  const auto third = Via::parse(vias[2]);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->host, "192.168.255.111");
  EXPECT_EQ(third->branch, "z9hG4bK30239");
}

TEST(Torture, ReadsTheAddressesAndNumbersOfWsinv) {
  std::string bytes = bytes_of("wsinv");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->to().tag(), "1918181833n");
  EXPECT_EQ(message->from().tag(), "98asjd8");
  EXPECT_EQ(message->from().display_name, R"(J Rosenberg \\\")");
  EXPECT_EQ(message->cseq().number, 9u);
  EXPECT_EQ(message->number(HeaderId::MaxForwards).value(), 68u);
  EXPECT_EQ(message->header("UnknownHeaderWithUnusualValue"), ";;,,;;,;");
  EXPECT_EQ(message->header("newfangledheader"), "newfangled value   continued newfangled value");
  const auto contacts = message->contacts();
  ASSERT_TRUE(contacts);
  ASSERT_EQ(contacts->list.size(), 1u);
  EXPECT_EQ(contacts->list[0].display_name, R"(Quoted string \"\")");
  EXPECT_EQ(contacts->list[0].parameter("newparam"), "newvalue");
  EXPECT_EQ(contacts->list[0].parameter("secondparam"), "");
  EXPECT_EQ(contacts->list[0].parameter("q"), "0.33");
  const auto routes = message->name_addrs(HeaderId::Route);
  ASSERT_TRUE(routes);
  ASSERT_EQ(routes->size(), 1u);
  EXPECT_EQ((*routes)[0].uri.parameter("unknownwith"), "value");
  EXPECT_EQ((*routes)[0].uri.parameter("lr"), "");
}

TEST(Torture, KeepsQuotedControlCharactersAndUtf8OfIntmeth) {
  using namespace std::string_view_literals;
  std::string bytes = bytes_of("intmeth");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), Method::Unknown);
  EXPECT_EQ(message->method_text(), "!interesting-Method0123456789_*+`.%indeed'~");
  EXPECT_EQ(message->to().display_name, "BEL:\\\x07 NUL:\\\0 DEL:\\\x7f"sv);
  EXPECT_EQ(message->from().display_name, "token1~` token2'+_ token3*%!.-");
  EXPECT_EQ(message->from().parameter("fromParam''~+*_!.-%"), "работающий");
  EXPECT_EQ(message->from().tag(), "_token~1'+`*%!-.");
  const auto uri = message->request_uri();
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(uri->password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  EXPECT_EQ(uri->host, "example.com");
}

TEST(Torture, TakesEscapesForWhatTheyStandFor) {
  std::string bytes = bytes_of("esc01");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  const auto uri = message->request_uri();
  ASSERT_TRUE(uri);
  EXPECT_FALSE(uri->is_sips());
  EXPECT_EQ(uri->user_unescaped(), "sips:user@example.com");
  EXPECT_EQ(message->to().uri.user_unescaped(), "user");
  EXPECT_EQ(message->from().uri.user_unescaped(), "I have spaces");
  const auto contacts = message->contacts();
  ASSERT_TRUE(contacts);
  EXPECT_EQ(contacts->list.at(0).uri.parameter("lr"), "");
  EXPECT_EQ(unescape(contacts->list.at(0).uri.parameter("name").value()), "value%41");
}

TEST(Torture, DoesNotUnescapeMethodsAndHeaderNames) {
  std::string bytes = bytes_of("esc02");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), Method::Unknown);
  EXPECT_EQ(message->contacts()->list.size(), 2u);
}

TEST(Torture, KeepsNullBytesOfAUserPartApart) {
  std::string bytes = bytes_of("escnull");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  const auto contacts = message->contacts();
  ASSERT_TRUE(contacts);
  ASSERT_EQ(contacts->list.size(), 2u);
  EXPECT_FALSE(equivalent(contacts->list[0].uri, contacts->list[1].uri));
  EXPECT_EQ(contacts->list[1].uri.user_unescaped().size(), 2u);
}

TEST(Torture, CutsTheSecondRequestOffDblreq) {
  std::string bytes = bytes_of("dblreq");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), Method::Register);
  EXPECT_TRUE(message->body().empty());
}

TEST(Torture, FramesABinaryBodyWithNullBytes) {
  std::string bytes = bytes_of("mpart01");
  const auto message = Message::parse(bytes.data(), bytes.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body().size(), 553u);
  EXPECT_EQ(message->content_type(), "multipart/mixed");
  EXPECT_EQ(find_parameter(message->header(HeaderId::ContentType)->substr(15), "boundary"),
            "7a9cbec02ceef655");
}

TEST(Torture, LeavesTheReasonPhraseAlone) {
  std::string unusual = bytes_of("unreason");
  const auto message = Message::parse(unusual.data(), unusual.size());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->reason(), "= 2**3 * 5**2 но сто девяносто девять - простое");
  std::string empty = bytes_of("noreason");
  const auto without = Message::parse(empty.data(), empty.size());
  ASSERT_TRUE(without);
  EXPECT_EQ(without->status(), 100);
  EXPECT_EQ(without->reason(), "");
}

TEST(Torture, KeepsTheParametersOfABareContactForTheHeader) {
  std::string bare = bytes_of("cparam01");
  const auto first = Message::parse(bare.data(), bare.size());
  ASSERT_TRUE(first);
  const auto header = first->contacts();
  ASSERT_TRUE(header);
  EXPECT_EQ(header->list.at(0).parameter("unknownparam"), "");
  EXPECT_EQ(header->list.at(0).uri.parameters, "");
  std::string bracketed = bytes_of("cparam02");
  const auto second = Message::parse(bracketed.data(), bracketed.size());
  ASSERT_TRUE(second);
  const auto uri = second->contacts();
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->list.at(0).parameter("unknownparam"), std::nullopt);
  EXPECT_EQ(uri->list.at(0).uri.parameter("unknownparam"), "");
}

TEST(Torture, RefusesContentInTypedAccessorsWhereTheTableOwes400) {
  std::string request_uri = bytes_of("escruri");
  const auto invite = Message::parse(request_uri.data(), request_uri.size());
  ASSERT_TRUE(invite);
  EXPECT_FALSE(invite->request_uri());
  std::string contact = bytes_of("regbadct");
  const auto reg = Message::parse(contact.data(), contact.size());
  ASSERT_TRUE(reg);
  EXPECT_FALSE(reg->contacts());
}

TEST(Torture, NamesForeignSchemesWithoutUnderstandingThem) {
  std::string unknown = bytes_of("unkscm");
  const auto first = Message::parse(unknown.data(), unknown.size());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->request_uri()->scheme, "nobodyKnowsThisScheme");
  std::string novel = bytes_of("novelsc");
  const auto second = Message::parse(novel.data(), novel.size());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->request_uri()->opaque, "//192.0.2.103:3002");
  std::string isbn = bytes_of("unksm2");
  const auto third = Message::parse(isbn.data(), isbn.size());
  ASSERT_TRUE(third);
  EXPECT_EQ(third->to().uri.scheme, "isbn");
}

}  // namespace
}  // namespace xivo::sip
