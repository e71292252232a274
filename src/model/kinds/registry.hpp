#pragma once

#include "model/destination.hpp"
#include "model/schema.hpp"

namespace xivo::model {

const KindSchema& tenant_kind();
const KindSchema& context_kind();
const KindSchema& voicemail_kind();
const KindSchema& user_kind();
const KindSchema& sip_line_kind();
const KindSchema& role_kind();
const KindSchema& account_kind();
const KindSchema& extension_kind();
const KindSchema& feature_code_kind();
const KindSchema& general_kind();
const KindSchema& trunk_kind();
const KindSchema& outgoing_route_kind();
const KindSchema& incoming_route_kind();
const KindSchema& schedule_kind();
const KindSchema& call_permission_kind();
const KindSchema& toll_guard_kind();
const KindSchema& scenario_kind();

const DestinationType& none_destination();
const DestinationType& user_destination();
const DestinationType& sip_line_destination();
const DestinationType& extension_destination();
const DestinationType& voicemail_destination();
const DestinationType& outcall_destination();
const DestinationType& hangup_destination();

}  // namespace xivo::model
