#pragma once

// Private to loop_engine.cpp and loop_face.cpp: what the faces of a process share.

#include <memory>
#include <vector>

#include "media/loop_engine.hpp"
#include "media/media_loop.hpp"
#include "media/sound_library.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::media {

/// The media threads, and the thread that reads sound files. Owned by the faces together.
class LoopEngine::Plane {
 public:
  Plane(const Options& options, const std::vector<MediaLoop::Ring>& rings);
  /// Errors  the kernel refused a descriptor, the crypto library a certificate
  Result<void> start();
  /// Ends all threads: after this nobody is called back any more.
  void stop();

  std::vector<std::unique_ptr<MediaLoop>>& loops() { return loops_; }
  /// Runs a task on the files thread, the only one that may use `sounds()`. Returns false when it cannot be.
  bool submit(runtime::Task task) { return files_ && files_->submit(std::move(task)); }
  SoundLibrary& sounds() { return sounds_; }
  DescriptorBudget& descriptors() { return descriptors_; }
  [[nodiscard]] const std::shared_ptr<const rtp::DtlsContext>& dtls() const { return dtls_; }
  [[nodiscard]] const Fingerprint& fingerprint() const { return fingerprint_; }

 private:
  std::shared_ptr<const rtp::DtlsContext> dtls_;  // set by start()
  Fingerprint fingerprint_;
  SoundLibrary sounds_;
  DescriptorBudget descriptors_;
  std::vector<std::unique_ptr<MediaLoop>> loops_;
  std::unique_ptr<runtime::WorkerPool> files_;  // one thread, so that the library needs no lock
};

}  // namespace xivo::media
