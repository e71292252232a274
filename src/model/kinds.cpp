#include "model/kinds.hpp"

namespace xivo::model {

std::string User::full_name() const {
  if (firstname.empty()) return lastname;
  return lastname.empty() ? firstname : firstname + " " + lastname;
}

}  // namespace xivo::model
