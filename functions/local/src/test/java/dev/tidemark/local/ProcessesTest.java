package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

  /** A process that says its id and lives until it is killed. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Processes.start(Path.of(arguments[0]), new SecureIds()).id());
      System.in.read();
    }
  }

  @Test
  void aProcessIsGoneOnceItWasClosed(@TempDir Path folder) {
    try (var asking = Processes.start(folder, new SecureIds())) {
      var other = Processes.start(folder, new SecureIds());
      assertThat(asking.gone(other.id())).isFalse();
      assertThat(asking.gone(asking.id())).isFalse();
      other.close();
      assertThat(asking.gone(other.id())).isTrue();
    }
    assertThat(folder.resolve("processes")).isEmptyDirectory();
  }

  @Test
  void aKilledProcessIsGoneAtOnceAndItsFileIsClearedAway(@TempDir Path folder) throws Exception {
    try (var asking = Processes.start(folder, new SecureIds());
        var child = ChildJvm.start(Child.class, folder)) {
      String id = child.line();
      assertThat(asking.gone(id)).as("alive").isFalse();
      assertThat(asking.gone(id)).as("still alive after somebody looked").isFalse();
      child.kill();
      assertThat(folder.resolve("processes/" + id + ".lock")).exists();
      assertThat(asking.gone(id)).isTrue();
      assertThat(folder.resolve("processes/" + id + ".lock")).doesNotExist();
      assertThat(asking.gone(id)).isTrue();
    }
  }

  @Test
  void lookingAtOneAnotherWithinOneJvmGivesNoLockAway(@TempDir Path folder) throws Exception {
    try (var one = Processes.start(folder, new SecureIds());
        var other = Processes.start(folder, new SecureIds());
        var child = ChildJvm.start(GoneChild.class, folder, one.id(), other.id())) {
      assertThat(one.gone(other.id())).isFalse();
      assertThat(other.gone(one.id())).isFalse();
      assertThat(child.line()).isEqualTo("ready");
      child.print("go");
      assertThat(child.rest()).containsExactly("false false");
    }
  }

  /** Asks from outside, when told, whether two processes are gone. */
  static final class GoneChild {
    private GoneChild() {}

    public static void main(String[] arguments) throws IOException {
      try (var asking = Processes.start(Path.of(arguments[0]), new SecureIds())) {
        System.out.println("ready");
        System.in.read();
        System.out.println(asking.gone(arguments[1]) + " " + asking.gone(arguments[2]));
      }
    }
  }

  @Test
  void aStartClearsAwayTheFilesOfTheDeadOnly(@TempDir Path folder) throws IOException {
    Path dead = Files.createDirectories(folder.resolve("processes")).resolve("dead.lock");
    Files.createFile(dead);
    try (var first = Processes.start(folder, new SecureIds());
        var second = Processes.start(folder, new SecureIds())) {
      assertThat(dead).doesNotExist();
      assertThat(second.gone(first.id())).isFalse();
    }
  }

  @Test
  void whatWasNeverAnIdIsGone(@TempDir Path folder) throws IOException {
    Path precious = Files.createFile(folder.resolve("precious.lock"));
    try (var asking = Processes.start(folder, new SecureIds())) {
      assertThat(asking.gone("nobody")).isTrue();
      assertThat(asking.gone("../precious")).isTrue();
    }
    assertThat(precious).exists();
  }
}
