package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Objects of the vault that are no longer what was written. */
@Execution(ExecutionMode.CONCURRENT)
class DamageTest {
  private final Path folder;
  private Workbench bench;

  DamageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void backup() throws IOException {
    bench = Workbench.with(folder, "chunkSize: 8");
    SampleTree.in(bench.data(), 21)
        .plain(30, 2_000)
        .file("large", 20 << 20)
        .text("note", "kept")
        .aged();
    bench.run("backup", "create", "files", "--id", "b").done();
  }

  @Test
  void aChangedByteOfAnyObjectIsFoundAndNamed() throws IOException {
    for (Map.Entry<String, Path> kind : oneOfEachKind().entrySet()) {
      byte[] whole = Files.readAllBytes(kind.getValue());
      byte[] changed = whole.clone();
      changed[changed.length * 2 / 3] ^= 4;
      Files.write(kind.getValue(), changed);
      named(kind.getKey(), kind.getValue(), "a changed byte");
      Files.write(kind.getValue(), whole);
    }
    bench.run("verify", "b", "--level", "full").done();
  }

  @Test
  void aTruncatedObjectIsFoundAndNamed() throws IOException {
    for (Map.Entry<String, Path> kind : oneOfEachKind().entrySet()) {
      byte[] whole = Files.readAllBytes(kind.getValue());
      Files.write(kind.getValue(), Arrays.copyOf(whole, whole.length / 2));
      named(kind.getKey(), kind.getValue(), "half an object");
      Files.write(kind.getValue(), whole);
    }
  }

  @Test
  void aMissingObjectIsFoundAndNamed() throws IOException {
    for (Map.Entry<String, Path> kind : oneOfEachKind().entrySet()) {
      Path aside = folder.resolve("aside");
      Files.move(kind.getValue(), aside);
      named(kind.getKey(), kind.getValue(), "a missing object");
      Files.move(aside, kind.getValue());
    }
  }

  @Test
  void swappedBlobsAreFoundAndNamed() throws IOException {
    List<Path> blobs = objects("data");
    assertThat(blobs).hasSizeGreaterThan(1);
    Path one = blobs.get(0);
    Path two = blobs.get(1);
    Path aside = folder.resolve("aside");
    Files.move(one, aside);
    Files.move(two, one);
    Files.move(aside, two);
    named("data", one, "another blob");
  }

  @Test
  void aRestoreOfADamagedBackupFailsAndTheTargetStaysAsItWas() throws IOException {
    TreeImage before = TreeImage.of(bench.data());
    Path blob = largest(objects("data"));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    Answer answer = bench.run("restore", "create", "b", "--replace");
    answer.failed("FAILED", "data/", "expected", "found");
    TreeImage.of(bench.data()).mustEqual(before);
    bench.run("restore", "create", "b", "--to", "r").ends(1);
    assertThat(bench.restored("r/data")).doesNotExist();
    bench.run("restore", "create", "b", "--to", "r", "--path", "data/note").done();
    assertThat(bench.restored("r/data/note")).hasContent("kept");
  }

  @Test
  void whatAFailedRestoreLeftIsClearedAwayByALaterCommand() throws IOException {
    bench.configure("", "resumeWindow: 2s");
    Path blob = largest(objects("data"));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    bench.run("restore", "create", "b", "--to", "r").ends(1);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    for (int i = 0; !left().isEmpty(); i++) {
      assertThat(System.nanoTime()).as("when %s was still left", left()).isLessThan(end);
      bench.run("backup", "create", "files", "--id", "later" + i, "--base", "none").done();
    }
  }

  /** What restores leave beside what they restore. */
  private List<String> left() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.map(Path::toString)
          .filter(name -> name.contains("/.tidemark") || name.contains("/tidemark-"))
          .filter(name -> !name.contains("/log"))
          .toList();
    }
  }

  private void named(String kind, Path object, String what) {
    Answer answer = bench.run("verify", "b", "--level", "full").ends(1);
    String key = bench.vault().relativize(object).toString();
    assertThat(answer.out() + answer.err()).as("%s of %s", what, kind).contains(key);
    if (kind.equals("data")) {
      assertThat(answer.out()).as("what it costs").containsPattern("file +data/(large|note|plain)");
    }
  }

  /** The largest object below each folder of the vault. */
  private Map<String, Path> oneOfEachKind() {
    var kinds = new TreeMap<String, Path>();
    for (String kind : List.of("data", "parts", "index", "backups", "owners")) {
      kinds.put(kind, largest(objects(kind)));
    }
    return kinds;
  }

  private List<Path> objects(String kind) {
    return Workbench.listing(bench.vault().resolve(kind)).keySet().stream()
        .map(key -> bench.vault().resolve(kind).resolve(key))
        .toList();
  }

  private static Path largest(List<Path> objects) {
    return objects.stream().max((a, b) -> Long.compare(size(a), size(b))).orElseThrow();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
