#include "sip/dialog.hpp"

#include <gtest/gtest.h>

// RFC 3261 §12
namespace xivo::sip {
namespace {

/// Keeps the bytes that a message points into.
class Text {
 public:
  explicit Text(std::string bytes)
      : bytes_(std::move(bytes)), parsed_(Message::parse(bytes_.data(), bytes_.size())) {
    EXPECT_TRUE(parsed_.has_value()) << bytes_;
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  const Message& operator*() const { return *parsed_; }

 private:
  std::string bytes_;
  Result<Message, ParseFault> parsed_;
};

const char* const kContact = "Contact: <sip:101@192.0.2.7:5060;transport=tcp>\r\n";

std::string invite(const std::string& extra = kContact) {
  return "INVITE sip:102@192.0.2.1 SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
         "From: \"Al, of <sales>\" <sip:101@example.com;user=phone>;x=1;tag=f1\r\n"
         "To: sip:102@example.com\r\n"
         "Call-ID: c1\r\n"
         "CSeq: 7 INVITE\r\n"
         "Max-Forwards: 70\r\n" +
         extra + "Content-Length: 0\r\n\r\n";
}

std::string response(int status, const std::string& extra, const std::string& to_tag = ";tag=r1") {
  return "SIP/2.0 " + std::to_string(status) +
         " X\r\n"
         "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-0-1\r\n"
         "From: <sip:101@example.com>;tag=l1\r\n"
         "To: Bob <sip:102@example.com>" +
         to_tag + "\r\nCall-ID: c2\r\nCSeq: 20 INVITE\r\n" + extra + "Content-Length: 0\r\n\r\n";
}

std::string in_dialog(const std::string& method, int cseq, const std::string& extra = "") {
  return method +
         " sip:x@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK2\r\n"
         "From: <sip:101@example.com>;tag=f1\r\nTo: <sip:102@example.com>;tag=l1\r\nCall-ID: c1\r\nCSeq: " +
         std::to_string(cseq) + " " + method + "\r\nMax-Forwards: 70\r\n" + extra +
         "Content-Length: 0\r\n\r\n";
}

Dialog uas(const std::string& extra = kContact) { return *Dialog::from_request(*Text(invite(extra)), "l1"); }
Dialog uac(const std::string& extra = "Contact: <sip:102@192.0.2.9>\r\n") {
  return *Dialog::from_response(*Text(response(200, extra)), 20);
}

TEST(DialogAsUas, IsRefusedWithoutAContactToSendTo) {
  for (const char* extra : {"", "Contact: *\r\n", "Contact: <tel:+3312345>\r\n", "Contact: <sip:\r\n"}) {
    EXPECT_FALSE(Dialog::from_request(*Text(invite(extra)), "l1")) << extra;
  }
}

TEST(DialogAsUas, IsRefusedWithABrokenRecordRoute) {
  EXPECT_FALSE(Dialog::from_request(*Text(invite(std::string(kContact) + "Record-Route: <sip:\r\n")), "l1"));
}

TEST(DialogAsUas, TakesItsStateFromTheRequest) {
  const auto dialog = uas();
  EXPECT_EQ(dialog.id(), (DialogId{"c1", "l1", "f1"}));
  EXPECT_EQ(dialog.remote_target(), "sip:101@192.0.2.7:5060;transport=tcp");
  EXPECT_EQ(dialog.local_uri(), "<sip:102@example.com>");
  EXPECT_EQ(dialog.remote_uri(), "\"Al, of <sales>\" <sip:101@example.com;user=phone>");
  EXPECT_EQ(dialog.next_hop(), dialog.remote_target());
}

TEST(DialogAsUas, KeepsTheOrderOfRecordRoute) {
  const auto dialog =
      uas(std::string(kContact) +
          "Record-Route: <sip:p1;lr>, \"P\" <sip:p2;lr>;x=y\r\nRecord-Route: <sip:p3;lr>\r\n");
  EXPECT_EQ(dialog.route_set(), (std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>;x=y", "<sip:p3;lr>"}));
  EXPECT_EQ(dialog.next_hop(), "sip:p1;lr");
}

TEST(DialogAsUac, IsRefusedByASuccessWithoutContact) {
  EXPECT_FALSE(Dialog::from_response(*Text(response(200, "")), 20));
}

TEST(DialogAsUac, IsRefusedByAProvisionalWithoutTag) {
  EXPECT_FALSE(Dialog::from_response(*Text(response(180, "", "")), 20));
}

TEST(DialogAsUac, TakesAnOldSuccessWithoutTag) {
  const auto dialog = Dialog::from_response(*Text(response(200, "Contact: <sip:102@192.0.2.9>\r\n", "")), 20);
  ASSERT_TRUE(dialog);
  EXPECT_EQ(dialog->id().remote_tag, "");
}

TEST(DialogAsUac, TakesItsStateFromTheResponse) {
  const auto dialog = uac();
  EXPECT_EQ(dialog.id(), (DialogId{"c2", "l1", "r1"}));
  EXPECT_EQ(dialog.local_uri(), "<sip:101@example.com>");
  EXPECT_EQ(dialog.remote_uri(), "Bob <sip:102@example.com>");
  EXPECT_EQ(dialog.local_cseq(), 20u);
}

TEST(DialogAsUac, ReversesRecordRoute) {
  const auto dialog = uac("Contact: <sip:102@192.0.2.9>\r\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\r\n");
  EXPECT_EQ(dialog.route_set(), (std::vector<std::string>{"<sip:p2;lr>", "<sip:p1;lr>"}));
}

TEST(DialogAsUac, CallsTheCalledAddressUntilARingingBringsAContact) {
  auto dialog = *Dialog::from_response(*Text(response(180, "")), 20);
  EXPECT_EQ(dialog.remote_target(), "sip:102@example.com");
  dialog.confirm(*Text(response(200, "Contact: <sip:102@192.0.2.9>\r\nRecord-Route: <sip:p1;lr>\r\n")));
  EXPECT_EQ(dialog.remote_target(), "sip:102@192.0.2.9");
  EXPECT_EQ(dialog.next_hop(), "sip:p1;lr");
}

TEST(DialogAsUac, TakesTheRouteSetAnewFromTheSuccess) {
  auto dialog =
      *Dialog::from_response(*Text(response(180, "Contact: <sip:a@b>\r\nRecord-Route: <sip:p1;lr>\r\n")), 20);
  dialog.confirm(*Text(response(200, "Contact: <sip:c@d>\r\n")));
  EXPECT_TRUE(dialog.route_set().empty());
  EXPECT_EQ(dialog.next_hop(), "sip:c@d");
}

TEST(DialogRequest, GoesToTheTargetWhenThereIsNoRoute) {
  auto dialog = uas();
  EXPECT_EQ(dialog.request(Method::Bye, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-0-9").finish(),
            "BYE sip:101@192.0.2.7:5060;transport=tcp SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-0-9\r\n"
            "Max-Forwards: 70\r\n"
            "From: <sip:102@example.com>;tag=l1\r\n"
            "To: \"Al, of <sales>\" <sip:101@example.com;user=phone>;tag=f1\r\n"
            "Call-ID: c1\r\n"
            "CSeq: 1 BYE\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(DialogRequest, CarriesALooseRouteSetWhole) {
  auto dialog = uas(std::string(kContact) + "Record-Route: <sip:p1;LR>,<sip:p2>\r\n");
  const auto text = dialog.request(Method::Bye, "v").finish();
  EXPECT_EQ(text.substr(0, text.find('\r')), "BYE sip:101@192.0.2.7:5060;transport=tcp SIP/2.0");
  EXPECT_NE(text.find("\r\nRoute: <sip:p1;LR>\r\nRoute: <sip:p2>\r\nFrom"), std::string::npos) << text;
}

TEST(DialogRequest, GoesThroughAStrictRouterWithTheTargetLast) {
  auto dialog = uas(std::string(kContact) + "Record-Route: <sip:strict>,<sip:p2;lr>\r\n");
  const auto text = dialog.request(Method::Bye, "v").finish();
  EXPECT_EQ(text.substr(0, text.find('\r')), "BYE sip:strict SIP/2.0");
  EXPECT_NE(text.find("\r\nRoute: <sip:p2;lr>\r\nRoute: <sip:101@192.0.2.7:5060;transport=tcp>\r\nFrom"),
            std::string::npos)
      << text;
  EXPECT_EQ(dialog.next_hop(), "sip:strict");
}

TEST(DialogRequest, LeavesHeaderFieldsOutOfTheRequestUri) {
  auto dialog = uas("Contact: <sip:101@192.0.2.7?Subject=x>\r\n");
  const auto text = dialog.request(Method::Bye, "v").finish();
  EXPECT_EQ(text.substr(0, text.find('\r')), "BYE sip:101@192.0.2.7 SIP/2.0");
}

TEST(DialogRequest, CountsOnExceptForAckAndCancel) {
  auto dialog = uac();
  const auto cseq = [&](Method method, std::uint32_t number) {
    const auto text = dialog.request(method, "v", number).finish();
    const auto at = text.find("CSeq: ");
    return text.substr(at, text.find('\r', at) - at);
  };
  EXPECT_EQ(cseq(Method::Ack, 20), "CSeq: 20 ACK");
  EXPECT_EQ(cseq(Method::Invite, 0), "CSeq: 21 INVITE");
  EXPECT_EQ(cseq(Method::Bye, 0), "CSeq: 22 BYE");
  EXPECT_EQ(dialog.local_cseq(), 22u);
}

TEST(DialogOrder, RefusesALowerNumberOnly) {
  auto dialog = uas();
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("INFO", 6))), Dialog::Order::Old);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("INFO", 7))), Dialog::Order::Ok);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("INFO", 100))), Dialog::Order::Ok);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("INFO", 99))), Dialog::Order::Old);
}

TEST(DialogOrder, TakesAnAckWhateverHasOvertakenIt) {
  auto dialog = uas();
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("UPDATE", 8))), Dialog::Order::Ok);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("ACK", 7))), Dialog::Order::Ok);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("INFO", 7))), Dialog::Order::Old);
}

TEST(DialogOrder, AcceptsAnyNumberFirstAsUac) {
  auto dialog = uac();
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("BYE", 3))), Dialog::Order::Ok);
  EXPECT_EQ(dialog.accept_cseq(*Text(in_dialog("BYE", 2))), Dialog::Order::Old);
}

TEST(DialogTarget, IsRefreshedByAContact) {
  auto dialog = uas();
  dialog.refresh_target(*Text(in_dialog("INVITE", 8, "Contact: <sip:new@192.0.2.8>\r\n")));
  EXPECT_EQ(dialog.remote_target(), "sip:new@192.0.2.8");
}

TEST(DialogTarget, StaysWithoutAUsableContact) {
  auto dialog = uas();
  dialog.refresh_target(*Text(in_dialog("INVITE", 8)));
  dialog.refresh_target(*Text(in_dialog("INVITE", 9, "Contact: <mailto:a@b>\r\n")));
  EXPECT_EQ(dialog.remote_target(), "sip:101@192.0.2.7:5060;transport=tcp");
}

}  // namespace
}  // namespace xivo::sip
