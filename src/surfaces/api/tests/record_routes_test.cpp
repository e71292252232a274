#include <gtest/gtest.h>

#include "api/wording.hpp"
#include "api_under_test.hpp"
#include "store/call_record_store.hpp"

namespace xivo::api {
namespace {

class Records : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    add("u-1", "2026-11-25T08:00:00Z", "101", store::Disposition::Answered);
    add("u-2", "2026-11-25T09:00:00Z", "102", store::Disposition::Busy);
    ASSERT_TRUE(calls_writer_->flush());
    server_->start();
  }

  void add(std::string uuid, std::string_view start, std::string caller, store::Disposition disposition) {
    store::CallRecord record;
    record.uuid = std::move(uuid);
    record.start = *parse_time(start);
    record.end = record.start + std::chrono::seconds(65);
    if (disposition == store::Disposition::Answered) record.answer = record.start + std::chrono::seconds(5);
    record.caller_number = std::move(caller);
    record.dialled = "200";
    if (record.uuid == "u-2") record.called_user.value = 9;
    record.disposition = disposition;
    record.trace =
        R"({"dropped":0,"entries":[{"t":1795593600000,"kind":"received","who":"101","text":"INVITE"},)"
        R"({"t":1795593600001,"kind":"sent","who":"200","text":"INVITE"},)"
        R"({"t":1795593600002,"kind":"decision","who":"","text":"rings 200"}]})";
    store::LegRecord leg;
    leg.number = 1;
    leg.line.value = 7;
    leg.channel = "SIP/101-00000001";
    leg.statistics = R"({"packets_lost":3})";
    leg.start = record.start;
    leg.end = record.end;
    record.legs = {leg};
    ASSERT_TRUE(store::append(*calls_writer_, std::move(record)));
  }

  std::string uuids(std::string_view query) {
    std::string all;
    const Answer answer = get("/call-records" + std::string(query));
    if (answer.status != 200) return std::to_string(answer.status);
    for (const auto& item : *answer.json.find("items")->items()) all += item.text_at("uuid") + " ";
    return all + std::to_string(answer.json.integer_at("total"));
  }
};

TEST_F(Records, RefuseFiltersThatMakeNoSense) {
  EXPECT_EQ(uuids("?since=yesterday"), "400");
  EXPECT_EQ(uuids("?disposition=lost"), "400");
  EXPECT_EQ(uuids("?limit=100000"), "400");
  EXPECT_EQ(uuids("?callerr=1"), "400");
}

TEST_F(Records, AreListedNewestFirstAndFiltered) {
  EXPECT_EQ(uuids(""), "u-2 u-1 2");
  EXPECT_EQ(uuids("?limit=1"), "u-2 2");
  EXPECT_EQ(uuids("?limit=1&offset=1"), "u-1 2");
  EXPECT_EQ(uuids("?caller=101"), "u-1 1");
  EXPECT_EQ(uuids("?disposition=busy"), "u-2 1");
  EXPECT_EQ(uuids("?since=2026-11-25T08:30:00Z"), "u-2 1");
  EXPECT_EQ(uuids("?until=2026-11-25T09:30:00%2B01:00"), "u-1 1");
}

TEST_F(Records, AreFoundByEitherSideAndByWhoTookPart) {
  EXPECT_EQ(uuids("?search=10"), "u-2 u-1 2");
  EXPECT_EQ(uuids("?search=102"), "u-2 1");
  EXPECT_EQ(uuids("?line=7"), "u-2 u-1 2");
  EXPECT_EQ(uuids("?line=8"), "0");
  EXPECT_EQ(uuids("?user=9"), "u-2 1");
  EXPECT_EQ(uuids("?line=0"), "400");
}

TEST_F(Records, AreExportedForASpreadsheet) {
  add("u-3", "2026-11-25T10:00:00Z", "=1+1,\"x\"", store::Disposition::Failed);
  ASSERT_TRUE(calls_writer_->flush());
  const Answer answer = get("/call-records.csv", {{"Accept-Language", "fr"}});
  EXPECT_EQ(answer.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(answer.header("content-disposition"), "attachment; filename=\"appels.csv\"");
  EXPECT_TRUE(
      answer.body.starts_with("\xEF\xBB\xBF"
                              "Début,Décroché,"))
      << answer.body;
  EXPECT_NE(answer.body.find("\r\n2026-11-25T10:00:00.000Z,,2026-11-25T10:01:05.000Z,,\"'=1+1,\"\"x\"\"\","),
            std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find("08:01:05.000Z,60,101,,200,"), std::string::npos);
  EXPECT_TRUE(get("/call-records.csv?caller=101").body.find("u-2") == std::string::npos);
  EXPECT_EQ(get("/call-records.csv?limit=1").status, 400);
}

TEST_F(Records, AreShownWithLegsAndTrace) {
  const Answer answer = get("/call-records/u-1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("duration_ms"), 60'000);
  const auto& leg = answer.json.find("legs")->items()->front();
  EXPECT_EQ(leg.text_at("channel"), "SIP/101-00000001");
  EXPECT_EQ(leg.find("statistics")->integer_at("packets_lost"), 3);
  const model::Value& trace = *answer.json.find("trace");
  EXPECT_EQ(*trace.find("participants"), model::Value(std::vector<std::string>{"101", "200"}));
  EXPECT_EQ(trace.find("entries")->items()->size(), 3u);
  EXPECT_EQ(get("/call-records/" + std::to_string(answer.json.integer_at("id"))).body, answer.body);
}

TEST_F(Records, AreNotFoundWhenTheyAreNot) {
  EXPECT_EQ(get("/call-records/u-3").status, 404);
  EXPECT_EQ(get("/call-records/999").status, 404);
}

}  // namespace
}  // namespace xivo::api
