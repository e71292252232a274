#include "differences.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "mutation.hpp"
#include "sip/message.hpp"

namespace xivo::oracle {
namespace {

bool by(const Difference& difference, std::string_view parser) { return difference.theirs.name() == parser; }

bool refused_for(const Difference& difference, std::initializer_list<std::string_view> faults) {
  if (difference.point != "we refuse") return false;
  return std::find(faults.begin(), faults.end(), difference.our_value) != faults.end();
}

/// Whether this point is agreed upon in another message.
bool agreed(const Difference& difference, const std::string& bytes) {
  for (const auto& left : differences(bytes, difference.theirs)) {
    if (left.point == difference.point || left.point == "we refuse") return false;
  }
  return true;
}

/// Whether they agree once something was written over in the message: what they disagree about is just that.
template <class EditIt>
bool agreed_after(const Difference& difference, EditIt edit) {
  std::string bytes = difference.bytes;
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  if (!message) return false;
  edit(*message);
  return agreed(difference, bytes);
}

/// Writes x over all but letters, digits and what holds a field together. The view is into bytes of our own.
void make_plain(std::string_view text, std::string_view kept) {
  char* const begin = const_cast<char*>(text.data());
  bool quoted = false;
  bool valued = false;  // the second '=' of a parameter is odd too
  for (std::size_t i = 0; i < text.size(); ++i) {
    char& c = begin[i];
    if (c == '"' && kept.find('"') != std::string_view::npos) quoted = !quoted;
    if (!text::is_alnum(c) &&
        (quoted ? c != '"' : kept.find(c) == std::string_view::npos || (c == '=' && valued))) {
      c = 'x';
    }
    if (c == '=' || c == ';') valued = c == '=';
  }
}

template <class Visit>
void visit_addresses(const sip::Message& message, Visit visit) {
  visit(message.from());
  visit(message.to());
  if (const auto contacts = message.contacts()) {
    for (const auto& contact : contacts->list) visit(contact);
  }
}

bool a_parameter_of_odd_characters(const Difference& difference) {
  return agreed_after(difference, [](const sip::Message& message) {
    constexpr std::string_view kKept = " \t\r\n;=\"-.:[]<>+";
    make_plain(message.top_via().parameters, kKept);
    visit_addresses(message, [&](const sip::NameAddr& address) { make_plain(address.parameters, kKept); });
  });
}

bool an_odd_display_name(const Difference& difference) {
  return agreed_after(difference, [](const sip::Message& message) {
    visit_addresses(message, [](const sip::NameAddr& address) { make_plain(address.display_name, " "); });
  });
}

bool an_odd_uri(const Difference& difference) {
  return agreed_after(difference, [](const sip::Message& message) {
    const auto make_sip = [](std::string_view uri) {
      make_plain(uri, "");
      std::copy_n("x:xxx", std::min<std::size_t>(uri.size(), 5), const_cast<char*>(uri.data()));
      if (uri.size() >= 5) std::copy_n("sip:", 4, const_cast<char*>(uri.data()));
    };
    if (message.is_request()) make_sip(message.request_uri_text());
    visit_addresses(message, [&](const sip::NameAddr& address) { make_sip(address.uri_text); });
  });
}

sip::HeaderId id_of(const std::string& field) {
  const auto name = field.substr(0, field.find(':'));
  return sip::header_id_from(text::trim(name));
}

bool a_field_that_is_not_read(const Difference& difference) {
  auto pieces = Pieces::of(difference.bytes);
  std::erase_if(pieces.fields, [](const std::string& field) {
    using enum sip::HeaderId;
    const auto id = id_of(field);
    return id != Via && id != From && id != To && id != CallId && id != CSeq && id != Contact &&
           id != ContentLength;
  });
  return difference.point == "they refuse" && agreed(difference, pieces.joined());
}

bool a_length_that_is_repeated(const Difference& difference) {
  auto pieces = Pieces::of(difference.bytes);
  int lengths = 0;
  std::erase_if(pieces.fields, [&](const std::string& field) {
    return id_of(field) == sip::HeaderId::ContentLength && ++lengths > 1;
  });
  return lengths > 1 && agreed(difference, pieces.joined());
}

bool a_via_below_the_top_one(const Difference& difference) {
  auto pieces = Pieces::of(difference.bytes);
  int vias = 0;
  std::erase_if(pieces.fields,
                [&](const std::string& field) { return id_of(field) == sip::HeaderId::Via && ++vias > 1; });
  for (auto& field : pieces.fields) {
    if (id_of(field) != sip::HeaderId::Via) continue;
    const auto value = field.substr(field.find(':') + 1);
    const auto via = sip::Via::parse(text::trim(value));
    if (via) field = "Via: " + std::string(via->text);
  }
  return agreed(difference, pieces.joined());
}

bool an_address_without_user(const Difference& difference) {
  std::string bytes = difference.bytes;
  bool found = false;
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  if (!message) return false;
  visit_addresses(*message, [&](const sip::NameAddr& address) {
    found = found || (address.uri.user.empty() && address.uri_text.data()[-1] != '<');
  });
  return found;
}

bool a_response_to_a_new_method(const Difference& difference) {
  std::string bytes = difference.bytes;
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  return message && message->is_response() && message->method() == sip::Method::Unknown;
}

bool a_call_id_with_an_end_missing(const Difference& difference) {
  std::string bytes = difference.bytes;
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  return message && (message->call_id().starts_with('@') || message->call_id().ends_with('@'));
}

bool a_tab(const Difference& difference) {
  std::string bytes = difference.bytes;
  std::replace(bytes.begin(), bytes.end(), '\t', ' ');
  return bytes != difference.bytes && agreed(difference, bytes);
}

bool a_body_of_an_unnamed_type(const Difference& difference) {
  std::string bytes = difference.bytes;
  const auto message = sip::Message::parse(bytes.data(), bytes.size());
  return difference.point == "body" && message &&
         (message->content_type().find('/') == std::string_view::npos ||
          text::to_lower(message->content_type()).starts_with("multipart/"));
}

// The order matters: the first that covers a difference is the one that it is counted for.
constexpr Known kKnown[] = {
    // ---- what we refuse and another takes: the grammar is ours
    {"start line",
     "RFC 3261 7.1, 7.2, 25.1: one space between the parts, SIP/2.0, three digits; RFC 4475 3.1.2.9, "
     "3.1.2.19",
     [](const Difference& d) {
       return refused_for(
           d, {"not a SIP start line", "white space or brackets in the request line", "bad status code",
               "control character in the start line", "SIP version is not 2.0", "no start line"});
     }},
    {"line ends", "RFC 3261 7, 7.5: CR LF, and an empty line after the head; a head cut short is no message",
     [](const Difference& d) {
       return refused_for(d, {"line feed without carriage return", "head does not end"});
     }},
    {"field syntax",
     "RFC 3261 25.1: a field name is a token before a colon; no control characters in a value",
     [](const Difference& d) {
       return refused_for(d, {"bad header name", "control character in a header field"});
     }},
    {"field twice", "RFC 3261 7.3.1: only lists may come in several fields; RFC 4475 3.3.8 asks for 400",
     [](const Difference& d) {
       return refused_for(d, {"a header field that may come once only came twice"});
     }},
    {"length", "RFC 3261 18.3, 20.14: a number that the datagram holds; RFC 4475 3.1.2.2, 3.1.2.3, 3.3.9",
     [](const Difference& d) {
       return refused_for(d, {"bad Content-Length", "two different Content-Length",
                              "Content-Length larger than the message"});
     }},
    {"CSeq",
     "RFC 3261 8.1.1.5: below 2^31, and the request's method; RFC 4475 3.1.2.4, 3.1.2.5, 3.1.2.17, 3.1.2.18",
     [](const Difference& d) {
       return refused_for(
           d, {"CSeq number out of range", "bad CSeq", "bad method in CSeq", "CSeq is for another method"});
     }},
    {"Call-ID", "RFC 3261 8.1.1.4, 25.1: there, and one word without white space",
     [](const Difference& d) { return refused_for(d, {"bad Call-ID", "no Call-ID"}); }},
    {"Via",
     "RFC 3261 20.42, 25.1: protocol, transport, sent-by and parameters are what a response is routed by",
     [](const Difference& d) {
       return refused_for(d, {"bad protocol in Via", "bad transport in Via", "bad sent-by in Via",
                              "bad parameter in Via", "bad rport in Via", "no Via"});
     }},
    {"address",
     "RFC 3261 20.10, 25.1: quotes and brackets close; '?' needs brackets; RFC 4475 3.1.2.6, 3.1.2.13, "
     "3.1.2.14",
     [](const Difference& d) {
       return refused_for(
           d, {"bad From", "bad To", "no From", "no To", "angle bracket does not close",
               "quoted string does not end", "quote inside a display name", "more than one address",
               "no URI after the display name", "bad header parameter", "Contact * beside another Contact",
               "a URI with '?' must stand in angle brackets"});
     }},
    {"URI",
     "RFC 3261 19.1, 25.1: what may stand unescaped; no header fields in a Request-URI, RFC 4475 3.1.2.11",
     [](const Difference& d) {
       return d.point == "we refuse" && d.our_value.find(" URI") != std::string::npos;
     }},
    // ---- what we take and another refuses, or reads in another way
    {"valid by RFC 4475",
     "3.1.1.2 (intmeth) must be accepted: unusual, but every byte of it is within the grammar",
     [](const Difference& d) {
       return d.point == "they refuse" && d.bytes.starts_with("!interesting-Method");
     }},
    {"skipped field",
     "sofia-sip goes on without a field that it cannot read, and takes the next one for the first",
     [](const Difference& d) { return by(d, "sofia-sip") && !d.their_note.empty() && d.point != "body"; }},
    {"field not read",
     "RFC 3261 16.3: an element need not look at a field that it has no use for; errors there are the "
     "feature's",
     a_field_that_is_not_read},
    {"length repeated", "the same Content-Length twice leaves no doubt about the body",
     a_length_that_is_repeated},
    {"lower Via",
     "RFC 3261 8.2.6.2, 18.2.2: an endpoint reads the top Via only and gives the others back as they are",
     a_via_below_the_top_one},
    {"parameter", "a parameter's odd characters are given back as they are; only what is compared is read",
     a_parameter_of_odd_characters},
    {"display name", "RFC 4475 3.1.2.15 allows to take anything before '<' for the display name",
     an_odd_display_name},
    {"escaped NUL", "osip2 ends a user part at %00; RFC 4475 3.1.1.4 says that it is part of the name",
     [](const Difference& d) { return by(d, "osip2") && d.bytes.find("%00") != std::string::npos; }},
    {"scheme",
     "RFC 3261 8.2.2.1: a scheme that nobody knows is answered 416 or 404, not taken for a broken message",
     an_odd_uri},
    {"body type", "osip2 makes no body where it knows no Content-Type, and cuts a multipart into its parts",
     [](const Difference& d) { return by(d, "osip2") && a_body_of_an_unnamed_type(d); }},
    {"Call-ID taken apart", "RFC 3261 8.1.1.4: a Call-ID is compared byte by byte; osip2 cuts it at the @",
     [](const Difference& d) { return by(d, "osip2") && a_call_id_with_an_end_missing(d); }},
    {"tab", "RFC 3261 25.1: white space is a space or a TAB",
     [](const Difference& d) { return by(d, "osip2") && a_tab(d); }},
    {"no reason",
     "RFC 3261 7.2: nothing is read from the phrase; that its space is missing too costs nothing",
     [](const Difference& d) { return d.point == "they refuse" && Pieces::of(d.bytes).start.size() == 11; }},
    {"no user",
     "RFC 3261 20.10: without brackets what follows ';' is the field's, also where the URI has no user part",
     [](const Difference& d) { return by(d, "osip2") && an_address_without_user(d); }},
    {"response to a new method", "RFC 3261 25.1: any token is a method, in the CSeq of a response too",
     [](const Difference& d) { return by(d, "sofia-sip") && a_response_to_a_new_method(d); }},
};

}  // namespace

std::vector<Difference> differences(const std::string& bytes, const Parser& theirs) {
  const auto ours = our_parser().read(bytes);
  const auto other = theirs.read(bytes);
  if (ours.accepted != other.accepted) {
    return {{theirs, bytes, ours.accepted ? "they refuse" : "we refuse", ours.why, {}, other.why}};
  }
  if (!ours.accepted) return {};
  std::vector<Difference> found;
  std::set<std::string> points;
  for (const auto& [name, value] : ours.fields) points.insert(name);
  for (const auto& [name, value] : other.fields) points.insert(name);
  for (const auto& point : points) {
    const auto ours_at = ours.fields.find(point);
    const auto theirs_at = other.fields.find(point);
    const auto our_value = ours_at == ours.fields.end() ? std::string() : ours_at->second;
    const auto their_value = theirs_at == other.fields.end() ? std::string() : theirs_at->second;
    if (our_value != their_value) found.push_back({theirs, bytes, point, our_value, their_value, other.why});
  }
  return found;
}

const Known* judged(const Difference& difference) {
  for (const auto& known : kKnown) {
    if (known.covers(difference)) return &known;
  }
  return nullptr;
}

std::span<const Known> all_known() { return kKnown; }

}  // namespace xivo::oracle
