#include "app/seed.hpp"

#include <array>

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
