"""Tests of the home lint: python3 -m unittest discover -s tools/lint/tests -p '*_test.py'."""

import sys
import tempfile
import time
import unittest
from pathlib import Path

LINT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(LINT))

import layers  # noqa: E402
import libraries  # noqa: E402
import lint  # noqa: E402
import shape  # noqa: E402
import sizes  # noqa: E402
import words  # noqa: E402
from functions import functions  # noqa: E402
from source import Source, read_tree, unexplained  # noqa: E402


def rules(findings):
    return [f.rule for f in findings]


def lint_layers(path, text, *others):
    with tempfile.TemporaryDirectory() as root:
        return layers.check([Source(path, text), *others], root)[1]


class Layers(unittest.TestCase):
    def test_a_folder_above_is_refused(self):
        self.assertEqual(rules(lint_layers("src/sip/uri.cpp", '#include "call/leg.hpp"\n')), ["layer"])

    def test_a_neighbour_of_the_same_number_is_refused(self):
        self.assertEqual(rules(lint_layers("src/sip/uri.cpp", '#include "sdp/session.hpp"\n')), ["layer"])

    def test_a_folder_below_that_the_table_does_not_name_is_refused(self):
        self.assertEqual(rules(lint_layers("src/features/echo/echo.cpp", '#include "sip/uri.hpp"\n')), ["layer"])

    def test_what_the_table_names_passes(self):
        text = '#include "base/text.hpp"\n#include "runtime/loop.hpp"\n#include "sip/uri.hpp"\n#include <vector>\n'
        self.assertEqual(lint_layers("src/sip/uri.cpp", text), [])

    def test_every_row_of_the_table_names_only_smaller_numbers(self):
        for folder, (number, _) in layers.TABLE.items():
            for target in layers.allowed_from(folder):
                self.assertLess(layers.TABLE[target][0], number, f"{folder} -> {target}")

    def test_the_way_up_by_dots_is_refused(self):
        self.assertEqual(rules(lint_layers("src/base/text.cpp", '#include "../call/leg.hpp"\n')), ["include"])
        self.assertEqual(rules(lint_layers("src/base/text.cpp", "#include <../call/leg.hpp>\n")), ["include"])

    def test_an_include_that_is_not_from_the_folder_root_is_refused(self):
        self.assertEqual(rules(lint_layers("src/base/text.cpp", '#include "text.hpp"\n')), ["include"])

    def test_the_inside_of_another_folder_is_refused_and_the_own_is_not(self):
        self.assertEqual(rules(lint_layers("src/call/a.cpp", '#include "media/detail/mix.hpp"\n')), ["layer"])
        self.assertEqual(lint_layers("src/media/a.cpp", '#include "media/detail/mix.hpp"\n'), [])

    def test_two_features_do_not_know_each_other(self):
        text = '#include "features/queue/queue.hpp"\n'
        self.assertEqual(rules(lint_layers("src/features/parking/parking.cpp", text)), ["layer"])
        self.assertEqual(lint_layers("src/features/queue/queue.cpp", text), [])

    def test_a_part_of_surfaces_goes_by_its_own_name(self):
        console = Source("src/surfaces/console/interpreter.hpp", "#pragma once\n")
        text = '#include "console/interpreter.hpp"\n'
        self.assertEqual(lint_layers("src/surfaces/console/a.cpp", text, console), [])
        self.assertEqual(lint_layers("src/app/main.cpp", text, console), [])
        self.assertEqual(rules(lint_layers("src/surfaces/api/a.cpp", text, console)), ["layer"])
        self.assertEqual(rules(lint_layers("src/call/a.cpp", text, console)), ["layer"])

    def test_a_test_may_use_its_surroundings_but_nothing_above(self):
        self.assertEqual(lint_layers("src/call/tests/a_test.cpp", '#include "sip/uri.hpp"\n'), [])
        self.assertEqual(rules(lint_layers("src/call/tests/a_test.cpp", '#include "endpoint/x.hpp"\n')), ["layer"])

    def test_a_client_is_no_part_of_the_engine(self):
        self.assertEqual(rules(lint_layers("cli/main.cpp", '#include "call/call.hpp"\n')), ["layer"])

    def test_a_build_line_may_not_link_what_the_table_forbids(self):
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "src/sdp"
            folder.mkdir(parents=True)
            (folder / "CMakeLists.txt").write_text("xivo_layer(sdp PUBLIC base PRIVATE sip LIBS fmt::fmt)\n")
            self.assertEqual(rules(layers.check([], root)[1]), ["layer"])

    def test_the_graph_counts_the_includes_of_the_product(self):
        sources = [Source("src/sip/a.cpp", '#include "base/text.hpp"\n#include "base/log.hpp"\n')]
        edges, _ = layers.check(sources, "/nowhere")
        self.assertEqual(list(layers.draw(edges)), ["  2 sip       -> base 2"])


class Functions(unittest.TestCase):
    def found(self, text, path="src/base/a.cpp"):
        return [(f.name, f.length, f.parameters) for f in functions(Source(path, text))]

    def test_counts_from_brace_to_brace(self):
        self.assertEqual(self.found("int f(int a,\n      int b)\n{\n  return a;\n}\n"), [("f", 3, 2)])

    def test_finds_methods_constructors_and_operators(self):
        text = """
        namespace a::b {
        class C : public D {
         public:
          C(int x, std::map<int, int> y = {}) : x_(x), y_{y, {}}, z_{} { go(); }
          bool operator()(int) const { return true; }
          ~C() override { if (x_) { stop(); } }
         private:
          int x_{0};
          std::vector<int> v = {1, 2, 3};
        };
        template <class T, int N>
        auto C::run(T&& t, std::array<int, 3> a) const noexcept -> Result<void> { return {}; }
        }
        """
        self.assertEqual(
            self.found(text), [("C", 1, 2), ("operator()", 1, 1), ("~C", 1, 0), ("C::run", 1, 2)]
        )

    def test_is_not_misled_by_comments_strings_and_digits(self):
        text = 'void f() {\n  // }\n  auto s = "}" /* } */;\n  char c = \'}\'; int n = 1\'000\'000;\n  auto r = R"(})";\n}\nvoid g() {}\n'
        self.assertEqual(self.found(text), [("f", 6, 0), ("g", 1, 0)])

    def test_is_not_misled_by_tables_lambdas_and_macros(self):
        text = """
        #define BODY(x) \\
          do { x(); } while (0)
        constexpr Row kRows[] = {{1, "a"}, {2, "b"}};
        const auto kLess = [](int a, int b) { return a < b; };
        enum class E { A, B };
        TEST(Suite, Case) { run([&](int i) { return i; }); }
        """
        self.assertEqual(self.found(text), [("TEST", 1, 2)])

    def test_in_a_header_also_counts_the_parameters_of_what_is_only_declared(self):
        text = "Result<Fd> open(const A& a, const B& b = {}, std::map<int, int> m = {});\nusing F = void(int, int);\n"
        self.assertEqual(self.found(text, "src/base/a.hpp"), [("open", 0, 3)])


class Sizes(unittest.TestCase):
    def findings(self, text, path="src/base/a.cpp"):
        return [(f.rule, f.error) for f in sizes.check([Source(path, text)])[0]]

    def test_a_function_warns_past_the_aim_and_fails_past_the_stop(self):
        def of(lines):
            return "void f() {\n" + "  g();\n" * (lines - 2) + "}\n"

        self.assertEqual(self.findings(of(45)), [])
        self.assertEqual(self.findings(of(46)), [("function-size", False)])
        self.assertEqual(self.findings(of(80)), [("function-size", False)])
        self.assertEqual(self.findings(of(81)), [("function-size", True)])

    def test_headers_have_half_the_room_of_sources(self):
        self.assertEqual(self.findings("\n" * 401), [("file-size", False)])
        self.assertEqual(self.findings("\n" * 401, "src/base/a.hpp"), [("file-size", True)])
        self.assertEqual(self.findings("\n" * 801), [("file-size", True)])

    def test_seven_parameters_are_too_many(self):
        arguments = ", ".join(f"int a{i}" for i in range(7))
        self.assertEqual(self.findings(f"void f({arguments}) {{}}\n"), [("parameters", True)])

    def test_a_folder_of_too_many_files_fails(self):
        sources = [Source(f"src/base/a{i}.cpp", "") for i in range(41)]
        self.assertEqual(rules(sizes.check(sources)[0]), ["folder-size"])

    def test_percentiles(self):
        self.assertEqual(sizes.percentile([], 95), 0)
        self.assertEqual(sizes.percentile(range(1, 101), 95), 96)


class Words(unittest.TestCase):
    def found(self, text, path="src/sip/a.cpp"):
        return rules(words.check(Source(path, text)))

    def test_each_banned_call_is_found(self):
        for text, rule in {
            "c = std::tolower(c);": "locale",
            "if (isdigit (c)) {}": "locale",
            "n = std::stoi(s);": "number",
            "n = atoi(s);": "number",
            "n = ::strtoul(s, &e, 10);": "number",
            "sprintf(b, f);": "unbounded",
            "strtok(b, f);": "unbounded",
            "std::regex r;": "regex",
            "auto t = std::chrono::system_clock::now();": "clock",
            "t = time(nullptr);": "clock",
            "localtime(&t);": "local-time",
            "std::this_thread::sleep_for(1ms);": "sleep",
            "usleep(3);": "sleep",
            "std::thread t;": "thread",
            "std::mutex m;": "mutex",
            "std::lock_guard l(m);": "mutex",
            "getaddrinfo(h, s, 0, &r);": "resolve",
            "rand();": "random",
            "auto* p = new Call(1);": "raw-new",
            "delete p;": "raw-delete",
            "// TODO later": "unfinished",
        }.items():
            self.assertEqual(self.found(text), [rule], text)

    def test_namesakes_pass(self):
        for text in (
            "text::tolower(c); leg.sleep(3); leg->time(0); call::rand(1); my_rand(); snprintf(b, 3, f);",
            "// sleep( tolower( std::mutex",
            'log("std::mutex std::stoi(x) new Call");',
            "Foo(const Foo&) = delete;",
            "void operator delete(void*); std::thread::id id;",
            "int renew = 1; auto news = renew;",
            "return std::unique_ptr<Call>(new Call(1));",  # a private constructor
        ):
            self.assertEqual(self.found(text), [], text)

    def test_the_runtime_and_tests_may_use_threads(self):
        self.assertEqual(self.found("std::thread t; std::mutex m;", "src/runtime/loop.cpp"), [])
        self.assertEqual(self.found("std::thread t; std::mutex m;", "src/http/tests/a_test.cpp"), [])
        self.assertEqual(self.found("sleep_for(1ms);", "src/http/tests/a_test.cpp"), ["sleep"])

    def test_a_throw_is_a_warning_but_for_the_start_of_the_program(self):
        findings = list(words.check(Source("src/sip/a.cpp", "throw 1;")))
        self.assertEqual([(f.rule, f.error) for f in findings], [("throw", False)])
        self.assertEqual(self.found("throw 1;", "src/app/main.cpp"), [])


class Shape(unittest.TestCase):
    def found(self, *sources):
        return rules(shape.check(list(sources)))

    def test_a_header_has_a_guard(self):
        self.assertEqual(self.found(Source("src/base/a.hpp", "int f();\n")), ["guard"])
        self.assertEqual(self.found(Source("src/base/a.hpp", "// why\n#pragma once\n")), [])

    def test_a_source_has_a_test_of_its_name_beside_or_above(self):
        source = Source("src/sip/parse/uri.cpp", "")
        self.assertEqual(self.found(source), ["twin"])
        self.assertEqual(self.found(source, Source("src/sip/tests/uri_test.cpp", "")), [])
        self.assertEqual(self.found(source, Source("src/sip/parse/tests/uri_test.cpp", "")), [])
        self.assertEqual(self.found(source, Source("src/base/tests/uri_test.cpp", "")), ["twin"])

    def test_a_public_type_says_what_it_promises(self):
        head = "#pragma once\n"
        self.assertEqual(self.found(Source("src/a/a.hpp", head + "class A {\n};\n")), ["docstring"])
        self.assertEqual(self.found(Source("src/a/a.hpp", head + "/// Owns it.\nclass A {\n};\n")), [])
        self.assertEqual(self.found(Source("src/a/a.hpp", head + "/// Owns it.\ntemplate <class T>\nclass A {\n};\n")), [])
        self.assertEqual(self.found(Source("src/a/a.hpp", head + "class A;\n")), [])


class Libraries(unittest.TestCase):
    def found(self, text, path="src/sip/a.cpp"):
        return rules(libraries.check([Source(path, text)])[0])

    def test_an_unknown_library_is_refused(self):
        self.assertEqual(self.found("#include <spdlog/spdlog.h>\n"), ["library"])

    def test_a_library_stays_in_its_wrapper(self):
        self.assertEqual(self.found("#include <sqlite3.h>\n"), ["library"])
        self.assertEqual(self.found("#include <sqlite3.h>\n", "src/store/a.cpp"), [])

    def test_a_heavy_header_stays_out_of_headers(self):
        self.assertEqual(self.found("#include <nlohmann/json.hpp>\n", "src/model/a.hpp"), ["heavy-header"])
        self.assertEqual(self.found("#include <nlohmann/json_fwd.hpp>\n", "src/http/a.hpp"), [])

    def test_the_standard_library_and_the_kernel_pass(self):
        self.assertEqual(self.found("#include <vector>\n#include <sys/epoll.h>\n#include <unistd.h>\n"), [])

    def test_packages_are_listed_and_told(self):
        with tempfile.TemporaryDirectory() as root:
            listed = "[build]\ncmake # x\n?sox\nlibsodium-dev\n"
            for path, text in {"tools/packages.txt": listed, "docs/dependencies.md": "`cmake` `libsodium-dev`"}.items():
                (Path(root) / path).parent.mkdir(exist_ok=True)
                (Path(root) / path).write_text(text)
            findings = list(libraries.check_documents(root, {"libfmt-dev"}))
            self.assertEqual(
                [(f.text, f.error) for f in findings],
                [
                    ("libfmt-dev is used and not listed", True),
                    ("no file includes libsodium-dev", False),
                    ("sox is not in docs/dependencies.md", True),
                ],
            )


class Exemptions(unittest.TestCase):
    def lint(self, text):
        with tempfile.TemporaryDirectory() as root:
            for folder in ("src/sip", "tools", "docs"):
                (Path(root) / folder).mkdir(parents=True)
            (Path(root) / "src/sip/a.cpp").write_text(text)
            (Path(root) / "tools/packages.txt").write_text("")
            return [f for f in lint.run(read_tree(root), Path(root))[0] if f.rule != "twin"]

    def test_a_reason_on_the_line_exempts_it(self):
        self.assertEqual(rules(self.lint("int n = rand();\n")), ["random"])
        self.assertEqual(rules(self.lint("int n = rand();  // lint: allow random a test of the kernel\n")), [])
        self.assertEqual(rules(self.lint("int n = rand();  // lint: allow sleep wrong rule\n")), ["random"])

    def test_without_a_reason_it_does_not(self):
        self.assertEqual(rules(self.lint("int n = rand();  // lint: allow random\n")), ["random", "allow"])
        self.assertEqual(rules(unexplained(Source("a.cpp", "// lint: allow random\n"))), ["allow"])

    def test_a_file_may_be_exempt_from_its_size(self):
        self.assertEqual(rules(self.lint("// lint: allow file-size a table\n" + "\n" * 900)), [])


class Speed(unittest.TestCase):
    def test_a_file_of_hostile_shape_is_read_in_linear_time(self):
        started = time.process_time()
        for text in ("(" * 50_000, "{" * 50_000, "/*" * 50_000, '"' * 50_001, "a<" * 20_000 + "(", ": public " * 5_000 + "{"):
            source = Source("src/base/a.hpp", text)
            functions(source)
            list(words.check(source))
            list(shape.check([source]))
        self.assertLess(time.process_time() - started, 20)


if __name__ == "__main__":
    unittest.main()
