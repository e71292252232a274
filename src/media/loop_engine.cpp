// Starting and ending the media plane; the work of a face is in loop_face.cpp.
#include "media/loop_engine.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "media/loop_face.hpp"

namespace xivo::media {
namespace {

constexpr rlim_t kDescriptorReserveMin = 256;  // for signalling, files and databases
constexpr rlim_t kDescriptorReservePart = 4;  // or a quarter of the limit, whichever is more
constexpr rlim_t kDescriptorsMax = 1'000'000;  // where there is no limit

std::size_t descriptor_share(std::size_t configured) {
  if (configured != 0) return configured;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > kDescriptorsMax)
    limit.rlim_cur = kDescriptorsMax;
  const auto reserve = std::max(kDescriptorReserveMin, limit.rlim_cur / kDescriptorReservePart);
  return limit.rlim_cur > reserve ? limit.rlim_cur - reserve : 1;
}

/// The even ports of a range, dealt out evenly.
class Range {
 public:
  explicit Range(const LoopEngine::Options& options)
      : first_((options.first_port + 1u) & ~1u),
        pairs_(options.last_port > first_ ? (options.last_port - first_ + 1) / 2 : 0) {}
  [[nodiscard]] std::uint32_t pairs() const { return pairs_; }
  [[nodiscard]] PortPool::Slice slice(std::size_t index, std::size_t of) const {
    const auto begin = static_cast<std::uint32_t>(index * pairs_ / of);
    const auto end = static_cast<std::uint32_t>((index + 1) * pairs_ / of);
    PortPool::Slice slice;
    slice.first = static_cast<std::uint16_t>(first_ + 2 * begin);
    slice.pairs = end - begin;
    return slice;
  }

 private:
  std::uint32_t first_;
  std::uint32_t pairs_;
};

}  // namespace

LoopEngine::Plane::Plane(const Options& options, const std::vector<MediaLoop::Ring>& rings)
    : sounds_(options.sounds),
      descriptors_(descriptor_share(options.descriptors_max)),
      files_(std::make_unique<runtime::WorkerPool>(1)) {
  MediaLoop::Options loop_options;
  loop_options.batch_from = options.batch_from;
  loop_options.silence = options.silence;
  loop_options.nice = options.nice;
  for (unsigned i = 0; i < options.loops; ++i) {
    loops_.push_back(std::make_unique<MediaLoop>(i, loop_options, rings, descriptors_));
  }
}

Result<void> LoopEngine::Plane::start() {
  auto dtls = rtp::DtlsContext::make();
  if (!dtls) return Unexpected{dtls.error()};
  dtls_ = std::move(*dtls);
  fingerprint_ = {"sha-256", dtls_->fingerprint()};
  for (auto& loop : loops_) {
    if (auto started = loop->start(); !started) return started;
  }
  return {};
}

void LoopEngine::Plane::stop() {
  for (auto& loop : loops_) loop->stop();
  files_.reset();
}

Result<std::unique_ptr<LoopEngine>> LoopEngine::start(const Options& options, Post post) {
  std::vector<Post> shards;
  shards.push_back(std::move(post));
  auto faces = start_shared(options, std::move(shards));
  if (!faces) return Unexpected{faces.error()};
  return std::move(faces->front());
}

Result<std::vector<std::unique_ptr<LoopEngine>>> LoopEngine::start_shared(const Options& options,
                                                                          std::vector<Post> shards) {
  const Range range(options);
  const auto seats =
      std::max<std::size_t>(options.loops, shards.size());  // pairs of a face and a loop that it uses
  if (options.loops == 0 || shards.empty()) return fail("no media thread or no shard", EINVAL);
  if (range.pairs() < seats) return fail("media port range is too small", EINVAL);

  std::vector<std::shared_ptr<Face>> faces;
  std::vector<MediaLoop::Ring> rings;
  for (auto& post : shards) {
    faces.push_back(std::make_shared<Face>(static_cast<std::uint16_t>(faces.size()), std::move(post)));
    rings.emplace_back(
        [face = faces.back().get()] { face->ring(); });  // no loop runs longer than a face lives
  }
  auto plane = std::make_shared<Plane>(options, rings);
  std::vector<Slot> next_slot(options.loops, 0);
  std::vector<std::vector<unsigned>> homes(faces.size());
  std::vector<std::vector<PortPool::Slice>> slices(faces.size());
  for (std::size_t seat = 0; seat < seats; ++seat) {
    const auto loop = static_cast<unsigned>(seat % options.loops);
    auto slice = range.slice(seat, seats);
    slice.spare_open_max = options.spare_ports_max;
    slice.first_slot = next_slot[loop];
    next_slot[loop] += PortPool::slots_of(slice);
    homes[seat % faces.size()].push_back(loop);
    slices[seat % faces.size()].push_back(slice);
  }
  std::vector<std::unique_ptr<LoopEngine>> engines;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    faces[i]->settle(plane, homes[i], slices[i]);
    engines.push_back(std::unique_ptr<LoopEngine>(new LoopEngine(faces[i])));
  }
  if (auto started = plane->start(); !started) return Unexpected{started.error()};
  return engines;
}

LoopEngine::LoopEngine(std::shared_ptr<Face> face) : face_(std::move(face)) {}

LoopEngine::~LoopEngine() { face_->plane().stop(); }

Result<Engine::Opened> LoopEngine::open(IpAddress local, SessionUser& user, SessionId beside) {
  return face_->open(local, user, beside);
}
void LoopEngine::set_remote(SessionId id, const Remote& remote) { face_->set_remote(id, remote); }
void LoopEngine::set_direction(SessionId id, Direction direction) { face_->set_direction(id, direction); }
void LoopEngine::connect(SessionId a, SessionId b) { face_->connect(a, b); }
void LoopEngine::disconnect(SessionId id) { face_->disconnect(id); }
void LoopEngine::echo(SessionId id, bool on) { face_->echo(id, on); }
void LoopEngine::play(SessionId id, const Play& what) { face_->play(id, what); }
void LoopEngine::stop_playing(SessionId id) { face_->stop_playing(id); }
void LoopEngine::close(SessionId id) { face_->close(id); }
std::size_t LoopEngine::open_count() const { return face_->open_count(); }
const Fingerprint& LoopEngine::fingerprint() const { return face_->plane().fingerprint(); }
std::size_t LoopEngine::descriptors() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, face_->plane().descriptors().used()));
}

}  // namespace xivo::media
