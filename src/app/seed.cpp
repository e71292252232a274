#include "app/seed.hpp"

#include <array>
#include <set>

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

}  // namespace

model::Transaction missing_feature_codes(const model::Config& config,
                                         const std::vector<model::FeatureCode>& built) {
  std::set<std::string> known;
  for (const auto& [id, code] : config.objects<model::FeatureCode>()) known.insert(code->feature);
  model::Transaction transaction;
  transaction.author = "xivod";
  transaction.message = "Codes of the features of this version";
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

ExampleCompany example_company(runtime::Rng& rng) {
  using model::Change;
  using model::Value;
  ExampleCompany company;
  company.transaction.author = "xivod";
  company.transaction.message = "Example company of the first start";
  std::int64_t temporary = -1;
  for (const auto& person : kPeople) {
    PhoneAccount phone{std::string(person.firstname) + " " + person.lastname, person.number, person.number,
                       rng.token(kSecretSize)};
    company.transaction.changes.push_back({"user", Change::Op::Create, temporary,
                                           Value::object({{"firstname", person.firstname},
                                                          {"lastname", person.lastname},
                                                          {"language", person.language}})});
    company.transaction.changes.push_back({"line", Change::Op::Create, 0,
                                           Value::object({{"name", phone.name},
                                                          {"secret", phone.secret},
                                                          {"user", temporary},
                                                          {"exten", phone.number}})});
    company.phones.push_back(std::move(phone));
    --temporary;
  }
  return company;
}

}  // namespace xivo::app
