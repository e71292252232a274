// The OpenAPI document is a promise: each route of it is tried. Its bounds: bounds_contract_test.cpp.
#include <gtest/gtest.h>

#include <set>

#include "api/object_routes.hpp"
#include "api_under_test.hpp"
#include "model/rights.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

/// Looks at a value with the few words of JSON Schema that our documents use. Says where it does not fit.
class SchemaCheck {
 public:
  explicit SchemaCheck(const Value& document) : schemas_(*document.find("components")->find("schemas")) {}

  [[nodiscard]] std::string misfit(const Value& schema, const Value& value,
                                   const std::string& at = "$") const {
    if (const Value* reference = schema.find("$ref")) {
      const std::string name = reference->text()->substr(std::string("#/components/schemas/").size());
      const Value* target = schemas_.find(name);
      return target ? misfit(*target, value, at) : at + ": no schema " + name;
    }
    if (const Value* type = schema.find("type"); type && !has_type(*type, value)) return at + ": wrong type";
    if (const Value* fixed = schema.find("const"); fixed && *fixed != value) return at + ": another constant";
    if (const Value* types = schema.find("oneOf")) {
      const auto fits = [&](const Value& type) { return misfit(type, value, at).empty(); };
      return std::count_if(types->items()->begin(), types->items()->end(), fits) == 1 ? ""
                                                                                      : at + ": not one of";
    }
    if (const Value* choices = schema.find("enum")) {
      bool known = false;
      for (const Value& choice : *choices->items()) known = known || choice == value;
      if (!known) return at + ": not in enum";
    }
    if (value.members()) return misfit_of_object(schema, value, at);
    if (const Value* items = schema.find("items"); items && value.items()) {
      for (const Value& item : *value.items()) {
        if (auto wrong = misfit(*items, item, at + "[]"); !wrong.empty()) return wrong;
      }
    }
    return {};
  }

 private:
  static bool has_type(const Value& type, const Value& value) {
    if (type.items()) {
      return std::any_of(type.items()->begin(), type.items()->end(),
                         [&](const Value& t) { return has_type(t, value); });
    }
    const std::string& name = *type.text();
    return (name == "object" && value.members()) || (name == "array" && value.items()) ||
           (name == "string" && value.text()) || (name == "integer" && value.integer()) ||
           (name == "boolean" && value.boolean()) || (name == "null" && value.is_null());
  }

  [[nodiscard]] std::string misfit_of_object(const Value& schema, const Value& value,
                                             const std::string& at) const {
    if (const Value* required = schema.find("required")) {
      for (const Value& name : *required->items()) {
        if (!value.find(*name.text())) return at + "." + *name.text() + ": missing";
      }
    }
    const Value* properties = schema.find("properties");
    if (!properties) return {};
    for (const auto& member : *value.members()) {
      const Value* property = properties->find(member.name);
      if (!property) return at + "." + member.name + ": not in the schema";
      if (auto wrong = misfit(*property, member.value, at + "." + member.name); !wrong.empty()) return wrong;
    }
    return {};
  }

  const Value& schemas_;
};

class Contract : public ApiUnderTest {
 protected:
  void start() override {
    make_account();
    server_->start();
    document_ = get("/openapi.json").json;
    ASSERT_TRUE(document_.is_object());
  }

  /// Calls visit(method, path, operation) for each operation of the document.
  template <class Visit>
  void walk(Visit visit) {
    for (const auto& path : *document_.find("paths")->members()) {
      for (const auto& operation : *path.value.members())
        visit(upper(operation.name), path.name, operation.value);
    }
  }

  static std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(c & ~0x20);
    return text;
  }

  static std::string filled(std::string path) {
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "1");
    return path;
  }

  /// The example that the document gives of a component.
  std::string example(const std::string& component) {
    const Value* schema = document_.find("components")->find("schemas")->find(component);
    const Value* examples = schema ? schema->find("examples") : nullptr;
    if (!examples) return "{}";
    const Value& first = examples->items()->front();
    return schema->text_at("type") == "string" ? *first.text() : model::to_json(first);
  }

  std::string body_of(const Value& operation) {
    const Value* body = operation.find("requestBody");
    if (!body) return {};
    const std::string reference =
        body->find("content")->members()->front().value.find("schema")->text_at("$ref");
    return example(reference.substr(std::string("#/components/schemas/").size()));
  }

  /// The header that goes with body_of().
  static http::Headers type_of(const Value& operation) {
    const Value* body = operation.find("requestBody");
    if (!body) return {};
    return {{"Content-Type", body->find("content")->members()->front().name}};
  }

  Value document_;
};

TEST_F(Contract, EveryRouteButThreeRefusesStrangers) {
  int refused = 0;
  std::set<std::string> open;
  walk([&](const std::string& method, const std::string& path, const Value& operation) {
    if (operation.find("security")->items()->empty()) {
      open.insert(method + " " + path);
      return;
    }
    for (const bool with_body : {false, true}) {
      const Answer answer = with_body ? ask(method, filled(path), body_of(operation), type_of(operation))
                                      : ask(method, filled(path));
      EXPECT_EQ(answer.status, 401) << method << " " << path;
      EXPECT_TRUE(answer.header("www-authenticate").starts_with("Bearer")) << method << " " << path;
      EXPECT_EQ(answer.json.text_at("type"), "urn:xivo:problem:unauthenticated");
    }
    ++refused;
  });
  EXPECT_EQ(open, (std::set<std::string>{"GET /openapi.json", "GET /status", "POST /login"}));
  EXPECT_GE(refused, 40);
  EXPECT_EQ(config_.current()->revision(), 0);
}

TEST_F(Contract, EveryRouteButAFewTellsTheRightItTakes) {
  std::set<std::string> without;
  walk([&](const std::string& method, const std::string& path, const Value& operation) {
    if (operation.find("security")->items()->empty()) return;
    const std::string scope = operation.text_at("x-scope");
    if (scope.empty()) without.insert(method + " " + path);
    EXPECT_TRUE(scope.empty() || model::is_scope(scope)) << method << " " << path << ": " << scope;
  });
  // One's own session; and what looks at each change, or shows only what everybody may know, by itself.
  const std::set<std::string> allowed{"POST /logout",
                                      "GET /session",
                                      "GET /sessions",
                                      "DELETE /sessions",
                                      "POST /session/totp",
                                      "PUT /session/totp",
                                      "POST /session/password",
                                      "DELETE /sessions/{id}",
                                      "POST /transaction",
                                      "DELETE /session/totp",
                                      "POST /session/recovery-codes",
                                      "GET /schema",
                                      "GET /events"};
  for (const std::string& route : without) EXPECT_TRUE(allowed.contains(route)) << route;
}

TEST_F(Contract, EveryRoleMayDoWhatItsRightsSayAndNothingElse) {
  for (const model::Role& role : model::supplied_roles()) {
    const model::Rights rights(role.rights);
    walk([&](const std::string& method, const std::string& path, const Value& operation) {
      const std::string scope = operation.text_at("x-scope");
      if (scope.empty()) return;
      sign_in("one-" + role.name, role.name);
      std::string target = path;
      if (const auto at = target.find("{id}"); at != std::string::npos) target.replace(at, 4, "999999");
      const Answer answer = ask(method, target, operation.find("requestBody") ? "{" : "");
      EXPECT_EQ(answer.status == 403, !rights.allows(scope))
          << role.name << ": " << method << " " << path << " answered " << answer.status;
      if (answer.status == 403) {
        EXPECT_EQ(first_problem(answer).find("facts")->text_at("scope"), scope);
      }
    });
  }
}

TEST_F(Contract, EveryAnswerIsOneTheDocumentPromises) {
  sign_in();
  const SchemaCheck check(document_);
  const auto look = [&](const std::string& method, const std::string& path, const Value& operation) {
    const Answer answer = ask(method, filled(path), body_of(operation), type_of(operation));
    const Value* promised = operation.find("responses")->find(std::to_string(answer.status));
    ASSERT_TRUE(promised) << method << " " << path << " answered " << answer.status << " " << answer.body;
    const Value* content = promised->find("content");
    if (content == nullptr) {
      EXPECT_EQ(answer.body, "") << method << " " << path;
      return;
    }
    const auto& media = content->members()->front();
    EXPECT_EQ(answer.header("content-type"), media.name);
    if (!media.name.starts_with("application/")) return;  // no JSON
    EXPECT_EQ(check.misfit(*media.value.find("schema"), answer.json), "") << method << " " << path << "\n"
                                                                          << answer.body;
  };
  create("/users", R"({"firstname":"Anybody"})");
  create("/lines", R"({"name":"gate","host":"192.0.2.1"})");
  walk([&](const std::string& method, const std::string& path, const Value& operation) {
    // These would end the session, or the account, that asks.
    static const std::set<std::string> kLast{"POST /login", "POST /logout", "DELETE /sessions/{id}",
                                             "PUT /accounts/{id}", "DELETE /accounts/{id}"};
    if (!kLast.contains(method + " " + path)) look(method, path, operation);
  });
}

TEST_F(Contract, TheDocumentIsMadeInBothLanguages) {
  const Answer french = get("/openapi.json", {{"Accept-Language", "fr"}});
  const Value* user = french.json.find("components")->find("schemas")->find("User");
  EXPECT_EQ(user->find("properties")->find("firstname")->text_at("title"), "Prénom");
  EXPECT_EQ(document_.text_at("openapi"), "3.1.0");
}

TEST_F(Contract, TheSchemaNamesEveryKindFieldAndDestination) {
  sign_in();
  const Value schema = get("/schema", {{"Accept-Language", "fr"}}).json;
  const auto& kinds = *schema.find("kinds")->items();
  ASSERT_EQ(kinds.size(), model::kinds().size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const model::KindSchema& kind = *model::kinds()[i];
    EXPECT_EQ(kinds[i].text_at("name"), kind.name());
    EXPECT_EQ(kinds[i].text_at("title"), kind.spec().title.french);
    EXPECT_EQ(kinds[i].boolean_at("singleton"), kind.spec().singleton);
    ASSERT_EQ(kinds[i].find("fields")->items()->size(), kind.fields().size());
    for (std::size_t f = 0; f < kind.fields().size(); ++f) {
      const Value& field = (*kinds[i].find("fields")->items())[f];
      EXPECT_EQ(field.text_at("name"), kind.fields()[f].name);
      EXPECT_EQ(field.text_at("type"), name(kind.fields()[f].type));
      EXPECT_EQ(field.text_at("help"), kind.fields()[f].help.french);
      EXPECT_EQ(field.text_at("reference"), kind.fields()[f].reference);
    }
  }
  const Value& user = (*schema.find("destinations")->items())[1];
  EXPECT_EQ(user.text_at("type"), "user");
  EXPECT_EQ(user.find("fields")->items()->front().text_at("reference"), "user");
}

TEST_F(Contract, EveryExampleIsOneOfItsSchema) {
  const SchemaCheck check(document_);
  int looked_at = 0;
  for (const auto& schema : *document_.find("components")->find("schemas")->members()) {
    const Value* examples = schema.value.find("examples");
    if (examples == nullptr || schema.name.ends_with("Create") || schema.name.ends_with("Change")) continue;
    const auto* required = schema.value.find("required");
    const auto* example = &examples->items()->front();
    // A kind's example shows its own fields only: what is required besides has its default.
    if (required && example->find("id") && example->find("revision") && !example->find("dry_run")) continue;
    EXPECT_EQ(check.misfit(schema.value, *example), "") << schema.name;
    ++looked_at;
  }
  EXPECT_GE(looked_at, 7);
}

TEST_F(Contract, EveryOperationIsNamedOnce) {
  std::set<std::string> names;
  walk([&](const std::string&, const std::string&, const Value& operation) {
    EXPECT_TRUE(names.insert(operation.text_at("operationId")).second) << operation.text_at("operationId");
  });
}

TEST_F(Contract, SecretsAreInNoAnswersSchema) {
  for (const auto& schema : *document_.find("components")->find("schemas")->members()) {
    if (schema.name.ends_with("Create") || schema.name.ends_with("Change") ||
        schema.name.ends_with("Nested") || schema.name == "Credentials" || schema.name == "PasswordAgain")
      continue;
    const std::string text = model::to_json(schema.value);
    EXPECT_EQ(text.find("writeOnly"), std::string::npos) << schema.name;
    EXPECT_EQ(text.find("\"format\":\"password\""), std::string::npos) << schema.name;
  }
}

}  // namespace
}  // namespace xivo::api
