package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.UnitReader.Content;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.memory.InMemoryStagingArea;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.weaviate.NodeDescriptor.ClassPart;
import dev.tidemark.engine.weaviate.NodeDescriptor.Place;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import dev.tidemark.engine.weaviate.UnitIndex.Piece;
import dev.tidemark.engine.weaviate.UnitIndex.StoredFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a unit costs does not grow with the shards beside it, nor with its small files. */
class ManyShardsTest {
  private static final String KEY = "b/n/backup.json";
  private static final int SHARDS = 2_000;

  private final InMemoryStagingArea place = new InMemoryStagingArea(InstantSource.system(), 1);
  private final AtomicInteger requests = new AtomicInteger();

  /** The place, whose reads are counted. */
  private StagingArea counted() {
    return (StagingArea)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {StagingArea.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read")) {
                requests.incrementAndGet();
              }
              try {
                return method.invoke(place, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void describe() {
    ObjectNode descriptor = JsonNodeFactory.instance.objectNode().put("id", "b");
    ObjectNode part = descriptor.putArray("classes").addObject().put("name", "Größen");
    var shards = part.putArray("shards");
    for (int i = 0; i < SHARDS; i++) {
      ObjectNode shard = shards.addObject().put("name", "té" + i).put("node", "n");
      shard.putArray("files").add("größen/té%d/a".formatted(i)).add("größen/té%d/b".formatted(i));
      shard.putObject("bigFilesChunk").putObject("größen/té%d/c".formatted(i)).put("size", i);
    }
    part.put("schema", "e30=");
    place.put(KEY, List.of(StandardCharsets.UTF_8.encode(descriptor.toPrettyString())));
  }

  @Test
  void aShardIsReadFromWhereItStandsInTheDescriptorOfMany() {
    describe();
    ClassPart whole =
        NodeDescriptor.read(place, KEY, "n", (collection, shard) -> true).classes().get(0);
    assertThat(whole.places()).hasSize(SHARDS);
    for (ShardPart expected : whole.shards()) {
      Place at = whole.places().getOrDefault(expected.name(), Place.NONE);
      assertThat(at.length()).isBetween(50, 500);
      assertThat(NodeDescriptor.shard(counted(), KEY, at, expected.name())).isEqualTo(expected);
    }
    assertThat(requests.get()).isEqualTo(SHARDS);
  }

  @Test
  void aDescriptorThatIsAnotherNowIsDamageAndOneThatIsGoneIsGone() {
    describe();
    Place at = new Place(77, 100);
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> NodeDescriptor.shard(place, KEY, at, "té0"))
        .matches(e -> e.kind() == PermanentFailure.Kind.DAMAGED);
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> NodeDescriptor.shard(place, "b/n/none", at, "té0"));
  }

  @Test
  void smallFilesOfAChunkComeTogetherWhateverTheirOrder() {
    var random = new Random(1);
    var chunk = new byte[3 << 20];
    random.nextBytes(chunk);
    place.put("chunk-1", List.of(ByteBuffer.wrap(chunk)));
    List<StoredFile> files = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    for (int i : order) {
      int size = 5_000 + i;
      EntryPath path = EntryPath.parse("file-%03d".formatted(files.size()));
      files.add(new StoredFile(path, size, 0, 0, List.of(new Piece("chunk-1", i * 10_000L, size))));
    }
    try (var reader = new ShardReader(counted(), files)) {
      for (StoredFile file : files) {
        var read = ByteBuffer.allocate((int) file.size());
        try (Content content = reader.open(file.path())) {
          assertThat(content.read(0, read)).isEqualTo(read.capacity());
        }
        int offset = (int) file.pieces().get(0).offset();
        assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(chunk, offset, (int) file.size()));
      }
    }
    assertThat(requests.get()).isLessThanOrEqualTo((3 << 20) / Windows.BYTES);
  }
}
