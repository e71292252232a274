#pragma once

#include "model/schema.hpp"

namespace xivo::model {

const KindSchema& user_kind();
const KindSchema& sip_line_kind();
const KindSchema& role_kind();
const KindSchema& account_kind();

}  // namespace xivo::model
