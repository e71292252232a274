/// The program itself against a real REST interface over a real database.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "api/tests/api_under_test.hpp"
#include "program.hpp"
#include "runtime/self_signed.hpp"

namespace xivo::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class RestProgram : public api::ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    runtime::SelfSigned what;
    what.host = "pbx.example";
    what.addresses = {*IpAddress::parse("127.0.0.1")};
    what.from = clock_.wall();
    const runtime::TlsCertificate files{certificate(), folder_ / "key.pem"};
    ASSERT_TRUE(runtime::make_self_signed(what, files));
    server_->set_tls(*runtime::TlsContext::load({{files}, false, {}}));
    secure_ = *server_->listen_tls({*IpAddress::parse("127.0.0.1"), 0});
    server_->start();
    setenv("XIVO_URL", ("http://" + address_.to_string()).c_str(), 1);
    setenv("XIVO_TOKEN", token_.c_str(), 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    create("/contexts", R"({"name":"default","type":"internal"})");
  }
  void TearDown() override {
    unsetenv("XIVO_URL");
    unsetenv("XIVO_TOKEN");
    ApiUnderTest::TearDown();
  }

  static Ended xivo(const std::vector<std::string>& arguments, std::string_view input = "") {
    return run("xivo", arguments, input);
  }
  /// Runs what has to succeed, and returns its output.
  static std::string done(const std::vector<std::string>& arguments, std::string_view input = "") {
    const Ended ended = xivo(arguments, input);
    EXPECT_EQ(ended.code, 0) << ended.errors;
    return ended.output;
  }
  static void add_alice() {
    done({"user", "add", "--firstname", "Alice", "--lastname", "Durand", "--email", "alice@example.com",
          "--extension", "101@default", "--line", "alice"});
  }
  [[nodiscard]] std::string certificate() const { return folder_ / "certificate.pem"; }
  /// The same over HTTPS.
  Ended securely(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--url", "https://" + secure_.to_string()});
    return xivo(arguments);
  }
  [[nodiscard]] std::int64_t revision() const { return config_.current()->revision(); }
  std::string file(const std::string& name, const std::string& content = "") {
    const std::string path = folder_ / name;
    if (!content.empty()) std::ofstream(path) << content;
    return path;
  }
  static std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  SocketAddress secure_;
};

TEST_F(RestProgram, WordsRefusalsByOption) {
  const Ended ended = xivo({"user", "add", "--firstname", "Alice", "--email", "nobody"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.errors, testing::StartsWith("xivo: --email: "));
  EXPECT_EQ(ended.output, "");
  setenv("LC_ALL", "fr_FR.UTF-8", 1);
  EXPECT_THAT(xivo({"user", "show", "nobody"}).errors, HasSubstr("il n'y en a pas"));
}

TEST_F(RestProgram, WrongUseEndsWithTwo) {
  EXPECT_EQ(xivo({"user", "list", "--colour", "red"}).code, 2);
  EXPECT_EQ(xivo({"user", "crown"}).code, 2);
  EXPECT_EQ(xivo({"user", "set"}).code, 2);
  EXPECT_EQ(xivo({"config", "apply"}).code, 2);
  EXPECT_EQ(xivo({"user", "list", "--url", "nowhere"}).code, 2);
  EXPECT_EQ(xivo({"user", "list", "--url", "http://127.0.0.1:1"}).code, 3);
}

TEST_F(RestProgram, ASelfSignedServerIsNotTrustedUnlessToldSo) {
  const Ended ended = securely({"user", "list"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.errors, HasSubstr("self-signed"));
  EXPECT_THAT(ended.errors, HasSubstr("--cafile"));
  EXPECT_EQ(securely({"user", "list", "--cafile", "/nonexistent.pem"}).code, 2);
  EXPECT_EQ(securely({"user", "list", "--cafile", certificate()}).code, 0);
  EXPECT_EQ(securely({"user", "list", "--insecure"}).code, 0);
}

TEST_F(RestProgram, WhoMayNotEnterIsTold) {
  const Ended ended = xivo({"user", "list", "--token", "nonsense"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.errors, HasSubstr("Sign in first"));
}

TEST_F(RestProgram, MakesAUserWithLineAndNumberAtOnce) {
  add_alice();
  const auto config = config_.current();
  const auto* line = config->line_by_name("alice");
  ASSERT_TRUE(line);
  EXPECT_GE(line->secret.size(), 16u);
  EXPECT_EQ(config->number_of(*config->user(line->user)), "101");
  EXPECT_EQ(revision(), 2);  // the context, and all of Alice
  EXPECT_THAT(done({"user", "list"}), HasSubstr("Alice"));
  EXPECT_THAT(done({"user", "show", "alice@example.com"}), HasSubstr("101@default"));
  EXPECT_THAT(done({"extension", "list"}), HasSubstr("user:Alice Durand"));
}

TEST_F(RestProgram, TriesWithoutDoing) {
  add_alice();
  const std::string tried = done({"user", "set", "Alice Durand", "--lastname", "Martin", "--dry-run"});
  EXPECT_THAT(tried, HasSubstr("lastname: \"Durand\" -> \"Martin\""));
  EXPECT_EQ(revision(), 2);
  done({"user", "set", "Alice Durand", "--lastname", "Martin", "--reason", "wedding"});
  EXPECT_THAT(done({"config", "history"}), HasSubstr("wedding"));
  EXPECT_THAT(done({"config", "diff"}), HasSubstr("lastname: \"Durand\" -> \"Martin\""));
  done({"config", "rollback", "3", "--yes"});
  EXPECT_THAT(done({"user", "list"}), HasSubstr("Durand"));
}

TEST_F(RestProgram, SetsListsReferencesAndDestinationsByName) {
  add_alice();
  done({"context", "add", "--name", "shop", "--includes", "default", "--user_ranges", "200-299,300"});
  done({"extension", "add", "--exten", "200", "--context", "shop", "--destination",
        "user:alice@example.com,ring_seconds=20"});
  const std::string shown = done({"extension", "show", "200@shop"});
  EXPECT_THAT(shown, HasSubstr("user:Alice Durand,ring_seconds=20"));
  EXPECT_THAT(done({"context", "show", "shop"}), HasSubstr("200-299,300"));
  done({"extension", "set", "200@shop", "--destination", "hangup:busy", "--no-enabled"});
  const Ended several = xivo({"extension", "show", "999"});
  EXPECT_EQ(several.code, 1);
}

TEST_F(RestProgram, RemovesWithWhatIsOwned) {
  add_alice();
  const Ended alone = xivo({"user", "remove", "alice@example.com"});
  EXPECT_EQ(alone.code, 1);
  done({"user", "remove", "alice@example.com", "--owned"});
  EXPECT_EQ(config_.current()->users().size(), 0u);
  EXPECT_EQ(config_.current()->lines().size(), 0u);
}

TEST_F(RestProgram, AnExportAppliedToItselfChangesNothing) {
  add_alice();
  const std::string path = file("export.json");
  done({"config", "export", path});
  EXPECT_EQ(content_of(path).find("secret"), std::string::npos);
  EXPECT_THAT(done({"config", "apply", path, "--yes"}), HasSubstr("Nothing changes."));
  EXPECT_EQ(revision(), 2);
}

TEST_F(RestProgram, AnExportMakesTheSameConfigurationElsewhere) {
  add_alice();
  done({"extension", "add", "--exten", "200", "--context", "default", "--destination",
        "extension:101@default"});
  const std::string before = done({"config", "export"});
  done({"user", "remove", "alice@example.com", "--owned"});
  done({"extension", "remove", "200@default"});
  done({"context", "remove", "default"});
  const Ended applied = xivo({"config", "apply", file("export.json", before), "--yes"});
  EXPECT_EQ(applied.code, 0) << applied.errors;
  EXPECT_THAT(applied.errors, HasSubstr("1 secrets were not in the file"));
  EXPECT_EQ(done({"config", "export"}), before);
}

TEST_F(RestProgram, ApplyRemovesWhatTheFileDoesNotHaveUnlessToldToKeep) {
  const std::string before = done({"config", "export"});
  add_alice();
  const std::string path = file("export.json", before);
  EXPECT_THAT(done({"config", "apply", path, "--yes", "--keep"}), HasSubstr("Nothing changes."));
  EXPECT_THAT(done({"config", "diff", path}), HasSubstr("- user"));
  EXPECT_EQ(config_.current()->users().size(), 1u);
  EXPECT_EQ(xivo({"config", "apply", path}).code, 2);  // nobody to ask
  done({"config", "apply", path, "--yes"});
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(RestProgram, ImportsUsersAndTellsErrorsByRow) {
  const std::string path =
      file("users.csv", "firstname,exten,context\nAlice,101,default\nBruno,1x,default\n");
  const Ended wrong = xivo({"user", "import", path, "--yes"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.errors, HasSubstr("Row 3, column \"exten\": "));
  const std::string imported =
      done({"user", "import", "-", "--yes"}, "firstname,exten,context,entity_id\nAlice,101,default,1\n");
  EXPECT_THAT(imported, HasSubstr("1 rows: 1 created, 0 changed, 0 unchanged"));
  EXPECT_THAT(imported, HasSubstr("entity_id has no effect"));
  EXPECT_THAT(done({"user", "export"}), HasSubstr(",101,default,"));
}

TEST_F(RestProgram, SpeaksJson) {
  add_alice();
  const auto list = model::parse_json(done({"line", "list", "--json"}));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->integer_at("total"), 1);
  EXPECT_THAT(done({"whoami"}), HasSubstr("admin"));
}

TEST_F(RestProgram, CompletesItself) {
  const std::string script = done({"completion", "bash"});
  EXPECT_THAT(script, HasSubstr("--firstname"));
  const std::string path = file("completion", script);
  EXPECT_EQ(std::system(("bash -n " + path).c_str()), 0);
  EXPECT_THAT(script, Not(HasSubstr("CHOICES")));
}

}  // namespace
}  // namespace xivo::cli
