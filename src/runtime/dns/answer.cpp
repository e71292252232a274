// What a DNS server answered.                                                   RFC 1035 §4, RFC 2308, RFC 2782, RFC 3403
#include "runtime/dns/answer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::runtime {
namespace {

constexpr std::uint16_t kTypeCname = 5;
constexpr std::uint16_t kTypeSoa = 6;
constexpr std::uint16_t kClassInternet = 1;
constexpr std::size_t kNameMax = 255;
constexpr std::size_t kRecordsMax = 64;  // more in one answer are not looked at
constexpr int kJumpsMax = 32;
constexpr int kAliasesMax = 8;
constexpr std::uint32_t kTtlSignBit = 0x8000'0000;  // RFC 2181 §8: to be taken as 0

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (out.ends_with('.')) out.pop_back();
  return out;
}

/// Reads at a place of the message; once something is missing everything further is empty and ok() false.
class Reader {
 public:
  Reader(std::string_view message, std::size_t at, std::size_t end) : message_(message), at_(at), end_(end) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }

  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (const char c : take(bytes)) value = (value << 8) | static_cast<unsigned char>(c);
    return value;
  }
  std::uint16_t number16() { return static_cast<std::uint16_t>(number(2)); }

  std::string_view take(std::size_t bytes) {
    if (!ok_ || bytes > end_ - at_) {
      ok_ = false;
      return {};
    }
    at_ += bytes;
    return message_.substr(at_ - bytes, bytes);
  }

  /// <character-string>
  std::string_view text() { return take(number(1)); }

  /// A name, compressed or not, in lower case. A label with a dot or another character that no host name has makes the
  /// name useless for us, not the message.
  std::string name() {
    std::string out;
    auto place = at_;
    bool jumped = false;
    for (int jumps = 0; ok_;) {
      const auto limit = jumped ? message_.size() : end_;
      if (place >= limit) break;
      const auto size = static_cast<unsigned char>(message_[place]);
      if (size == 0) {
        if (!jumped) at_ = place + 1;
        return lower(out);
      }
      if ((size & 0xc0) == 0xc0) {
        if (place + 2 > limit || ++jumps > kJumpsMax) break;
        if (!jumped) at_ = place + 2;
        jumped = true;
        place = (size & 0x3fu) << 8 | static_cast<unsigned char>(message_[place + 1]);
        continue;
      }
      if ((size & 0xc0) != 0 || place + 1 + size > limit || out.size() + size + 1 > kNameMax) break;
      if (!out.empty()) out += '.';
      out += message_.substr(place + 1, size);
      place += 1u + size;
    }
    ok_ = false;
    return {};
  }

 private:
  std::string_view message_;
  std::size_t at_;
  std::size_t end_;
  bool ok_ = true;
};

struct Record {
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::size_t data = 0;
  std::size_t data_end = 0;
};

class Answer {
 public:
  Answer(std::string_view bytes, DnsType type)
      : bytes_(bytes), type_(type), reader_(bytes, 0, bytes.size()) {}

  Result<DnsAnswer> read(std::string_view name) {
    if (!read_head()) return fail("no DNS answer");
    for (auto section : {answers_, authorities_}) {
      for (unsigned i = 0; i < section && records_.size() < kRecordsMax; ++i) {
        if (!read_record()) return fail("DNS answer is cut short", static_cast<std::int64_t>(reader_.at()));
      }
    }
    DnsAnswer answer;
    constexpr unsigned kNoError = 0, kNoSuchName = 3;
    if (code_ != kNoError && code_ != kNoSuchName) return answer;
    std::uint32_t ttl = 0xffff'ffff;
    collect(follow(lower(name), ttl), ttl, answer.records);
    if (answer.records.empty()) {
      answer.status = DnsAnswer::Status::Nothing;
      answer.ttl = nothing_for();
      return answer;
    }
    answer.status = DnsAnswer::Status::Found;
    answer.ttl = ttl;
    return answer;
  }

 private:
  bool read_head() {
    reader_.number16();  // the one who asked has compared the id
    const auto flags = reader_.number16();
    constexpr unsigned kIsAnswer = 0x8000, kCode = 0x0f;
    code_ = flags & kCode;
    const auto questions = reader_.number16();
    answers_ = reader_.number16();
    authorities_ = reader_.number16();
    reader_.number16();
    for (unsigned i = 0; i < questions && reader_.ok(); ++i) {
      reader_.name();
      reader_.take(4);
    }
    return reader_.ok() && (flags & kIsAnswer) != 0;
  }

  bool read_record() {
    Record record;
    record.owner = reader_.name();
    record.type = reader_.number16();
    const auto record_class = reader_.number16();
    record.ttl = reader_.number(4);
    if ((record.ttl & kTtlSignBit) != 0) record.ttl = 0;
    const auto size = reader_.number16();
    record.data = reader_.at();
    record.data_end = record.data + size;
    reader_.take(size);
    if (reader_.ok() && record_class == kClassInternet) records_.push_back(std::move(record));
    return reader_.ok();
  }

  std::string follow(std::string name, std::uint32_t& ttl) const {
    for (int aliases = 0; aliases < kAliasesMax; ++aliases) {
      const auto alias = std::find_if(records_.begin(), records_.end(), [&](const Record& record) {
        return record.type == kTypeCname && record.owner == name;
      });
      if (alias == records_.end()) break;
      Reader data(bytes_, alias->data, alias->data_end);
      name = data.name();
      ttl = std::min(ttl, alias->ttl);
    }
    return name;
  }

  void collect(const std::string& name, std::uint32_t& ttl, std::vector<DnsRecord>& out) const {
    for (const auto& record : records_) {
      if (record.type != static_cast<std::uint16_t>(type_) || record.owner != name) continue;
      DnsRecord value;
      if (!read_data(record, value)) continue;  // one bad record does not spoil the others
      ttl = std::min(ttl, record.ttl);
      out.push_back(std::move(value));
    }
  }

  bool read_data(const Record& record, DnsRecord& out) const {
    Reader data(bytes_, record.data, record.data_end);
    switch (type_) {
      case DnsType::A: out.address = IpAddress::v4(data.number(4)); break;
      case DnsType::Aaaa: {
        std::array<std::uint8_t, 16> address{};
        const auto bytes = data.take(address.size());
        std::copy(bytes.begin(), bytes.end(), address.begin());
        out.address = IpAddress::v6(address);
        break;
      }
      case DnsType::Srv:
        out.priority = data.number16();
        out.weight = data.number16();
        out.port = data.number16();
        out.target = data.name();
        break;
      case DnsType::Naptr:
        out.priority = data.number16();
        out.weight = data.number16();
        out.flags = lower(data.text());
        out.service = lower(data.text());
        data.text();  // the expression, of which RFC 3263 makes no use
        out.target = data.name();
        break;
    }
    return data.ok() && data.at() == record.data_end;
  }

  // RFC 2308 §5: the lesser of the TTL of the zone's SOA and its last field.
  [[nodiscard]] std::uint32_t nothing_for() const {
    for (const auto& record : records_) {
      if (record.type != kTypeSoa) continue;
      Reader data(bytes_, record.data, record.data_end);
      data.name();
      data.name();
      data.take(16);
      const auto minimum = data.number(4);
      return data.ok() ? std::min(record.ttl, minimum) : 0;
    }
    return 0;
  }

  std::string_view bytes_;
  DnsType type_;
  Reader reader_;
  unsigned code_ = 0;
  unsigned answers_ = 0;
  unsigned authorities_ = 0;
  std::vector<Record> records_;
};

}  // namespace

Result<DnsAnswer> read_dns_answer(std::string_view bytes, std::string_view name, DnsType type) {
  return Answer(bytes, type).read(name);
}

}  // namespace xivo::runtime
