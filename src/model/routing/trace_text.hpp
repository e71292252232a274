#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "model/routing/route.hpp"

/// Decisions as a call's trace keeps them: one line of data each, worded when somebody reads it, in that reader's language.
/// Shape   "@registered+|line=101|contacts=1|#line=4": '@', a name, '+' met or '-' not, facts, objects. '%' '|' and
///         control characters of values are written as %XX.
namespace xivo::model::routing {

/// What a line may have at most; the facts that no longer fit are left out.
constexpr std::size_t kTraceTextMax = 240;

/// What a call, and not a rule, has decided or met.
enum class Remark : std::uint8_t {
  RingTimeout,
  DurationMax,  // seconds
  SentOn,  // who, number
  SentOnTooOften,
  FeatureMissing,  // feature
  FeatureForKnownLines,  // feature
  CodeWrongTooOften,
  NoCodeEntered,
  Transcoded,  // ours, theirs: codecs
  NoCodecInCommon,
  CodecsAskedFor,  // who, whose
  CodecsWanted,  // who, whose
  // ---- how the call goes
  Ringing,
  RoutedOn,
  FeatureRuns,  // feature, argument
  Answered,  // who
  Ended,  // cause
  Holds,
  TakesBack,
  Digit,  // digit
  DigitLost,  // digit
  Silent,  // seconds
  Quality,  // mos, lost, jitter, round_trip
  QualityOneWay,  // mos, lost, jitter: the round trip is not known
  // ---- what the network did
  ResponseNotAcknowledged,
  AnswerNotAcknowledged,
  NoAnswerFromNetwork,
  CannotBeReached,
  TriesNextFlow,
  NoSignOfLife,
  LookedFor,  // host
  FoundAt,  // host, address
  NotFound,  // host
  KeysExposed,  // what
  KeysAgreed,  // suite
  KeyExchangeFailed,  // reason
  // ---- trunks
  KnownByAddress,  // trunk
  KnownByContact,  // trunk
  ChannelsInUse,
  CredentialsRefused,
  ChallengeUnknown,
};
using Facts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string trace_text(const Step& step);
std::string trace_text(const Plan& plan);
std::string trace_text(Remark remark, Facts facts = {});

/// The sentence of such a line, or of one that was kept in English before; any other text comes back as it is, and so does a
/// line of a newer version.
std::string worded(std::string_view trace_text, Language language);

}  // namespace xivo::model::routing
