#include "api/live/event_stream.hpp"

#include <algorithm>
#include <deque>
#include <vector>

#include "api/wording.hpp"
#include "base/metrics.hpp"
#include "http/websocket.hpp"
#include "model/json.hpp"

namespace xivo::api {
namespace {

using model::Value;

metrics::Counter resyncs("xivo_api_event_resyncs_total",
                         "listeners that were told to look anew because events were not kept any more");

// Events of one millisecond, on average, before cursors of two runs could meet. A run may begin in the second in which the last
// one ended.
constexpr int kCursorBits = 10;

}  // namespace

std::string_view name(Topic topic) {
  switch (topic) {
    case Topic::Call: return "call";
    case Topic::Registration: return "registration";
    case Topic::Configuration: return "configuration";
    case Topic::Guard: return "guard";
  }
  return "";
}

std::string_view scope(Topic topic) {
  switch (topic) {
    case Topic::Call: return "call:read";
    case Topic::Registration: return "registration:read";
    case Topic::Configuration: return "history:read";
    case Topic::Guard: return "toll_guard:read";
  }
  return "";
}

struct EventStream::State : std::enable_shared_from_this<State> {
  struct Entry {
    Topic topic;
    std::string english;
    std::string french;  // empty: it has no words in it

    [[nodiscard]] const std::string& in(model::Language language) const {
      return language == model::Language::French && !french.empty() ? french : english;
    }
    [[nodiscard]] std::size_t size() const { return english.size() + french.size(); }
  };

  explicit State(runtime::Loop& l) : loop(l) {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(l.clock().wall()).time_since_epoch().count();
    next = now << kCursorBits;
    first = next;
  }

  /// What was kept is kept no more; no cursor from before fits any more.
  void forget() {
    kept.clear();
    bytes = 0;
    first = ++next;
  }
  void add(Topic topic, std::string english, std::string french) {
    kept.push_back({topic, std::move(english), std::move(french)});
    bytes += kept.back().size();
    ++next;
    while (kept.size() > kEventsMax || bytes > kBytesMax) {
      bytes -= kept.front().size();
      kept.pop_front();
      ++first;
    }
  }
  [[nodiscard]] std::string text_of(Topic topic, std::string_view type, const Value& data) const {
    return model::to_json(Value::object({{"cursor", next},
                                         {"topic", name(topic)},
                                         {"type", type},
                                         {"at", time_text(loop.clock().wall())},
                                         {"data", data}}));
  }
  void tell_clients() const;
  /// The last listener has gone: for a while it may come back and read on.
  void wait_for_the_next() {
    loop.timers().cancel(linger);
    linger = loop.timers().set(kLinger, [weak = weak_from_this()] {
      const auto alive = weak.lock();
      if (!alive || alive->open > 0) return;
      alive->watched = false;
      alive->forget();
    });
  }
  [[nodiscard]] std::int64_t newest() const { return next - 1; }

  runtime::Loop& loop;
  std::atomic<bool> watched{false};
  std::deque<Entry> kept;  // cursors first .. next - 1
  std::size_t bytes = 0;
  std::int64_t first = 0;
  std::int64_t next = 0;
  std::vector<std::weak_ptr<Client>> clients;
  std::size_t open = 0;
  runtime::TimerId linger;
};

/// One listener. It reads the kept events at its own pace; what is not kept any more when it comes to it, it misses.
class EventStream::Client final : public http::WebSocketUser, public std::enable_shared_from_this<Client> {
 public:
  Client(const std::shared_ptr<State>& stream, Admission admission, model::Language language,
         std::int64_t next)
      : stream_(stream), admission_(std::move(admission)), language_(language), next_(next) {}

  void on_open(http::WebSocket& socket) override {
    const auto stream = stream_.lock();
    if (!stream) return socket.close(http::CloseCode::GoingAway, "the server stops");
    socket_ = &socket;
    Value::List topics;
    for (std::size_t i = 0; i < kTopics; ++i) {
      if (admission_.topics[i]) topics.emplace_back(name(static_cast<Topic>(i)));
    }
    say(Value::object(
        {{"cursor", std::min(next_ - 1, stream->newest())}, {"type", "hello"}, {"topics", topics}}));
    read_on();
    look_later(*stream);
  }
  void on_text(std::string_view) override {
    socket_->close(http::CloseCode::Unacceptable, "events only go out; nothing is expected from a client");
  }
  void on_drained() override { read_on(); }
  void on_closed() override {
    socket_ = nullptr;
    const auto stream = stream_.lock();
    if (!stream) return;
    stream->loop.timers().cancel(look_);
  }
  ~Client() override {
    const auto stream = stream_.lock();
    if (!stream) return;
    std::erase_if(stream->clients, [](const auto& other) { return other.expired(); });
    if (--stream->open == 0) stream->wait_for_the_next();
  }

  void read_on() {
    const auto stream = stream_.lock();
    if (!stream || socket_ == nullptr || reading_) return;
    reading_ = true;  // a send() may find the queue empty and call back
    if (next_ < stream->first || next_ > stream->next) {
      resyncs.add();
      next_ = stream->next;
      say(Value::object({{"cursor", stream->newest()}, {"type", "resync"}}));
    }
    while (socket_ != nullptr && next_ < stream->next) {
      const auto& entry = stream->kept[static_cast<std::size_t>(next_ - stream->first)];
      if (admission_.topics[static_cast<std::size_t>(entry.topic)] && !socket_->send(entry.in(language_)))
        break;
      ++next_;
    }
    reading_ = false;
  }

 private:
  void say(const Value& message) {
    if (socket_ != nullptr) socket_->send(model::to_json(message));
  }

  void look_later(State& stream) {
    if (!admission_.recheck) return;
    look_ = stream.loop.timers().set(kLookEvery, [weak = weak_from_this()] {
      if (const auto alive = weak.lock()) alive->look();
    });
  }
  void look() {
    admission_.recheck([weak = weak_from_this()](bool holds) {
      const auto alive = weak.lock();
      const auto stream = alive ? alive->stream_.lock() : nullptr;
      if (!stream || alive->socket_ == nullptr) return;
      if (holds) return alive->look_later(*stream);
      alive->socket_->close(http::CloseCode::PolicyViolation, "the session is over");
    });
  }

  const std::weak_ptr<State> stream_;
  const Admission admission_;
  const model::Language language_;
  std::int64_t next_;
  http::WebSocket* socket_ = nullptr;
  runtime::TimerId look_;
  bool reading_ = false;
};

void EventStream::State::tell_clients() const {
  const auto all = clients;  // one may go while it is told
  for (const auto& client : all) {
    if (const auto alive = client.lock()) alive->read_on();
  }
}

EventStream::EventStream(runtime::Loop& loop) : state_(std::make_shared<State>(loop)) {}
EventStream::~EventStream() { state_->loop.timers().cancel(state_->linger); }

bool EventStream::is_watched() const { return state_->watched; }
std::size_t EventStream::clients() const { return state_->open; }

void EventStream::publish(Topic topic, std::string_view type, const model::Value& data) {
  if (!state_->watched) return;
  state_->add(topic, state_->text_of(topic, type, data), {});
  state_->tell_clients();
}

void EventStream::publish_worded(Topic topic, std::string_view type, const InLanguage& data) {
  if (!state_->watched) return;
  state_->add(topic, state_->text_of(topic, type, data(model::Language::English)),
              state_->text_of(topic, type, data(model::Language::French)));
  state_->tell_clients();
}

void EventStream::interrupt() {
  state_->forget();
  state_->tell_clients();
}

void EventStream::open(const ExchangePtr& exchange, Admission admission, std::optional<std::int64_t> cursor) {
  if (state_->open >= kClientsMax) return exchange->refuse(Refusal::Busy);
  auto client = std::make_shared<Client>(state_, std::move(admission), exchange->language,
                                         cursor ? *cursor + 1 : state_->next);
  auto response = http::upgrade(exchange->request, client);
  if (!response) {
    ProblemDocument document;
    document.refusal = Refusal::UpgradeRequired;
    document.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return exchange->refuse(document);
  }
  ++state_->open;
  state_->watched = true;
  state_->clients.push_back(client);
  exchange->upgrade(std::move(*response));
}

}  // namespace xivo::api
