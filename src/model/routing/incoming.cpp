// Calls from a trunk: whose number was called, what the called sees of the caller, and when.
#include <fmt/format.h>

#include <algorithm>

#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

bool is_known(Decision& d) {
  d.trunk = d.config.find(d.request.from_trunk);
  d.note(Rule::TrunkKnown, d.trunk != nullptr, [&](Step& step) {
    fact(step, "trunk", d.trunk ? d.trunk->title() : fmt::to_string(d.request.from_trunk.value));
    about(step, "trunk", d.request.from_trunk.value);
  });
  if (d.trunk == nullptr) d.refuse(Cause::CallRejected);
  return d.trunk != nullptr;
}

bool is_enabled(Decision& d) {
  d.note(Rule::TrunkEnabled, d.trunk->enabled, [&](Step& step) {
    fact(step, "trunk", d.trunk->title());
    about(step, "trunk", d.trunk->id.value);
  });
  if (!d.trunk->enabled) d.refuse(Cause::CallRejected);
  return d.trunk->enabled;
}

bool has_channel(Decision& d) {
  if (d.trunk->max_channels_in == 0) return true;
  const int calls = d.live.channels_of(d.trunk->id, Direction::In);
  const bool within = calls < d.trunk->max_channels_in;
  d.note(Rule::TrunkChannelsIn, within, [&](Step& step) {
    fact(step, "trunk", d.trunk->title());
    fact(step, "calls", fmt::to_string(calls));
    fact(step, "limit", fmt::to_string(d.trunk->max_channels_in));
    about(step, "trunk", d.trunk->id.value);
  });
  if (!within) d.refuse(Cause::Congestion);
  return within;
}

void normalise_caller(Decision& d) {
  const std::string_view country =
      d.trunk->country.empty() ? d.country() : std::string_view(d.trunk->country);
  d.caller_number = numbering::national(d.request.caller_number, country);
  d.plan.caller_number = d.caller_number;
  d.plan.caller_name = d.request.caller_name;
  if (d.caller_number == d.request.caller_number) return;
  d.note(Rule::CallerNormalised, true, [&](Step& step) {
    fact(step, "from", d.request.caller_number);
    fact(step, "to", d.caller_number);
    fact(step, "country", std::string(country));
  });
}

/// What takes the called number in a context or its includes.
struct Found {
  const IncomingRoute* route = nullptr;
  const Extension* extension = nullptr;
  ContextId context{};
};

class Search {
 public:
  Search(const Decision& d, std::string number) : d_(d) {
    const std::string_view country =
        d.trunk->country.empty() ? d.country() : std::string_view(d.trunk->country);
    const bool international = d.request.dialled.find('+') != std::string::npos;
    std::string home = numbering::national(international ? "+" + number : number, country);
    std::string abroad = numbering::international(home, country);
    forms_.push_back(std::move(number));
    for (std::string* form : {&home, &abroad}) {
      if (!form->empty() && std::find(forms_.begin(), forms_.end(), *form) == forms_.end())
        forms_.push_back(std::move(*form));
    }
  }

  Found find(ContextId id) {
    const Context* context = d_.config.context(id);
    if (context == nullptr || !context->enabled) return {};
    if (std::find(seen_.begin(), seen_.end(), id) != seen_.end()) return {};
    seen_.push_back(id);
    if (const Found own = find_here(id); own.route != nullptr || own.extension != nullptr) return own;
    for (const ContextId included : context->includes) {
      const Found found = find(included);
      if (found.route != nullptr || found.extension != nullptr) return found;
    }
    return {};
  }

 private:
  /// The number as it came, then as it is dialled in the country, then as it is dialled from abroad.
  Found find_here(ContextId id) const {
    for (const std::string& form : forms_) {
      if (const IncomingRoute* route = route_here(id, form)) return {route, nullptr, id};
      if (const Extension* extension = extension_here(id, form)) return {nullptr, extension, id};
    }
    return {};
  }
  [[nodiscard]] const IncomingRoute* route_here(ContextId id, std::string_view number) const {
    return d_.config.incoming().find(id, number, d_.trunk->id, d_.caller_number);
  }
  [[nodiscard]] const Extension* extension_here(ContextId id, std::string_view number) const {
    if (number.empty() || numbering::is_pattern(number)) return nullptr;
    const Extension* exact = d_.config.extension(id, number);
    if (exact != nullptr && exact->enabled) return exact;
    return d_.config.extension_patterns().find(id, number);
  }

  const Decision& d_;
  std::vector<std::string> forms_;
  std::vector<ContextId> seen_;
};

void rename_caller(Decision& d, const IncomingRoute& route) {
  if (route.caller_id_mode.empty()) return;
  std::string& name = d.plan.caller_name;
  const std::string shown = name.empty() ? d.plan.caller_number : name;
  if (route.caller_id_mode == "overwrite") name = route.caller_id_name;
  if (route.caller_id_mode == "prepend") name = route.caller_id_name + shown;
  if (route.caller_id_mode == "append") name = shown + route.caller_id_name;
  d.note(Rule::CallerName, true, [&](Step& step) {
    fact(step, "mode", route.caller_id_mode);
    fact(step, "name", name);
    about(step, "incoming_route", route.id.value);
  });
}

void follow_route(Decision& d, const IncomingRoute& route, const std::string& number) {
  d.note(Rule::IncomingRoute, true, [&](Step& step) {
    fact(step, "number", number);
    fact(step, "route", route.name);
    fact(step, "exten", route.exten);
    fact(step, "caller", route.caller_number.empty() ? "" : d.caller_number);
    about(step, "incoming_route", route.id.value);
  });
  d.plan.incoming_route = route.id;
  rename_caller(d, route);
  switch (keep_hours(d, route.schedule, route.context)) {
    case Hours::Open: break;
    case Hours::Settled: return;
    case Hours::ClosedWithoutDestination: return d.refuse(Cause::SubscriberAbsent, kCallLater);
  }
  if (!route.greeting_sound.empty()) {
    d.plan.greeting_sound = route.greeting_sound;
    d.note(Rule::Greeting, true, [&](Step& step) { fact(step, "sound", route.greeting_sound); });
  }
  follow(d, route.destination, route.context);
}

}  // namespace

void call_from_trunk(Decision& d) {
  if (!is_known(d) || !is_enabled(d) || !has_channel(d)) return;
  normalise_caller(d);
  const std::string number = bare(d.request.dialled);
  d.plan.number = number;
  const ContextId home = d.request.context ? d.request.context : d.trunk->context;
  if (d.forwarded()) {  // a phone of ours has sent the call on: with its user's rights
    d.plan.payer = d.plan.forwarded_by.back();
    return call_number(d, d.request.dialled, home, Reach::Everywhere);
  }
  const Found found = Search(d, number).find(home);
  if (found.route != nullptr) return follow_route(d, *found.route, number);
  d.note(found.extension == nullptr ? Rule::IncomingRoute : Rule::Extension, found.extension != nullptr,
         [&](Step& step) {
           const Context* context = d.config.context(found.extension == nullptr ? home : found.context);
           fact(step, "number", number);
           fact(step, "exten", number);
           fact(step, "context", context == nullptr ? "" : context->name);
           if (context != nullptr) about(step, "context", context->id.value);
           if (found.extension != nullptr) about(step, "extension", found.extension->id.value);
         });
  if (found.extension == nullptr) return d.refuse(Cause::UnallocatedNumber, kNotInService);
  follow(d, found.extension->destination, found.extension->context);
}

}  // namespace xivo::model::routing
