#include "model/routing/route.hpp"

namespace xivo::model::routing {

Words words_of(Cause cause) {
  switch (cause) {
    case Cause::UnallocatedNumber: return {"numéro non attribué", "Unallocated (unassigned) number"};
    case Cause::NormalClearing: return {"fin normale", "Normal Clearing"};
    case Cause::UserBusy: return {"occupé", "User busy"};
    case Cause::NoUserResponding: return {"pas de réaction du téléphone", "No user responding"};
    case Cause::NoAnswer: return {"sans réponse", "No answer from user"};
    case Cause::SubscriberAbsent: return {"téléphone absent", "Subscriber absent"};
    case Cause::CallRejected: return {"appel rejeté", "Call Rejected"};
    case Cause::AnsweredElsewhere: return {"répondu ailleurs", "Answered elsewhere"};
    case Cause::DestinationOutOfOrder: return {"destination hors service", "Destination out of order"};
    case Cause::InvalidNumberFormat: return {"numéro invalide", "Invalid number format"};
    case Cause::FacilityRejected: return {"service refusé", "Facility rejected"};
    case Cause::NormalUnspecified: return {"fin normale, non précisée", "Normal, unspecified"};
    case Cause::Congestion: return {"aucun circuit libre", "Circuit/channel congestion"};
    case Cause::NetworkOutOfOrder: return {"réseau hors service", "Network out of order"};
    case Cause::TemporaryFailure: return {"panne passagère", "Temporary failure"};
    case Cause::IncompatibleDestination:
      return {"capacité non disponible", "Bearer capability not available"};
    case Cause::RecoveryOnTimerExpiry: return {"délai dépassé", "Recover on timer expiry"};
    case Cause::Interworking: return {"interfonctionnement", "Interworking, unspecified"};
  }
  return {"cause inconnue", "Unknown"};
}

}  // namespace xivo::model::routing
