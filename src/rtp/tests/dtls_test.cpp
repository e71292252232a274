// Our DTLS against itself, both roles, and what it refuses.
#include "rtp/dtls.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "rtp/srtp.hpp"
#include "srtp_samples.hpp"

namespace xivo::rtp {
namespace {

using Role = DtlsAssociation::Role;
using State = DtlsAssociation::State;
using samples::Octets;

std::shared_ptr<const DtlsContext> context_with(const std::string& profiles) {
  DtlsContext::Options options;
  options.profiles = profiles;
  // OpenSSL counts less than 15 ms as over; this leaves five to wait for in a test.
  options.first_retransmission = std::chrono::milliseconds(20);
  return *DtlsContext::make(options);
}
const std::string kAllProfiles = DtlsContext::Options{}.profiles;

/// Two associations and the network between them.
struct Pair {
  explicit Pair(const std::string& of_server = kAllProfiles, const std::string& of_client = kAllProfiles)
      : server_context(context_with(of_server)),
        client_context(context_with(of_client)),
        server(
            *DtlsAssociation::make(server_context, Role::Server, "sha-256", client_context->fingerprint())),
        client(
            *DtlsAssociation::make(client_context, Role::Client, "sha-256", server_context->fingerprint())) {}

  /// Carries datagrams until none are left; `lose` says which never arrive, by number from 0.
  void carry(const std::function<bool(int)>& lose = [](int) { return false; }) {
    for (bool any = true; any;) {
      any = false;
      for (auto* from : {client.get(), server.get()}) {
        auto* const to = from == client.get() ? server.get() : client.get();
        for (const auto& datagram : from->outgoing()) {
          any = true;
          if (!lose(carried++)) to->take(datagram);
        }
      }
    }
  }
  void handshake() {
    client->begin();
    carry();
  }
  /// Until one of them has to send something again, which is some milliseconds.
  void wait_for_timeouts() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    while (std::chrono::steady_clock::now() < end) {
      for (auto* side : {client.get(), server.get()}) {
        if (const auto left = side->next_timeout(); left && left->count() == 0) return;
      }
    }
  }
  /// Lets both send again what was lost.
  void recover() {
    for (int round = 0; round < 8 && !done(); ++round) {
      wait_for_timeouts();
      client->on_timeout();
      server->on_timeout();
      carry();
    }
  }
  [[nodiscard]] bool done() const { return client->state() == State::Done && server->state() == State::Done; }

  std::shared_ptr<const DtlsContext> server_context;
  std::shared_ptr<const DtlsContext> client_context;
  std::unique_ptr<DtlsAssociation> server;
  std::unique_ptr<DtlsAssociation> client;
  int carried = 0;
};

TEST(Dtls, RefusesAHashThatItDoesNotKnow) {
  const auto context = context_with(kAllProfiles);
  EXPECT_FALSE(DtlsAssociation::make(context, Role::Server, "md5", std::string(16, 'x')));
  EXPECT_FALSE(DtlsAssociation::make(context, Role::Server, "sha-3", std::string(32, 'x')));
}

TEST(Dtls, EndsWhereTheServersCertificateIsAnother) {
  Pair pair;
  pair.client = *DtlsAssociation::make(pair.client_context, Role::Client, "sha-256",
                                       pair.client_context->fingerprint());
  pair.handshake();
  EXPECT_EQ(pair.client->state(), State::Failed);
  EXPECT_EQ(pair.client->reason(), "fingerprint does not match");
  EXPECT_EQ(pair.server->state(), State::Failed);
  EXPECT_EQ(pair.server->reason(), "far side refused the handshake");
}

TEST(Dtls, EndsWhereTheClientsCertificateIsAnother) {
  Pair pair;
  pair.server = *DtlsAssociation::make(pair.server_context, Role::Server, "sha-256",
                                       pair.server_context->fingerprint());
  pair.handshake();
  EXPECT_EQ(pair.server->state(), State::Failed);
  EXPECT_EQ(pair.server->reason(), "fingerprint does not match");
  EXPECT_FALSE(pair.server->keys());
}

TEST(Dtls, EndsWithoutAProtectionProfile) {
  Pair pair(kAllProfiles, "");
  pair.handshake();
  EXPECT_EQ(pair.server->state(), State::Failed);
  EXPECT_EQ(pair.server->reason(), "no protection profile in common");
  EXPECT_EQ(pair.client->state(), State::Failed);
}

TEST(Dtls, TakesNoNoticeOfJunk) {
  Pair pair;
  pair.server->take({});
  for (int i = 0; i < 500; ++i) {
    Octets junk(static_cast<std::size_t>(13 + i), static_cast<std::uint8_t>(i));
    junk[0] = static_cast<std::uint8_t>(20 + i % 44);
    pair.server->take(junk);
  }
  pair.server->take(Octets(5000, 22));
  EXPECT_TRUE(pair.server->outgoing().empty());
  pair.handshake();
  EXPECT_TRUE(pair.done());
}

TEST(Dtls, EndsWithTheFarSide) {
  Pair pair;
  pair.handshake();
  ASSERT_TRUE(pair.done());
  pair.client->close();
  pair.carry();
  EXPECT_EQ(pair.server->state(), State::Failed);
  EXPECT_EQ(pair.server->reason(), "association was ended by the far side");
}

TEST(Dtls, IsNotEndedByForgedRecords) {
  Pair pair;
  pair.handshake();
  for (const char* forged :
       {"15fefd 0000 000000000063 0002 0100",  // close_notify, not protected
        "15fefd 0001 000000000063 0002 0100", "15fefd 0001 000000000064 0000",
        "15fefd 0001 000000000065 001a 0000000000000065010000000000000000000000000000000000",
        "14fefd 0001 000000000066 0001 01", "16fefd 0001 000000000067 0004 00000000"}) {
    pair.server->take(samples::hex(forged));
    EXPECT_EQ(pair.server->state(), State::Done) << forged;
  }
  pair.client->close();
  pair.carry();
  EXPECT_EQ(pair.server->state(), State::Failed) << "the true one is heard afterwards";
}

TEST(Dtls, GivesBothSidesTheSameKeys) {
  for (const auto& [profile, suite] : {std::pair("SRTP_AEAD_AES_256_GCM", SrtpSuite::AeadAes256Gcm),
                                       std::pair("SRTP_AEAD_AES_128_GCM", SrtpSuite::AeadAes128Gcm),
                                       std::pair("SRTP_AES128_CM_SHA1_80", SrtpSuite::AesCm128HmacSha1_80)}) {
    Pair pair(kAllProfiles, profile);
    pair.handshake();
    ASSERT_TRUE(pair.done()) << pair.server->reason();
    EXPECT_EQ(pair.server->keys()->send, pair.client->keys()->receive);
    EXPECT_EQ(pair.server->keys()->receive, pair.client->keys()->send);
    EXPECT_NE(pair.server->keys()->send, pair.server->keys()->receive);
    EXPECT_EQ(pair.server->keys()->send.suite, suite);
    auto out = *SrtpProtector::make(pair.client->keys()->send);
    auto in = *SrtpUnprotector::make(pair.server->keys()->receive);
    const auto plain = samples::rtp_packet(7);
    EXPECT_EQ(samples::opened(in, samples::sealed(out, plain)), plain);
  }
}

TEST(Dtls, KeepsDatagramsBelowTheMtu) {
  Pair pair;
  pair.client->begin();
  for (int turn = 0; turn < 4; ++turn) {
    for (auto* from : {pair.client.get(), pair.server.get()}) {
      for (const auto& datagram : from->outgoing()) {
        EXPECT_LE(datagram.size(), DtlsAssociation::kMtu);
        (from == pair.client.get() ? pair.server : pair.client)->take(datagram);
      }
    }
  }
  EXPECT_TRUE(pair.done());
}

/// A ClientHello of one datagram as several, `size` octets of it in each.                          RFC 6347 §4.2.3
std::vector<Octets> split_hello(const Octets& datagram, std::size_t size) {
  constexpr std::size_t kRecord = 13;
  constexpr std::size_t kHeader = 12;
  const Octets body(datagram.begin() + kRecord + kHeader, datagram.end());
  std::vector<Octets> parts;
  for (std::size_t at = 0; at < body.size(); at += size) {
    const auto length = std::min(size, body.size() - at);
    Octets part(datagram.begin(), datagram.begin() + kRecord + kHeader);
    part[10] = static_cast<std::uint8_t>(parts.size());  // sequence number of the record
    write16(part, 11, static_cast<std::uint16_t>(kHeader + length));
    write24(part, kRecord + 6, static_cast<std::uint32_t>(at));
    write24(part, kRecord + 9, static_cast<std::uint32_t>(length));
    part.insert(part.end(), body.begin() + static_cast<std::ptrdiff_t>(at),
                body.begin() + static_cast<std::ptrdiff_t>(at + length));
    parts.push_back(part);
  }
  return parts;
}

TEST(Dtls, PutsTogetherAClientHelloInParts) {
  for (const bool backwards : {false, true}) {
    Pair pair;
    pair.client->begin();
    const auto first = pair.client->outgoing();
    ASSERT_EQ(first.size(), 1u);
    auto parts = split_hello(first[0], 40);
    ASSERT_GT(parts.size(), 3u);
    if (backwards) std::reverse(parts.begin(), parts.end());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_TRUE(pair.server->outgoing().empty()) << "nothing is said to a part";
      pair.server->take(parts[i]);
    }
    EXPECT_FALSE(pair.server->outgoing().empty()) << "the last part makes it whole";
    pair.recover();  // the parts have used up record numbers that the client does not know of
    EXPECT_TRUE(pair.done()) << backwards << " " << pair.server->reason() << pair.client->reason();
  }
}

TEST(Dtls, RecoversFromTheLossOfAnyDatagram) {
  for (int lost = 0; lost < 4; ++lost) {
    Pair pair;
    pair.client->begin();
    pair.carry([&](int number) { return number == lost; });
    pair.recover();
    EXPECT_TRUE(pair.done()) << lost;
    EXPECT_FALSE(pair.client->next_timeout());
    EXPECT_FALSE(pair.server->next_timeout());
  }
}

TEST(Dtls, SendsNothingAgainBeforeItsTime) {
  Pair pair;
  pair.client = *DtlsAssociation::make(*DtlsContext::make(), Role::Client, "sha-256",
                                       pair.server_context->fingerprint());
  pair.client->begin();
  EXPECT_EQ(pair.client->outgoing().size(), 1u);
  const auto left = pair.client->next_timeout();
  ASSERT_TRUE(left);
  EXPECT_LE(*left, std::chrono::milliseconds(400));
  EXPECT_GT(*left, std::chrono::milliseconds(100));
  pair.client->on_timeout();
  EXPECT_TRUE(pair.client->outgoing().empty());
}

}  // namespace
}  // namespace xivo::rtp
