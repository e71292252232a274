#include "store/call_record_store.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

const runtime::WallTime kNoon{std::chrono::seconds(1'800'000'000)};

CallRecord call(int minute, std::string caller = "101", std::string dialled = "102") {
  CallRecord record;
  record.uuid = "uuid-" + std::to_string(minute);
  record.start = kNoon + minute * 1min;
  record.answer = record.start + 4s;
  record.end = record.start + 64s;
  record.caller_line = {1};
  record.caller_number = std::move(caller);
  record.caller_name = "Alice Durand";
  record.dialled = dialled;
  record.called_user = {2};
  record.called_number = std::move(dialled);
  record.called_name = "Bob Martin";
  record.disposition = Disposition::Answered;
  record.cause = 16;
  record.hung_up_by = HungUpBy::Called;
  record.config_revision = 7;
  record.trace = R"([{"rule":"extension"}])";
  for (int number = 1; number <= 2; ++number) {
    LegRecord leg;
    leg.number = number;
    leg.role = number == 1 ? LegRecord::Role::Caller : LegRecord::Role::Called;
    leg.line = {number};
    leg.channel = "SIP/10" + std::to_string(number);
    leg.remote = "192.0.2.1:5060";
    leg.codec = "alaw";
    leg.start = record.start;
    if (number == 1) leg.answer = record.answer;
    leg.end = record.end;
    leg.cause = 16;
    leg.sip_status = 200;
    leg.statistics = R"({"lost":0})";
    record.legs.push_back(leg);
  }
  return record;
}

class CallRecordTest : public ::testing::Test {
 protected:
  CallRecordTest()
      : writer_(std::move(*BatchWriter::open(scratch_.path()))),
        reader_(std::move(*CallRecordReader::open(scratch_.path()))) {}
  void add(CallRecord record) {
    ASSERT_TRUE(append(*writer_, std::move(record)));
    ASSERT_TRUE(writer_->flush());
  }
  std::vector<std::string> listed(const CallFilter& filter) {
    std::vector<std::string> uuids;
    const auto found = reader_->list(filter);
    for (const CallRecord& record : *found) uuids.push_back(record.uuid);
    EXPECT_TRUE(filter.limit != 100 || filter.offset != 0 ||
                static_cast<std::size_t>(*reader_->count(filter)) == uuids.size());
    return uuids;
  }
  using Uuids = std::vector<std::string>;

  const Scratch scratch_;
  std::unique_ptr<BatchWriter> writer_;
  std::unique_ptr<CallRecordReader> reader_;
};

TEST_F(CallRecordTest, AnUnknownCallIsNothing) {
  EXPECT_FALSE(*reader_->find(1));
  EXPECT_FALSE(*reader_->find_by_uuid("x"));
  EXPECT_TRUE(listed({}).empty());
}

TEST_F(CallRecordTest, ACallComesBackWithItsLegsAndTrace) {
  CallRecord record = call(0);
  record.legs[1].answer.reset();
  add(record);
  const auto found = reader_->find(1);
  ASSERT_TRUE(*found);
  record.id = 1;
  EXPECT_EQ(**found, record);
  EXPECT_EQ((*reader_->find_by_uuid("uuid-0"))->id, 1);
}

TEST_F(CallRecordTest, EveryDispositionAndEndingComesBack) {
  for (int i = 0; i <= static_cast<int>(Disposition::Cancelled); ++i) {
    CallRecord record = call(i);
    record.disposition = static_cast<Disposition>(i);
    record.hung_up_by = static_cast<HungUpBy>(i % 4);
    add(record);
    const auto found = reader_->find_by_uuid(record.uuid);
    EXPECT_EQ((*found)->disposition, record.disposition);
    EXPECT_EQ((*found)->hung_up_by, record.hung_up_by);
  }
  EXPECT_EQ(listed({.disposition = Disposition::Busy}).size(), 1U);
}

TEST_F(CallRecordTest, ACallIsRecordedOnce) {
  add(call(0));
  add(call(0));
  EXPECT_EQ(listed({}).size(), 1U);
}

TEST_F(CallRecordTest, ListsNewestFirstInPages) {
  for (int i = 0; i < 5; ++i) add(call(i));
  EXPECT_EQ(listed({}), (Uuids{"uuid-4", "uuid-3", "uuid-2", "uuid-1", "uuid-0"}));
  EXPECT_EQ(listed({.limit = 2, .offset = 1}), (Uuids{"uuid-3", "uuid-2"}));
  EXPECT_TRUE(listed({.limit = -1}).empty());
  EXPECT_EQ((*reader_->list({}))[0].trace, "");
  EXPECT_TRUE((*reader_->list({}))[0].legs.empty());
}

TEST_F(CallRecordTest, FiltersByTime) {
  for (int i = 0; i < 5; ++i) add(call(i));
  EXPECT_EQ(listed({.since = kNoon + 1min, .until = kNoon + 3min}), (Uuids{"uuid-2", "uuid-1"}));
}

TEST_F(CallRecordTest, FiltersByPartOfNumberOrName) {
  add(call(0, "101", "102"));
  add(call(1, "201", "0612345678"));
  EXPECT_EQ(listed({.caller = "20"}), (Uuids{"uuid-1"}));
  EXPECT_EQ(listed({.caller = "DURAND"}).size(), 2U);
  EXPECT_EQ(listed({.called = "2345"}), (Uuids{"uuid-1"}));
  EXPECT_EQ(listed({.called = "martin"}).size(), 2U);
  EXPECT_TRUE(listed({.caller = "%"}).empty());  // no pattern
  EXPECT_TRUE(listed({.caller = "' OR 1=1 --"}).empty());
}

TEST_F(CallRecordTest, ReadingDoesNotWaitForAWriter) {
  add(call(0));
  auto other = Database::open(scratch_.path(), {});
  auto lock = WriteTransaction::begin(*other);
  ASSERT_TRUE(lock);
  EXPECT_EQ(listed({}).size(), 1U);
}

}  // namespace
}  // namespace xivo::store
