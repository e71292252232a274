#include "app/record_adapter.hpp"

#include <gtest/gtest.h>

#include "model/json.hpp"

namespace xivo::app {
namespace {

endpoint::Binding binding() {
  endpoint::Binding b;
  b.line.value = 7;
  b.contact = "sip:101@192.0.2.7:5062";
  b.flow.transport = sip::Transport::Tcp;
  b.flow.local = *SocketAddress::parse("192.0.2.1:5060");
  b.flow.remote = *SocketAddress::parse("[2001:db8::7]:5062");
  b.instance = "<urn:uuid:1>";
  b.user_agent = "phone";
  b.call_id = "c";
  b.reg_id = 2;
  b.cseq = 41;
  b.q = 500;
  b.registered = runtime::WallTime(std::chrono::milliseconds(1'000));
  b.expires = runtime::WallTime(std::chrono::milliseconds(61'000));
  return b;
}

TEST(RecordAdapter, a_row_whose_flow_cannot_be_read_is_no_binding) {
  auto row = to_row(binding());
  for (const auto* flow : {"", "udp", "udp|here|there", "smoke|192.0.2.1:5060|192.0.2.7:5060"}) {
    row.flow = flow;
    EXPECT_FALSE(to_binding(row)) << flow;
  }
}

TEST(RecordAdapter, a_binding_comes_back_from_its_row_as_it_was) {
  const auto back = to_binding(to_row(binding()));
  ASSERT_TRUE(back);
  const auto was = binding();
  EXPECT_EQ(back->line, was.line);
  EXPECT_EQ(back->contact, was.contact);
  EXPECT_EQ(back->flow, was.flow);
  EXPECT_EQ(back->instance, was.instance);
  EXPECT_EQ(back->reg_id, was.reg_id);
  EXPECT_EQ(back->cseq, was.cseq);
  EXPECT_EQ(back->q, was.q);
  EXPECT_EQ(back->expires, was.expires);
}

TEST(RecordAdapter, a_call_that_nobody_answered_has_no_answer_in_its_row) {
  call::CallRecord record;
  record.disposition = call::Disposition::NoAnswer;
  record.legs.resize(1);
  const auto row = to_row(record);
  EXPECT_FALSE(row.answer);
  EXPECT_FALSE(row.legs.at(0).answer);
  EXPECT_EQ(row.disposition, store::Disposition::NoAnswer);
}

TEST(RecordAdapter, the_trace_is_json_that_can_be_read_again) {
  TraceRing trace(1);  // room for one entry of the largest size
  for (int i = 0; i < 3; ++i) trace.add(0, TraceRing::Kind::State, "", std::string(TraceRing::kTextMax, 'x'));
  trace.add(1'000, TraceRing::Kind::Sent, std::string(TraceRing::kTextMax, 'y'), "180 \"Ringing\"\r\n");
  const auto value = model::parse_json(trace_json(trace));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->integer_at("dropped"), 3);
  EXPECT_EQ(value->find("entries")->items()->at(0).text_at("text"), "180 \"Ringing\"\r\n");
  EXPECT_EQ(value->find("entries")->items()->at(0).text_at("kind"), "sent");
}

TEST(RecordAdapter, the_figures_of_a_leg_are_json_too) {
  call::CallRecord record;
  record.legs.resize(1);
  record.legs[0].statistics.packets_lost = 12;
  record.legs[0].statistics.mos_hundredths = 405;
  record.legs[0].statistics.quality = {{0, 3, 4, 5, 6, 410}, {5, 0, 0, 0, 0, 441}};
  const auto value = model::parse_json(to_row(record).legs.at(0).statistics);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->integer_at("packets_lost"), 12);
  const auto text = to_row(record).legs.at(0).statistics;
  EXPECT_NE(text.find(R"("mos_hundredths":405,)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("at_s":[0,5],"loss_permille":[3,0],"jitter_ms":[4,0])"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("mos_hundredths":[410,441])"), std::string::npos) << text;
}

}  // namespace
}  // namespace xivo::app
