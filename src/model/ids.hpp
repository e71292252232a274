#pragma once

#include <cstdint>
#include <functional>

namespace xivo::model {

/// A configured object's number within its kind: 1.., never reused. 0 names nothing.
template <class Kind>
struct ObjectId {
  std::int64_t value = 0;
  explicit operator bool() const { return value != 0; }
  auto operator<=>(const ObjectId&) const = default;
};

struct Tenant;
struct Context;
struct User;
struct SipLine;
struct Extension;
struct Voicemail;
struct FeatureCode;
struct General;
struct Trunk;
struct OutgoingRoute;
struct IncomingRoute;
struct Schedule;
struct CallPermission;
struct TollGuard;
struct Scenario;
using TenantId = ObjectId<Tenant>;
using ContextId = ObjectId<Context>;
using UserId = ObjectId<User>;
using SipLineId = ObjectId<SipLine>;
using ExtensionId = ObjectId<Extension>;
using VoicemailId = ObjectId<Voicemail>;
using FeatureCodeId = ObjectId<FeatureCode>;
using GeneralId = ObjectId<General>;
using TrunkId = ObjectId<Trunk>;
using OutgoingRouteId = ObjectId<OutgoingRoute>;
using IncomingRouteId = ObjectId<IncomingRoute>;
using ScheduleId = ObjectId<Schedule>;
using CallPermissionId = ObjectId<CallPermission>;
using TollGuardId = ObjectId<TollGuard>;
using ScenarioId = ObjectId<Scenario>;

/// A configuration revision: 0 = empty, then 1, 2, 3 ...
using RevisionNumber = std::int64_t;

}  // namespace xivo::model

template <class Kind>
struct std::hash<xivo::model::ObjectId<Kind>> {
  std::size_t operator()(const xivo::model::ObjectId<Kind>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
