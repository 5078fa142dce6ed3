package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.engine.weaviate.RestorePlan.UnitPlan;
import dev.tidemark.engine.weaviate.TarMembers.Member;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks as a server will read them, in a folder. */
class ChunkWriterTest {
  private static final String UNIT = "0123456789abcdef0123";
  private static final List<String> NODES = List.of("node-0", "node-1");

  @TempDir Path folder = Path.of("/");

  private Desk desk = new Desk(Weaviates.area(folder));
  private final Names names = new Names(new RunToken("t", "chunkwriter0"));

  @BeforeEach
  void open() {
    desk = new Desk(Weaviates.area(folder));
  }

  private UnitProgress progress() {
    return new UnitProgress(
        desk, names, UNIT, new UnitPlan("Article", "shard", NODES, 1, 1_000_000));
  }

  private static byte[] content(int length) {
    var bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  /** The files as they come of all chunks of a node, by their names. */
  private Map<String, byte[]> restored(String node) {
    StagingArea area = desk.area();
    Map<String, byte[]> files = new HashMap<>();
    progress()
        .recorded(progress().place().orElseThrow())
        .chunks()
        .forEach(
            (number, size) -> {
              String key = Names.chunk(names.restored(), node, "Article", number);
              for (Member each : TarMembers.read(area, key, size)) {
                int end = (int) (each.fileOffset() + each.size());
                byte[] file = files.getOrDefault(each.name(), new byte[0]);
                file = file.length < end ? Arrays.copyOf(file, end) : file;
                area.read(key, each.offset(), (int) each.size())
                    .orElseThrow()
                    .get(file, (int) each.fileOffset(), (int) each.size());
                files.put(each.name(), file);
              }
            });
    return files;
  }

  @Test
  void filesLargerThanAChunkBecomePartsOfItOnEachNode() {
    byte[] large = content(2 * ChunkWriter.PART_BYTES + 12_345);
    byte[] small = content(700);
    EntryPath path = EntryPath.parse("lsm/objects/segment-1.db");
    try (var writer = new ChunkWriter(progress())) {
      for (int at = 0; at < large.length; at += 7_000_001) {
        int length = Math.min(7_000_001, large.length - at);
        writer.write(path, at, ByteBuffer.wrap(large, at, length));
      }
      writer.end(FileMeta.file(path, large.length));
      writer.write(EntryPath.parse("version"), 0, ByteBuffer.wrap(small));
      writer.end(FileMeta.file(EntryPath.parse("version"), small.length));
      writer.end(FileMeta.file(EntryPath.parse("empty"), 0));
      writer.sync();
    }
    for (String node : NODES) {
      Map<String, byte[]> files = restored(node);
      assertThat(files).hasSize(3);
      assertThat(files.get("article/shard/lsm/objects/segment-1.db")).isEqualTo(large);
      assertThat(files.get("article/shard/version")).isEqualTo(small);
      assertThat(files.get("article/shard/empty")).isEmpty();
    }
  }

  @Test
  void whatIsNeverWrittenIsZeroAlsoAtTheEndAndInAFileOfNothingElse() {
    byte[] expected = new byte[300_000];
    expected[100_000] = 7;
    EntryPath path = EntryPath.parse("sparse");
    try (var writer = new ChunkWriter(progress())) {
      writer.write(path, 100_000, ByteBuffer.wrap(new byte[] {7}));
      writer.end(FileMeta.file(path, expected.length));
      writer.end(FileMeta.file(EntryPath.parse("zeros"), 50));
      writer.sync();
    }
    Map<String, byte[]> files = restored(NODES.get(0));
    assertThat(files.get("article/shard/sparse")).isEqualTo(expected);
    assertThat(files.get("article/shard/zeros")).isEqualTo(new byte[50]);
  }

  @Test
  void namesThatDoNotFitAHeaderAreWhole() {
    String name = "lsm/" + "property_with_a_long_name_".repeat(8) + "/\u00e4.db";
    EntryPath path = EntryPath.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    try (var writer = new ChunkWriter(progress())) {
      writer.write(path, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      writer.sync();
      writer.write(path, 3, ByteBuffer.wrap(new byte[] {4}));
      writer.end(FileMeta.file(path, 4));
      writer.sync();
    }
    assertThat(restored(NODES.get(1)).get("article/shard/" + name))
        .isEqualTo(new byte[] {1, 2, 3, 4});
  }
}
