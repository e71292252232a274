// The media plane on real sockets, threads and time, all on loopback; every wait is bounded.
#include "media/loop_engine.hpp"

#include "loop_fixture.hpp"

namespace xivo::media {
namespace {

constexpr std::size_t kCommandsMax = 4096;  // MediaLoop::kCommandsMax

TEST_F(LoopEngineTest, RefusesARangeWithoutAPairForEachThread) {
  const auto post = [](runtime::Task) {};
  options_.first_port = 30'001;
  options_.last_port = 30'002;
  EXPECT_FALSE(LoopEngine::start(options_, post));
  options_.last_port = 30'005;
  options_.loops = 3;
  EXPECT_FALSE(LoopEngine::start(options_, post));
  options_.loops = 0;
  EXPECT_FALSE(LoopEngine::start(options_, post));
}

TEST_F(LoopEngineTest, RefusesWhenThePortsAreUsedUpAndWorksAgainAfterwards) {
  options_.first_port = 34'000;
  options_.last_port = 34'199;
  start();
  std::vector<SessionId> ids;
  on_shard([&] {
    for (int i = 0; i < 100; ++i) {
      if (const auto opened = engine_->open(kLoopback, user_, {})) ids.push_back(opened->id);
    }
    const auto refused = engine_->open(kLoopback, user_, {});
    EXPECT_FALSE(refused);
    if (!refused) {
      EXPECT_EQ(refused.error().what, "no free media port");
    }
    for (const auto id : ids) engine_->close(id);
  });
  EXPECT_GT(ids.size(), 90u);
  EXPECT_TRUE(eventually([&] { return user_.closed.size() == ids.size(); }));
  on_shard([&] { EXPECT_TRUE(engine_->open(kLoopback, user_, {})); });
}

TEST_F(LoopEngineTest, KeepsToItsShareOfDescriptors) {
  options_.descriptors_max = 3;
  start();
  on_shard([&] {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(engine_->open(kLoopback, user_, {}));
    EXPECT_FALSE(engine_->open(kLoopback, user_, {}));
    EXPECT_EQ(engine_->descriptors(), 3u);
  });
}

TEST_F(LoopEngineTest, TellsThatAPromptCannotBePlayed) {
  start();
  const Phone phone;
  const auto session = open_to(phone);
  on_shard([&] { engine_->play(session.id, {"absent", "fr_FR", false, kPcma}); });
  EXPECT_TRUE(eventually([&] { return user_.plays_ended == std::vector<bool>{false}; }));
  on_shard([&] { engine_->play(session.id, {"absent", "fr_FR", false, {"opus", 48'000, 2, 111, ""}}); });
  EXPECT_TRUE(eventually([&] { return user_.plays_ended == std::vector<bool>{false, false}; }));
}

TEST_F(LoopEngineTest, PlaysAPromptToItsEnd) {
  write_wav("beep", 5);
  start();
  const Phone phone;
  const auto session = open_to(phone);
  on_shard([&] { engine_->play(session.id, {"beep", "fr_FR", false, kPcma}); });
  for (int i = 0; i < 5; ++i) {
    const auto bytes = phone.receive();
    ASSERT_EQ(bytes.size(), 172u) << i;
    if (i == 0) {
      EXPECT_TRUE(rtp::parse(as_bytes(bytes))->header.marker);
    }
  }
  EXPECT_TRUE(eventually([&] { return user_.plays_ended == std::vector<bool>{true}; }));
}

TEST_F(LoopEngineTest, StartsToPlayWhenTheFarSideBecomesKnown) {
  write_wav("beep", 2);
  start();
  const Phone phone;
  const auto id = on_shard([&] {
    const auto opened = engine_->open(kLoopback, user_, {});
    engine_->play(opened->id, {"beep", "fr_FR", false, kPcma});
    return opened->id;
  });
  EXPECT_EQ(phone.receive(100), "");
  on_shard([&] { engine_->set_remote(id, phone.as_remote()); });
  EXPECT_EQ(phone.receive().size(), 172u);
}

TEST_F(LoopEngineTest, StopsPlayingWhenTold) {
  write_wav("beep", 2);
  start();
  const Phone phone;
  const auto session = open_to(phone);
  on_shard([&] { engine_->play(session.id, {"beep", "fr_FR", true, kPcma}); });
  for (int i = 0; i < 4; ++i) EXPECT_EQ(phone.receive().size(), 172u);
  on_shard([&] { engine_->stop_playing(session.id); });
  int after = 0;
  while (!phone.receive(200).empty()) ++after;
  EXPECT_LE(after, 3);
  on_shard([&] { EXPECT_TRUE(user_.plays_ended.empty()); });
}

TEST_F(LoopEngineTest, EchoesToTheFarSideAndToNobodyElse) {
  start();
  Phone phone;
  Phone stranger;
  const auto session = open_to(phone);
  on_shard([&] { engine_->echo(session.id, true); });
  for (int i = 0; i < 5; ++i) {
    phone.send(session.rtp, phone.source.next("hello"));
    const auto echoed = phone.receive();
    ASSERT_EQ(echoed.size(), 17u);
    EXPECT_EQ(echoed.substr(rtp::kHeaderSize), "hello");
    stranger.send(session.rtp, stranger.source.next());
  }
  EXPECT_EQ(stranger.receive(50), "");
}

TEST_F(LoopEngineTest, RelaysBetweenTwoPhonesAndNothingOfAStranger) {
  start();
  Phone alice;
  Phone bob;
  bob.source.ssrc = 0xb0b;
  const Phone stranger;
  const auto a = open_to(alice);
  const auto b = open_to(bob);
  on_shard([&] { engine_->connect(a.id, b.id); });
  // On loopback all are one host, so the stranger must be outrun: the exact address speaks first.
  warm_up(alice, a, bob, b);
  Source forged;
  forged.ssrc = 0xbad;
  for (int i = 0; i < 20; ++i) {
    stranger.send(a.rtp, forged.next("forged"));
    const auto bytes = alice.source.next();
    alice.send(a.rtp, bytes);
    EXPECT_EQ(bob.receive(), bytes);
  }
  EXPECT_EQ(bob.receive(50), "");
  EXPECT_EQ(stranger.receive(10), "");
}

TEST_F(LoopEngineTest, RelaysNothingThatAStrangerHadQueuedBeforeTheLock) {
  start();
  Phone alice;
  Phone bob;
  const Phone stranger;
  const auto a = open_to(alice);
  const auto b = open_to(bob);
  on_shard([&] { engine_->connect(a.id, b.id); });
  Source forged;
  forged.ssrc = 0xbad;
  std::vector<std::string> sent;
  for (int i = 0; i < 30; ++i) {
    sent.push_back(alice.source.next());
    alice.send(a.rtp, sent.back());
    forged.sequence = static_cast<std::uint16_t>(forged.sequence + 2);  // never three in a row
    stranger.send(a.rtp, forged.next("forged"));
  }
  for (const auto& bytes : sent) EXPECT_EQ(bob.receive(), bytes);
  EXPECT_EQ(bob.receive(50), "");
}

TEST_F(LoopEngineTest, TellsADigitOnce) {
  start();
  Phone phone;
  const auto session = open_to(phone);
  for (std::uint16_t i = 1; i <= 6; ++i) {
    phone.send(session.rtp, phone.source.event(9, 7000, static_cast<std::uint16_t>(i * 160), i > 3));
  }
  EXPECT_TRUE(eventually([&] { return user_.digits == "9"; }));
}

TEST_F(LoopEngineTest, TellsFiguresExactlyOnceWhenClosed) {
  start();
  Phone phone;
  const auto session = open_to(phone);
  on_shard([&] { engine_->echo(session.id, true); });
  for (int i = 0; i < 10; ++i) {
    phone.send(session.rtp, phone.source.next());
    ASSERT_FALSE(phone.receive().empty());
  }
  on_shard([&] {
    engine_->close(session.id);
    engine_->close(session.id);
    EXPECT_EQ(engine_->open_count(), 0u);
    EXPECT_TRUE(user_.closed.empty());
  });
  ASSERT_TRUE(eventually([&] { return !user_.closed.empty(); }));
  on_shard([&] {
    ASSERT_EQ(user_.closed.size(), 1u);
    EXPECT_EQ(user_.closed[0].packets_received, 10u);
    EXPECT_EQ(user_.closed[0].packets_sent, 10u);
    EXPECT_EQ(user_.closed[0].packets_lost, 0u);
  });
}

TEST_F(LoopEngineTest, OpensTheRtcpPortOnlyWhenMediaFlows) {
  start();
  Phone phone;
  const auto session = open_to(phone);
  const auto before = on_shard([&] { return engine_->descriptors(); });
  on_shard([&] { engine_->echo(session.id, true); });
  phone.send(session.rtp, phone.source.next());
  ASSERT_FALSE(phone.receive().empty());
  EXPECT_TRUE(eventually([&] { return engine_->descriptors() >= before + 1; }));
}

TEST_F(LoopEngineTest, OpensTheRtcpPortAlsoWhereSilenceIsWatched) {
  options_.silence = {seconds(300), seconds(300)};
  start();
  Phone phone;
  const auto session = open_to(phone);
  const auto before = on_shard([&] { return engine_->descriptors(); });
  on_shard([&] { engine_->echo(session.id, true); });
  phone.send(session.rtp, phone.source.next());
  ASSERT_FALSE(phone.receive().empty());
  EXPECT_TRUE(eventually([&] { return engine_->descriptors() >= before + 1; }));
}

TEST_F(LoopEngineTest, OpensNoRtcpPortWhereOnePortIsForBoth) {
  start();
  Phone phone;
  const auto session = open_to(phone);
  const auto before = on_shard([&] { return engine_->descriptors(); });
  on_shard([&] {
    auto far = phone.as_remote();
    far.rtcp_mux = true;
    engine_->set_remote(session.id, far);
    engine_->echo(session.id, true);
  });
  phone.send(session.rtp, phone.source.next());
  ASSERT_FALSE(phone.receive().empty());
  EXPECT_EQ(on_shard([&] { return engine_->descriptors(); }), before);
}

TEST_F(LoopEngineTest, GoesOnWhenTheFarSideIsUnreachableForAWhile) {
  write_wav("beep", 2);
  start();
  auto phone = std::make_unique<Phone>();
  const auto session = open_to(*phone);
  on_shard([&] { engine_->echo(session.id, true); });
  for (int i = 0; i < 4; ++i) {  // locked, so that ICMP messages come back to the socket
    phone->send(session.rtp, phone->source.next());
    ASSERT_FALSE(phone->receive().empty());
  }
  on_shard([&] { engine_->play(session.id, {"beep", "fr_FR", true, kPcma}); });
  ASSERT_FALSE(phone->receive().empty());
  const auto port = phone->address().port;
  phone.reset();
  on_shard([&] { engine_->play(session.id, {"beep", "fr_FR", false, kPcma}); });
  ASSERT_TRUE(eventually([&] { return user_.plays_ended.size() == 1; })) << "its packets met a closed port";
  phone = std::make_unique<Phone>(port);
  on_shard([&] { engine_->play(session.id, {"beep", "fr_FR", false, kPcma}); });
  EXPECT_EQ(phone->receive().size(), 172u);
}

TEST_F(LoopEngineTest, MovesASessionToTheLoopOfTheOneItIsConnectedTo) {
  options_.loops = 4;
  start();
  std::vector<Phone> phones(8);
  std::vector<Engine::Opened> sessions;
  for (auto& phone : phones) sessions.push_back(open_to(phone));
  for (std::size_t i = 0; i < phones.size();
       ++i) {  // each is locked, counts, and owns an RTCP port when it moves
    on_shard([&] { engine_->echo(sessions[i].id, true); });
    for (int k = 0; k < 4; ++k) {
      phones[i].send(sessions[i].rtp, phones[i].source.next());
      ASSERT_FALSE(phones[i].receive().empty());
    }
  }
  std::uint64_t sent = phones.size() * 4;
  for (std::size_t i = 1; i < phones.size(); ++i) {
    on_shard([&] {
      engine_->connect(sessions[0].id, sessions[i].id);
      engine_->set_direction(sessions[i].id, Direction::RecvOnly);  // kept back while it moves
      engine_->set_direction(sessions[i].id, Direction::SendRecv);
    });
    sent += static_cast<std::uint64_t>(until_heard(phones[0], sessions[0], phones[i]));
    sent += static_cast<std::uint64_t>(until_heard(phones[i], sessions[i], phones[0]));
    warm_up(phones[0], sessions[0], phones[i], sessions[i]);
    sent += 8;
  }
  on_shard([&] {
    for (const auto& session : sessions) engine_->close(session.id);
  });
  ASSERT_TRUE(eventually([&] { return user_.closed.size() == sessions.size(); }));
  on_shard([&] {
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    for (const auto& figures : user_.closed) {
      received += figures.packets_received;
      lost += figures.packets_lost;
    }
    EXPECT_EQ(received, sent);
    EXPECT_EQ(lost, 0u);
  });
}

TEST_F(LoopEngineTest, CarriesOutWhatComesWhileASessionMoves) {
  options_.loops = 2;
  start();
  for (int round = 0; round < 20; ++round) {
    on_shard([&] {
      const auto a = engine_->open(kLoopback, user_, {});
      const auto b = engine_->open(kLoopback, user_, {});
      const auto c = engine_->open(kLoopback, user_, b->id);
      engine_->connect(a->id, b->id);
      engine_->connect(b->id, c->id);
      engine_->connect(c->id, a->id);
      engine_->play(b->id, {"absent", "fr_FR", false, kPcma});
      for (const auto id : {b->id, c->id, a->id}) engine_->close(id);
    });
  }
  EXPECT_TRUE(eventually([&] { return user_.closed.size() == 60; }));
}

TEST_F(LoopEngineTest, WorksInTurnsOfAMillisecondWhenBusy) {
  options_.batch_from = 1;
  start();
  Phone alice;
  Phone bob;
  const auto a = open_to(alice);
  const auto b = open_to(bob);
  on_shard([&] { engine_->connect(a.id, b.id); });
  for (int i = 0; i < 20; ++i) warm_up(alice, a, bob, b);
  on_shard([&] {
    engine_->close(a.id);
    engine_->close(b.id);
  });
  EXPECT_TRUE(eventually([&] { return user_.closed.size() == 2; }));
}

TEST_F(LoopEngineTest, LosesNoCommandWhenItsQueueIsFull) {
  start();
  Phone alice;
  Phone bob;
  const auto a = open_to(alice);
  const auto b = open_to(bob);
  on_shard([&] {
    for (std::size_t i = 0; i < 5 * kCommandsMax; ++i) engine_->disconnect(a.id);
    engine_->connect(a.id, b.id);
  });
  until_heard(alice, a, bob);
}

TEST_F(LoopEngineTest, OpensManySessionsAtOnce) {
  start();
  std::vector<Engine::Opened> sessions;
  Phone phone;
  on_shard([&] {
    for (int i = 0; i < 3000; ++i) {
      const auto opened = engine_->open(kLoopback, user_, {});
      if (!opened) break;
      for (int k = 0; k < 3; ++k) engine_->set_remote(opened->id, phone.as_remote());
      sessions.push_back(*opened);
    }
    engine_->echo(sessions.back().id, true);
  });
  EXPECT_EQ(sessions.size(), 3000u);
  until_heard(phone, sessions.back(), phone);
  on_shard([&] {
    for (const auto& session : sessions) engine_->close(session.id);
  });
  EXPECT_TRUE(eventually([&] { return user_.closed.size() == sessions.size(); }));
}

TEST_F(LoopEngineTest, ServesSeveralShards) {
  runtime::Loop other("other");
  runtime::Thread other_thread("other", [&] { other.run(); });
  std::vector<LoopEngine::Post> posts = {[this](runtime::Task task) { shard_.post(std::move(task)); },
                                         [&](runtime::Task task) { other.post(std::move(task)); }};
  auto faces = LoopEngine::start_shared(options_, std::move(posts));
  ASSERT_TRUE(faces);
  engine_ = std::move((*faces)[0]);
  RecordingUser other_user;
  Phone here;
  Phone there;
  const auto session = open_to(here);
  std::promise<Engine::Opened> opened;
  other.post([&] {
    const auto found = (*faces)[1]->open(kLoopback, other_user, {});
    (*faces)[1]->set_remote(found->id, there.as_remote());
    (*faces)[1]->echo(found->id, true);
    opened.set_value(*found);
  });
  const auto other_session = opened.get_future().get();
  EXPECT_NE(other_session.rtp, session.rtp);
  on_shard([&] { engine_->echo(session.id, true); });
  here.send(session.rtp, here.source.next());
  EXPECT_FALSE(here.receive().empty());
  there.send(other_session.rtp, there.source.next());
  EXPECT_FALSE(there.receive().empty());
  other.stop();
  other_thread.join();
  end();
}

TEST_F(LoopEngineTest, LeaksNoDescriptor) {
  const auto before = open_descriptors();
  options_.loops = 2;
  start();
  Phone phone;
  const auto session = open_to(phone);
  on_shard([&] { engine_->echo(session.id, true); });
  phone.send(session.rtp, phone.source.next());
  EXPECT_FALSE(phone.receive().empty());
  on_shard([&] {
    for (int i = 0; i < 50; ++i) engine_->close(engine_->open(kLoopback, user_, {})->id);
  });
  EXPECT_TRUE(eventually([&] { return user_.closed.size() == 50; }));
  end();
  phone = Phone();
  EXPECT_EQ(open_descriptors(), before + 1) << "the phone's own";
}

}  // namespace
}  // namespace xivo::media
