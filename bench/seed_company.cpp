// Fills an empty var/ folder with a company for benchmarks: N registering users 100000 ..., a fixed peer at 127.0.0.2 that calls
// in, and a fixed peer at 127.0.0.3:5060 that the number 900 rings.
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "app/shard.hpp"
#include "base/text.hpp"
#include "model/transaction.hpp"
#include "runtime/clock.hpp"
#include "store/config_store.hpp"

namespace {

using xivo::model::Change;
using xivo::model::Value;

xivo::model::Transaction company(int users) {
  xivo::model::Transaction transaction;
  transaction.author = "bench";
  transaction.message = "company for benchmarks";
  const auto number_of = [&](const std::string& exten, Value destination) {
    transaction.changes.push_back(
        {"extension",
         Change::Op::Create,
         0,
         Value::object({{"exten", exten}, {"context", "default"}, {"destination", std::move(destination)}}),
         {}});
  };
  transaction.changes.push_back({"context", Change::Op::Create, 0, Value::object({{"name", "default"}}), {}});
  for (int i = 0; i < users; ++i) {
    const auto number = fmt::format("1{:05}", i);
    transaction.changes.push_back(
        {"user", Change::Op::Create, -1 - i, Value::object({{"firstname", "User"}, {"lastname", number}})});
    transaction.changes.push_back(
        {"line", Change::Op::Create, 0,
         Value::object({{"name", number},
                        {"secret", "secret-of-the-bench"},
                        {"user", -1 - i},
                        {"context", "default"},
                        {"codecs", Value(std::vector<std::string>{"alaw", "ulaw"})}})});
    number_of(number, Value::object({{"type", "user"}, {"user", -1 - i}}));
  }
  transaction.changes.push_back(
      {"line", Change::Op::Create, 0,
       Value::object(
           {{"name", "in"}, {"secret", "unused-secret"}, {"host", "127.0.0.2"}, {"context", "default"}})});
  transaction.changes.push_back({"line", Change::Op::Create, -1,
                                 Value::object({{"name", "out"},
                                                {"secret", "unused-secret"},
                                                {"host", "127.0.0.3:5060"},
                                                {"context", "default"}})});
  number_of("900", Value::object({{"type", "line"}, {"line", -1}}));
  return transaction;
}

}  // namespace

int main(int argc, char** argv) {
  const auto users = argc == 3 ? xivo::text::parse_decimal<int>(argv[2]) : std::nullopt;
  if (!users) {
    std::fprintf(stderr, "usage: seed_company VAR_FOLDER USERS\n");
    return 2;
  }
  auto store = xivo::store::ConfigStore::open(std::string(argv[1]) + "/config.db");
  if (!store) {
    std::fprintf(stderr, "seed_company: %s\n", std::string(store.error().what).c_str());
    return 1;
  }
  const auto config = (*store)->load();
  if (!config) return 1;
  const auto applied =
      xivo::model::apply(**config, company(*users), {xivo::runtime::SystemClock().wall(), 1});
  if (!applied) {
    std::fprintf(stderr, "seed_company: %s\n",
                 xivo::model::describe(applied.error().front(), xivo::model::Language::English).c_str());
    return 1;
  }
  return (*store)->commit(*applied) ? 0 : 1;
}
