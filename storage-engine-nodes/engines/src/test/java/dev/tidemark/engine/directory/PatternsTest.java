package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatternsTest {

  private static boolean matches(String pattern, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    return Patterns.of(List.of(), List.of(pattern)).excludes(bytes, false);
  }

  @Test
  void aStarStaysInItsDirectoryAndTwoDoNot() {
    assertThat(matches("a/*.log", "a/x.log")).isTrue();
    assertThat(matches("a/*.log", "a/b/x.log")).isFalse();
    assertThat(matches("a/**.log", "a/b/x.log")).isTrue();
    assertThat(matches("a/**", "a/b/c")).isTrue();
    assertThat(matches("a/**", "a")).isFalse();
    assertThat(matches("a/**/x", "a/x")).isTrue();
    assertThat(matches("a/**/x", "a/b/c/x")).isTrue();
    assertThat(matches("**/x/y", "x/y")).isTrue();
  }

  @Test
  void aPatternWithoutSlashIsMatchedOnTheNameAtAnyDepth() {
    assertThat(matches("*.tmp", "a/b/c.tmp")).isTrue();
    assertThat(matches("/*.tmp", "a/b/c.tmp")).isFalse();
    assertThat(matches("/*.tmp", "c.tmp")).isTrue();
    assertThat(matches("b", "a/b/c")).isFalse();
  }

  @Test
  void aQuestionMarkIsOneCharacterHoweverManyBytes() {
    assertThat(matches("a?c", "abc")).isTrue();
    assertThat(matches("a?c", "aéc")).isTrue();
    assertThat(matches("a?c", "a€c")).isTrue();
    assertThat(matches("a?c", "a/c")).isFalse();
    assertThat(matches("a?c", "ac")).isFalse();
  }

  @Test
  void everythingElseStandsForItself() {
    assertThat(matches("a.b[1]{2}+$^|()", "a.b[1]{2}+$^|()")).isTrue();
    assertThat(matches("a.b", "axb")).isFalse();
    assertThat(matches("\\*", "*")).isTrue();
    assertThat(matches("\\*", "x")).isFalse();
    assertThat(matches("é\n", "é\n")).isTrue();
  }

  @Test
  void emptyPatternsAreRefused() {
    for (String none : List.of("", "/", "a//", "//")) {
      assertThatIllegalArgumentException().as(none).isThrownBy(() -> Patterns.checked(none));
    }
  }

  @Test
  void anExcludedDirectoryIsNotEntered(@TempDir Path top) throws IOException {
    for (String path : List.of("cache/x", "src/cache/y", "src/a.c", "src/a.o", "cache.txt")) {
      Disk.file(top.resolve(path), "");
    }
    Patterns patterns = Patterns.of(List.of(), List.of("cache/", "*.o"));
    assertThat(Disk.paths(Disk.reader(top, patterns)))
        .containsExactly("", "cache.txt", "src", "src/a.c");
  }

  @Test
  void includesKeepFilesAndWhatLiesInMatchedDirectories(@TempDir Path top) throws IOException {
    for (String path : List.of("doc/a/b.txt", "doc/c", "src/d.c", "src/e.h", "f.c")) {
      Disk.file(top.resolve(path), "");
    }
    Patterns patterns = Patterns.of(List.of("/doc", "*.c"), List.of("a"));
    assertThat(Disk.paths(Disk.reader(top, patterns)))
        .containsExactly("", "doc", "doc/c", "f.c", "src", "src/d.c");
  }
}
