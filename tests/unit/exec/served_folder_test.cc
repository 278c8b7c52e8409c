// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/served_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam::samples;
using std::filesystem::create_directory;
using std::filesystem::create_symlink;

namespace {

// A served folder with something in it, and something beside it that must stay hidden.
struct Scene {
  Scene() {
    create_directory(temp / "served");
    create_directory(temp / "served/sub");
    temp.write("secret", "secret");
    temp.write("served/a.txt", "hello");
    temp.write("served/sub/b.txt", "below");
  }

  std::string open(const std::string& path) const {
    const ServedFile file = ServedFolder(temp / "served").open(path);
    std::string content(file.size, '\0');
    content.resize(static_cast<size_t>(read(file.fd.get(), content.data(), content.size())));
    return file.name + ": " + content;
  }

  std::string refusal(const std::string& path) const {
    try {
      return "served " + open(path);
    } catch (const wireseam::Error& error) {
      return error.what();
    }
  }

  TempFolder temp;
};

}  // namespace

TEST_CASE("files below the folder are served under their last name") {
  const Scene scene;
  CHECK(scene.open("a.txt") == "a.txt: hello");
  CHECK(scene.open("sub/b.txt") == "b.txt: below");
  CHECK(scene.open("./sub//./b.txt") == "b.txt: below");
}

TEST_CASE("no path leads out of the folder") {
  const Scene scene;
  CHECK(scene.refusal("../secret") == "get ../secret: '..' is not served");
  CHECK(scene.refusal("sub/../../secret") == "get sub/../../secret: '..' is not served");
  CHECK(scene.refusal("sub/../a.txt") == "get sub/../a.txt: '..' is not served");
  CHECK(scene.refusal("/etc/passwd") == "get /etc/passwd: not relative to the served folder");
}

TEST_CASE("no symbolic link is followed, neither as the file nor on the way") {
  const Scene scene;
  create_symlink(scene.temp / "secret", scene.temp / "served/link");
  create_symlink(scene.temp.path(), scene.temp / "served/up");
  CHECK(scene.refusal("link") == "get link: is a symbolic link");
  CHECK(scene.refusal("up/secret") == "get up/secret: Not a directory");
}

TEST_CASE("only regular files are served, and a FIFO does not hold the server up") {
  const Scene scene;
  REQUIRE(mkfifo((scene.temp / "served/fifo").c_str(), 0600) == 0);
  CHECK(scene.refusal("fifo") == "get fifo: not a regular file");
  CHECK(scene.refusal("sub") == "get sub: not a regular file");
  CHECK(scene.refusal("a.txt/b") == "get a.txt/b: Not a directory");
}

TEST_CASE("a path that names nothing is refused") {
  const Scene scene;
  CHECK(scene.refusal("") == "get : names no file");
  CHECK(scene.refusal(".") == "get .: names no file");
  CHECK(scene.refusal("none") == "get none: No such file or directory");
  CHECK(scene.refusal(std::string("a.txt\0b", 7)) == "get: the path has a NUL byte in it");
}
