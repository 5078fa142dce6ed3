package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.memory.InMemoryStagingArea;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.NodeDescriptor.ShardPart;
import dev.tidemark.engine.weaviate.TarMembers.Member;
import dev.tidemark.engine.weaviate.UnitIndex.StoredFile;
import dev.tidemark.engine.weaviate.WeaviateConfig.Access;
import dev.tidemark.engine.weaviate.WeaviateConfig.InactiveTenants;
import dev.tidemark.engine.weaviate.WeaviateConfig.Replicas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * What a server 1.38.11 wrote: a native backup of collection Article with tenants t1 and t2 of
 * twelve objects each, and t3, which is inactive and has no files; with chunks of 15 kB, and files
 * of more than 10 kB in parts.
 */
class RecordedTest {
  private static final String ID = "nocompression";
  private static final String NODE = "weaviate-0";
  private static final int CHUNKS = 75;
  private static final Set<Integer> RECORDED = Set.of(1, 12, 13, 14);

  private final StagingArea area = new InMemoryStagingArea(InstantSource.system(), 3);
  private final Desk desk = new Desk(area);

  RecordedTest() {
    put(Names.cluster(ID), recorded("backup_config.json"));
    put(Names.node(ID, NODE), recorded("backup.json"));
    for (int n = 1; n <= CHUNKS; n++) {
      put(chunk(n), RECORDED.contains(n) ? recorded("chunk-" + n + ".none") : new byte[10]);
    }
  }

  private static byte[] recorded(String name) {
    try (InputStream stream =
        Objects.requireNonNull(RecordedTest.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String chunk(int number) {
    return Names.chunk(ID, NODE, "Article", number);
  }

  private void put(String key, byte[] bytes) {
    area.put(key, List.of(ByteBuffer.wrap(bytes)));
  }

  private Inventory inspect() {
    JsonNode config = desk.read(Names.cluster(ID)).orElseThrow();
    return new Inspection(desk, nobody()).inspect(ClusterDescriptor.of(config));
  }

  /** A server that must not be asked. */
  private static Weaviate nobody() {
    return new Weaviate(
        new WeaviateConfig(
            "w",
            List.of(URI.create("http://127.0.0.1:1")),
            null,
            null,
            "filesystem",
            Options.EMPTY,
            Replicas.ONE,
            InactiveTenants.AS_THEY_ARE,
            Access.INCLUDED,
            null,
            0,
            0,
            new WeaviateConfig.Restoring(
                Access.LEFT_OUT, Access.LEFT_OUT, WeaviateConfig.TakenAliases.REFUSED),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1)),
        reference -> {
          throw new AssertionError(reference);
        });
  }

  @Test
  void aWholeBackupIsFoundWhole() {
    Inventory inventory = inspect();
    assertThat(inventory.compression()).isEqualTo("none");
    assertThat(inventory.copies())
        .extracting(Copy::collection, Copy::shard, Copy::node)
        .containsExactly(tuple("Article", "t1", NODE), tuple("Article", "t2", NODE));
    assertThat(inventory.copies().get(0).chunks()).hasSize(38).contains(1, 38);
    assertThat(Inventory.of(inventory.json())).isEqualTo(inventory);
    assertThat(inventory.shards(Replicas.ALL))
        .extracting(Shard::canonicalName)
        .containsExactly("Article/t1@weaviate-0", "Article/t2@weaviate-0");
  }

  @Test
  void whatIsMissingIsNamed() {
    area.delete(List.of(chunk(40)));
    damaged("chunk-40", "a chunk");
    put(chunk(40), new byte[0]);
    damaged("chunk-40", "an empty object");
    put(chunk(40), new byte[1]);
    byte[] node = recorded("backup.json");
    put(Names.node(ID, NODE), replaced(node, "\"status\":\"SUCCESS\"", "\"status\":\"FAILED\""));
    damaged("backup.json", "FAILED");
    put(Names.node(ID, NODE), replaced(node, "\"id\":\"nocompression\"", "\"id\":\"another\""));
    damaged("backup.json", "another");
    put(Names.node(ID, NODE), replaced(node, "\"39\":[\"t2\"]", "\"39\":[\"t1\"]"));
    inspect(); // A chunk may hold several shards.
    put(Names.node(ID, NODE), "{ \"classes\": [ { ".getBytes(StandardCharsets.UTF_8));
    damaged("backup.json", "JSON");
    area.delete(List.of(Names.node(ID, NODE)));
    damaged("backup.json", "none");
  }

  private static byte[] replaced(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
  }

  private void damaged(String... words) {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(this::inspect)
        .satisfies(
            failure -> {
              assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED);
              assertThat(failure).hasMessageContainingAll(words);
            });
  }

  @Test
  void membersOfAChunkAreListedWithTheirPlaces() {
    List<Member> members = members(1);
    assertThat(members)
        .extracting(Member::name)
        .startsWith("article/t1/indexcount", "article/t1/proplengths", "article/t1/version")
        .endsWith("article/t1/main.hnsw.commitlog.d/1795285377")
        .hasSize(10);
    assertThat(members.get(1).size()).isEqualTo(114);
    assertThat(members.get(2).mode()).isEqualTo(0644);
    byte[] lengths = read(chunk(1), members.get(1).offset(), 114);
    assertThat(new String(lengths, StandardCharsets.UTF_8)).startsWith("{\"BucketedData\"");
    assertThat(members.get(9).mtimeSeconds()).isEqualTo(1795285378);
  }

  private List<Member> members(int chunk) {
    return TarMembers.read(area, chunk(chunk), area.head(chunk(chunk)).orElseThrow().size());
  }

  private byte[] read(String key, long offset, int length) {
    ByteBuffer bytes = area.read(key, offset, length).orElseThrow();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  @Test
  void everyByteOfAHeaderIsGuarded() {
    byte[] tar = recorded("chunk-1.none");
    List<Integer> unnoticed = new ArrayList<>();
    for (int at = 0; at < 512; at++) {
      byte[] flipped = tar.clone();
      flipped[at] ^= 0x04;
      put(chunk(1), flipped);
      try {
        if (!members(1).isEmpty()) {
          unnoticed.add(at);
        }
      } catch (PermanentFailure e) {
        assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED);
      }
    }
    // The digits of the checksum itself may be read as the same number.
    assertThat(unnoticed).allMatch(at -> at >= 148 && at < 156);
    for (int length : new int[] {0, 100, 511, 512, 2_000, tar.length - 1_024, tar.length - 1}) {
      put(chunk(1), Arrays.copyOf(tar, length));
      assertThatExceptionOfType(PermanentFailure.class)
          .as("cut to %d", length)
          .isThrownBy(() -> members(1));
    }
  }

  @Test
  void aFileInPartsIsOneFileWhateverTheOrderOfItsChunks() {
    String name = "article/t1/lsm/objects/segment-1795285377080170507.l0.s0.db";
    var part = new ShardPart("t1", NODE, new TreeSet<>(List.of(name)), Map.of(name, 27_024L));
    var whole = new ShardFiles("article/t1/");
    for (int n : new int[] {14, 12, 13}) {
      whole.add(chunk(n), members(n));
    }
    List<StoredFile> files = whole.files("backup.json", part);
    assertThat(files).hasSize(1);
    assertThat(files.get(0).size()).isEqualTo(27_024);
    assertThat(files.get(0).pieces()).hasSize(3);
    assertThat(UnitIndex.of(new UnitIndex(Map.of("t1", files)).json()).shards().get("t1"))
        .isEqualTo(files);

    try (var reader = new ShardReader(area, files)) {
      EntryPath path = EntryPath.parse(name.substring("article/t1/".length()));
      ByteBuffer all = ByteBuffer.allocate(27_024);
      ByteBuffer middle = ByteBuffer.allocate(300);
      try (var content = reader.open(path)) {
        assertThat(content.read(0, all)).isEqualTo(27_024);
        assertThat(content.read(9_900, middle)).isEqualTo(300);
      }
      assertThat(middle.array()).isEqualTo(Arrays.copyOfRange(all.array(), 9_900, 10_200));
    }
    for (List<Integer> some : List.of(List.of(12, 13), List.of(12, 14), List.of(13, 14))) {
      var missing = new ShardFiles("article/t1/");
      some.forEach(n -> missing.add(chunk(n), members(n)));
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(() -> missing.files("backup.json", part))
          .withMessageContaining("chunk-");
    }
  }

  @Test
  void filesThatTheDescriptorDoesNotNameOrThatAreMissingAreTold() {
    var found = new ShardFiles("article/t1/");
    found.add(chunk(1), members(1));
    Set<String> names = new TreeSet<>();
    members(1).stream().skip(3).forEach(member -> names.add(member.name()));
    assertThat(found.files("backup.json", new ShardPart("t1", NODE, names, Map.of()))).hasSize(10);
    var fewer = new TreeSet<>(names);
    fewer.remove("article/t1/main.hnsw.commitlog.d/1795285377");
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> found.files("backup.json", new ShardPart("t1", NODE, fewer, Map.of())))
        .withMessageContaining("commitlog");
    var more = new TreeSet<>(names);
    more.add("article/t1/lsm/objects/segment-1.db");
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> found.files("backup.json", new ShardPart("t1", NODE, more, Map.of())))
        .withMessageContaining("segment-1.db");
  }

  @Test
  void compressedChunksAreLaidOutAsWhatTheyHold() {
    for (String compression : List.of("gzip", "zstd")) {
      byte[] chunk = recorded("chunk-1." + compression);
      put("from", chunk);
      String to = "laid/" + compression;
      assertThat(new Inflation(desk, compression, () -> true).laid("from", to)).isTrue();
      assertThat(new Inflation(desk, compression, () -> true).laid("gone", to)).isTrue();
      List<Member> members = TarMembers.read(area, to, area.head(to).orElseThrow().size());
      assertThat(members).extracting(Member::name).anyMatch(name -> name.endsWith("/version"));
      assertThat(area.uploads(to, Instant.MAX)).isEmpty();
      byte[] tar = read(to, 0, 1 << 20);
      int noticed = 0;
      for (int at = 20; at < chunk.length; at += 7) {
        byte[] flipped = chunk.clone();
        flipped[at] ^= 0x20;
        put("flipped", flipped);
        String other = to + "-" + at;
        try {
          assertThat(new Inflation(desk, compression, () -> true).laid("flipped", other)).isTrue();
          // There are two ways to say the same.
          assertThat(read(other, 0, 1 << 20)).isEqualTo(tar);
        } catch (PermanentFailure e) {
          assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED);
          noticed++;
        }
      }
      assertThat(noticed).as(compression).isGreaterThan(chunk.length / 7 * 9 / 10);
    }
    assertThat(area.uploads("laid/", Instant.MAX)).isNotEmpty();
    Inflation.abortAll(desk, "laid/");
    assertThat(area.uploads("laid/", Instant.MAX)).isEmpty();
  }

  @Test
  void aLongLayingGoesOnWhereItEnded() throws IOException {
    byte[] large = new byte[40 << 20];
    new SplittableRandom(1).nextBytes(large);
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(large);
    }
    // In pieces, for an object is put at once up to 64 MiB only.
    put("large", compressed.toByteArray());
    int calls = 0;
    while (!new Inflation(desk, "gzip", () -> true).laid("large", "laid/large")) {
      calls++;
      assertThat(calls).isLessThan(5);
    }
    assertThat(calls).isEqualTo(2);
    assertThat(read("laid/large", 0, 64 << 20)).isEqualTo(large);
    assertThat(desk.read("laid/large-upload")).isEmpty();
  }

  @Test
  void definitionsHoldWhatARestoreNeedsOfTheDescriptors() throws IOException {
    JsonNode config = desk.read(Names.cluster(ID)).orElseThrow();
    var definitions = new Definitions(Access.INCLUDED);
    definitions.cluster(ClusterDescriptor.of(config));
    NodeDescriptor node =
        NodeDescriptor.read(area, Names.node(ID, NODE), NODE, NodeDescriptor.Wanted.NO_FILES);
    definitions.node("key", node, Set.of("Article"));
    JsonNode json = new ObjectMapper().readTree(definitions.text());
    JsonNode article = json.path("collections").path("Article");
    assertThat(article.path("schema").path("class").asText()).isEqualTo("Article");
    assertThat(article.path("shardingState").path("physical").path("t3").path("status").asText())
        .isEqualTo("COLD");
    assertThat(article.path("nodes").path(NODE).toString()).isEqualTo("[\"t1\",\"t2\"]");
    assertThat(article.path("aliases").isArray()).isTrue();
    assertThat(json.path("backups").path(0).path("version").asText()).isEqualTo("2.1");
    assertThat(json.path("users").asText()).isNotEmpty();
    var without = new Definitions(Access.LEFT_OUT);
    without.cluster(ClusterDescriptor.of(config));
    without.node("key", node, Set.of("Article"));
    assertThat(new ObjectMapper().readTree(without.text()).has("users")).isFalse();
  }
}
