#include "model/transaction_names.hpp"

namespace xivo::model::detail {

namespace {

std::string key_of(const KindSchema& kind, const void* object) {
  const Value value = kind.field(kind.spec().key)->get(object);
  return value.text() == nullptr ? std::string() : *value.text();
}

}  // namespace

bool TransactionNames::give_temporary(const KindSchema& kind, std::int64_t temporary, std::int64_t id) {
  return temporary_[&kind].emplace(temporary, id).second;
}

void TransactionNames::promise(const KindSchema& kind, const Value& fields, std::int64_t id) {
  if (kind.spec().key.empty()) return;
  const Value* key = fields.find(kind.spec().key);
  if (key != nullptr && key->text() != nullptr) promised_[&kind].emplace(*key->text(), id);
}

void TransactionNames::note(const KindSchema& kind, std::int64_t id, const void* object) {
  const auto known = keys_.find(&kind);
  if (known == keys_.end()) return;
  if (std::string key = key_of(kind, object); !key.empty()) known->second[std::move(key)] = id;
}

std::optional<std::int64_t> TransactionNames::of_temporary(const KindSchema& kind,
                                                           std::int64_t temporary) const {
  const auto of_kind = temporary_.find(&kind);
  if (of_kind == temporary_.end()) return std::nullopt;
  const auto found = of_kind->second.find(temporary);
  return found == of_kind->second.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> TransactionNames::find(const KindSchema& kind, const Value& target,
                                                   const AnyTable* table) {
  if (const auto id = target.integer()) return *id < 0 ? of_temporary(kind, *id) : id;
  if (target.text() == nullptr || kind.spec().key.empty()) return std::nullopt;
  const auto [known, fresh] = keys_.try_emplace(&kind);
  if (fresh && table != nullptr) {
    table->for_each([&](std::int64_t id, const void* object) { note(kind, id, object); });
  }
  const Keys& now = known->second;
  if (const auto found = now.find(*target.text()); found != now.end()) return found->second;
  const Keys& later = promised_[&kind];
  const auto found = later.find(*target.text());
  return found == later.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace xivo::model::detail
