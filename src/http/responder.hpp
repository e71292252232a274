#pragma once

#include <memory>

#include "http/message.hpp"

namespace xivo::http {

/// The right to answer one request, once, now or later, from any thread. Copies answer the same request; the first
/// answer counts. When the last copy goes without an answer, the client is told 500. An answer to a client that has
/// gone is dropped.
/// Thread  any. While the server lives its loop must; a responder that outlives the server does nothing.
class Responder {
 public:
  struct Ticket;

  explicit Responder(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
  void send(Response response) const;

 private:
  std::shared_ptr<Ticket> ticket_;
};

}  // namespace xivo::http
