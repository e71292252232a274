#include "http/file_tree.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace xivo::http {
namespace {

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-files-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    outside_ = pattern;
    folder_ = outside_ / "dist";
    std::filesystem::create_directories(folder_ / "assets");
    write(outside_ / "secret.txt", "secret");
    write(folder_ / "index.html", "<!doctype html>");
    write(folder_ / "assets/index-BkX3q9aZ.js", "let a");
    write(folder_ / "assets/index-BkX3q9aZ.js.gz", "squeezed");
  }
  void TearDown() override { std::filesystem::remove_all(outside_); }

  static void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  FileTree read() {
    auto tree = FileTree::read(folder_);
    EXPECT_TRUE(tree);
    return tree ? std::move(*tree) : FileTree();
  }
  static Request asking(Headers headers = {}) {
    Request request;
    request.headers = std::move(headers);
    return request;
  }

  std::filesystem::path outside_;
  std::filesystem::path folder_;
};

TEST_F(Files, OfAFolderThatIsNotThereAreNone) { EXPECT_FALSE(FileTree::read(outside_ / "nowhere")); }

TEST_F(Files, AreOnlyThoseBelowTheFolder) {
  std::filesystem::create_symlink(outside_ / "secret.txt", folder_ / "link.txt");
  std::filesystem::create_directory_symlink(outside_, folder_ / "up");
  write(folder_ / ".env", "hidden");
  const FileTree tree = read();
  for (const char* path :
       {"link.txt", "up/secret.txt", "../secret.txt", "assets/../../secret.txt", ".env", "", "/", "assets"})
    EXPECT_EQ(tree.find(path), nullptr) << path;
  EXPECT_EQ(tree.size(), 3u);
}

TEST_F(Files, BehindALinkWithinTheFolderAreServed) {
  std::filesystem::create_symlink("index.html", folder_ / "start.html");
  EXPECT_NE(read().find("start.html"), nullptr);
}

TEST_F(Files, ThatAreTooBigAreLeftOut) {
  write(folder_ / "big.bin", "");
  std::filesystem::resize_file(folder_ / "big.bin", FileTree::kFileBytesMax + 1);
  EXPECT_EQ(read().find("big.bin"), nullptr);
}

TEST_F(Files, WithAHashInTheirNameAreKeptForEver) {
  const FileTree tree = read();
  EXPECT_EQ(tree.answer(asking(), "assets/index-BkX3q9aZ.js")->header("cache-control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(tree.answer(asking(), "index.html")->header("cache-control"), "no-cache");
  EXPECT_FALSE(has_hashed_name("assets/logo.svg"));
  EXPECT_FALSE(has_hashed_name("assets/short-abc.js"));
}

TEST_F(Files, ComeCompressedForWhoTakesIt) {
  const FileTree tree = read();
  const auto plain = tree.answer(asking({{"Accept-Encoding", "br, gzip;q=0"}}), "assets/index-BkX3q9aZ.js");
  EXPECT_EQ(plain->body, "let a");
  EXPECT_EQ(plain->header("vary"), "Accept-Encoding");
  const auto small = tree.answer(asking({{"Accept-Encoding", "br, gzip"}}), "assets/index-BkX3q9aZ.js");
  EXPECT_EQ(small->body, "squeezed");
  EXPECT_EQ(small->header("content-encoding"), "gzip");
  EXPECT_EQ(small->header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_NE(small->header("etag"), plain->header("etag"));
}

TEST_F(Files, AreNotSentAgainToWhoHasThem) {
  const FileTree tree = read();
  const std::string tag(*tree.answer(asking(), "index.html")->header("etag"));
  const auto again = tree.answer(asking({{"If-None-Match", "\"other\", " + tag}}), "index.html");
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
  EXPECT_EQ(tree.answer(asking({{"If-None-Match", "\"other\""}}), "index.html")->status, 200);
}

}  // namespace
}  // namespace xivo::http
