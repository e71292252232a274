#include "app/seed.hpp"

#include <array>
#include <set>

#include "model/history/revision_message.hpp"
#include "model/schema.hpp"

namespace xivo::app {
namespace {

struct Person {
  const char* firstname;
  const char* lastname;
  const char* number;
  const char* language;
};

constexpr std::array kPeople = {
    Person{"Alice", "Martin", "101", "fr_FR"},
    Person{"Bruno", "Lefèvre", "102", "fr_FR"},
    Person{"Carol", "Smith", "103", "en_US"},
};
constexpr std::size_t kSecretSize = 16;  // 82 bits
constexpr std::int64_t kDefaultContext = 1;  // the first that first_objects() makes

}  // namespace

model::Transaction missing_feature_codes(const model::Config& config,
                                         const std::vector<model::FeatureCode>& built) {
  std::set<std::string> known;
  for (const auto& [id, code] : config.objects<model::FeatureCode>()) known.insert(code->feature);
  model::Transaction transaction;
  transaction.author = "xivod";
  transaction.message = model::revision_message(model::RevisionMessage::FeatureCodes);
  std::int64_t id = model::table_of(config, *model::find_kind("feature_code")).next_id();
  for (const auto& code : built) {
    if (known.contains(code.feature)) continue;
    // With an id of its own the object is brought back as it is, its read-only members included.
    transaction.changes.push_back({"feature_code",
                                   model::Change::Op::Create,
                                   id++,
                                   model::Value::object({{"feature", code.feature}, {"code", code.code}}),
                                   {}});
  }
  return transaction;
}

model::Transaction first_objects() {
  using model::Change;
  using model::Value;
  model::Transaction transaction;
  transaction.author = "xivod";
  transaction.message = model::revision_message(model::RevisionMessage::FirstObjects);
  const auto create = [&](std::string kind, Value fields) {
    transaction.changes.push_back({std::move(kind), Change::Op::Create, 0, std::move(fields), {}});
  };
  const auto context = [](const char* name, const char* label, const char* type) {
    return Value::object({{"name", name}, {"label", label}, {"type", type}, {"tenant", "default"}});
  };
  create("tenant", Value::object({{"name", "default"}}));
  Value internal = context("default", "Appels internes / Internal calls", "internal");
  internal.set("includes", Value::List{Value("to-extern"), Value("xivo-features")});
  create("context", std::move(internal));
  create("context", context("from-extern", "Appels entrants / Incoming calls", "incall"));
  create("context", context("to-extern", "Appels sortants / Outgoing calls", "outcall"));
  create("context", context("xivo-features", "Services", "services"));
  create("general", Value::object());
  return transaction;
}

namespace {

model::Value range(const char* start, const char* end) {
  return model::Value::List{model::Value::object({{"start", start}, {"end", end}})};
}

}  // namespace

ExampleCompany example_company(runtime::Rng& rng) {
  using model::Change;
  using model::Value;
  ExampleCompany company;
  auto& changes = company.transaction.changes;
  company.transaction.author = "xivod";
  company.transaction.message = model::revision_message(model::RevisionMessage::ExampleCompany);
  changes.push_back({"context",
                     Change::Op::Update,
                     kDefaultContext,
                     Value::object({{"user_ranges", range("100", "199")},
                                    {"group_ranges", range("200", "299")},
                                    {"ivr_ranges", range("300", "399")},
                                    {"queue_ranges", range("400", "499")},
                                    {"conference_room_ranges", range("500", "599")}}),
                     {}});
  changes.push_back({"general",
                     Change::Op::Update,
                     model::kSingletonId,
                     Value::object({{"company", "XiVO"}, {"setup_done", true}}),
                     {}});
  std::int64_t temporary = -1;
  for (const auto& person : kPeople) {
    PhoneAccount phone{std::string(person.firstname) + " " + person.lastname, person.number, person.number,
                       rng.token(kSecretSize)};
    changes.push_back(
        {"user",
         Change::Op::Create,
         temporary,
         Value::object(
             {{"firstname", person.firstname}, {"lastname", person.lastname}, {"language", person.language}}),
         {}});
    changes.push_back(
        {"line",
         Change::Op::Create,
         0,
         Value::object(
             {{"name", phone.name}, {"secret", phone.secret}, {"user", temporary}, {"context", "default"}}),
         {}});
    changes.push_back(
        {"extension",
         Change::Op::Create,
         0,
         Value::object({{"exten", phone.number},
                        {"context", "default"},
                        {"destination", Value::object({{"type", "user"}, {"user", temporary}})}}),
         {}});
    company.phones.push_back(std::move(phone));
    --temporary;
  }
  return company;
}

}  // namespace xivo::app
