package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.verify.Known;
import dev.tidemark.core.verify.Level;
import dev.tidemark.core.verify.Progress;
import dev.tidemark.core.verify.VaultVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Whatever an object holds, reading it ends well or with the one failure that names it. */
class HostileInputTest {
  private static final SampleVault SAMPLE = new SampleVault();
  private static final List<String> KEYS =
      SAMPLE.store.objects.keySet().stream().filter(key -> !key.startsWith("data/")).toList();
  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "1",
          "99999999999999999999",
          "9223372036854775807",
          "1e400",
          "0.5",
          "null",
          "true",
          "\"\"",
          "\"..\"",
          "\"../../etc/passwd\"",
          "\"a/../b\"",
          "\"%2E\"",
          "\"%00\"",
          "\"/\"",
          "\"\\ud800\"",
          "\"sha256:00\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[-1,0,8388608]",
          "{\"a\":1,\"a\":2}",
          "\"" + "x".repeat(5_000) + "\"",
          "[".repeat(100));

  private final List<String> failures = new ArrayList<>();

  @Property(tries = 1_000)
  void changedBytesOfAnyObject(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    String key = KEYS.get(random.nextInt(KEYS.size()));
    byte[] object = mutate(SAMPLE.store.bytes(key), random);
    requireDocumentedFailure(key, object, null, seed);
  }

  @Property(tries = 2_000)
  void otherTextUnderARightSumAndId(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    String key = KEYS.get(random.nextInt(KEYS.size()));
    byte[] text = plain(key);
    byte[] body = Arrays.copyOf(text, text.length - TextObject.SUM_BYTES);
    byte[] changed =
        random.nextInt(4) == 0
            ? mutate(body, random)
            : changeAValue(new String(body, StandardCharsets.UTF_8), random);
    TextObject.Finished sealed = seal(changed);
    requireDocumentedFailure(key, object(key, sealed), sealed.sha256(), seed);
  }

  @Property(tries = 100)
  void verificationOfAnythingEndsInAReport(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    MapStore store = SAMPLE.store.copy();
    String key = VaultKeys.manifest(SampleVault.CLUSTER, "b1");
    if (random.nextBoolean()) {
      String text = new String(plain(key), StandardCharsets.UTF_8);
      String body = text.substring(0, text.length() - TextObject.SUM_BYTES);
      store.objects.put(key, object(key, seal(changeAValue(body, random))));
    } else {
      key = KEYS.get(random.nextInt(KEYS.size()));
      store.objects.put(key, mutate(SAMPLE.store.bytes(key), random));
    }
    if (key.equals(VaultKeys.VAULT)) {
      return;
    }
    var verifier = new VaultVerifier(Vault.open(store));
    var report =
        verifier.verify(SampleVault.CLUSTER, "b1", Level.STRUCTURE, Known.NOTHING, Progress.NONE);
    assertThat(report.objects()).as("seed %d", seed).isPositive();
  }

  @Property(tries = 200)
  void changedBytesOfABlob(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    byte[] plain = FramedTest.content(random.nextInt(2_500_000), seed);
    byte[] id = new byte[16];
    String name = "writer000000.1.0";
    String unit = VaultKeys.unit("docs/a");
    Framed.Encoded encoded = Framed.encode(id, FramedTest.segments(plain), Compression.BEST_SPEED);
    var store = new MapStore();
    String key = VaultKeys.data(SampleVault.CLUSTER, unit, name);
    store.objects.put(key, mutate(FramedTest.join(encoded.bytes()), random));
    var blob =
        new BlobRef(
            name,
            "00".repeat(16),
            encoded.stored(),
            encoded.plain(),
            dev.tidemark.core.blob.Checksum.NONE);
    int from = random.nextInt(plain.length + 1);
    Throwable failure =
        catchThrowable(
            () ->
                new BlobReader(store, SampleVault.CLUSTER, unit)
                    .read(blob, from, plain.length - from, piece -> {}));
    requireDocumented(key, failure, seed);
    requireDocumented(
        key,
        catchThrowable(
            () -> Framed.decode(key, ByteBuffer.wrap(store.bytes(key)), id, plain.length)),
        seed);
  }

  @Example
  void aPlaintextThatIsFarLargerThanItsObjectIsRefusedInTime() {
    // 100 MiB of zeros in a few kilobytes.
    String key = VaultKeys.index(SampleVault.CLUSTER, "writer000001.0.plan");
    byte[] frame = FramedTest.join(Framed.encode(new byte[16], zeros(1), Compression.BEST).bytes());
    byte[] stored = Arrays.copyOfRange(frame, 28, frame.length - 4);
    ByteBuffer bomb = ByteBuffer.allocate(24 + 100 * (8 + stored.length));
    bomb.put(frame, 0, 24);
    for (int i = 0; i < 100; i++) {
      bomb.putInt((i == 99 ? 1 << 31 : 0) | 1 << 30 | stored.length).put(stored);
    }
    for (int i = 0; i < 100; i++) {
      bomb.putInt((i == 99 ? 1 << 31 : 0) | 1 << 30 | stored.length);
    }
    requireDocumentedFailure(key, bomb.array(), null, 0);
    ByteBuffer object = bomb.flip();
    requireDocumented(
        key, catchThrowable(() -> Framed.decode(key, object, null, Framed.MAX_PLAIN_BYTES)), 0);
    assertThat(failures).anyMatch(failure -> failure.contains("67108864 bytes of plaintext"));
  }

  @Example
  void aLineWithoutEndIsRefusedInTime() {
    String key = VaultKeys.index(SampleVault.CLUSTER, "writer000001.0.plan");
    var text = new TextObject.Writer();
    byte[] blank = new byte[1 << 20];
    Arrays.fill(blank, (byte) ' ');
    var lines = new ArrayList<ByteBuffer>();
    for (int i = 0; i < 20; i++) {
      lines.add(ByteBuffer.wrap(blank));
    }
    var endless = new TextObject.Finished(lines, text.finish().sha256(), 20 << 20);
    requireDocumentedFailure(key, object(key, endless), null, 0);
    assertThat(failures).anyMatch(failure -> failure.contains("lines of at most 16 MiB"));
  }

  @Example
  void aLineOfVeryManyValuesIsRefusedInTime() {
    String key = VaultKeys.VAULT;
    String line = "{\"format\":\"vault/1.0\",\"x\":[" + "[],".repeat(10_000) + "0]}\n";
    requireDocumentedFailure(
        key, object(key, seal(line.getBytes(StandardCharsets.UTF_8))), null, 0);
    String lane = VaultKeys.index(SampleVault.CLUSTER, "writer000001.0.lane-0000");
    String wide = "{\"format\":\"lane/1.0\",\"x\":[" + "[],".repeat(600_000) + "0]}\n";
    TextObject.Finished sealed = seal(wide.getBytes(StandardCharsets.UTF_8));
    requireDocumentedFailure(lane, object(lane, sealed), sealed.sha256(), 0);
    assertThat(failures).anyMatch(failure -> failure.contains("500000 values"));
  }

  @Example
  void aNewerFormatIsToldApartFromDamage() {
    String key = VaultKeys.VAULT;
    byte[] newer = "{\"format\":\"vault/2.0\",\"vault\":5}\n".getBytes(StandardCharsets.UTF_8);
    var store = new MapStore();
    store.objects.put(key, object(key, seal(newer)));
    assertThat(kind(catchThrowable(() -> Vault.open(store)))).isEqualTo(Kind.INVALID);
    store.bytes(key)[20] ^= 1;
    assertThat(kind(catchThrowable(() -> Vault.open(store)))).isEqualTo(Kind.DAMAGED);
  }

  private static @Nullable Kind kind(@Nullable Throwable failure) {
    return failure instanceof PermanentFailure permanent ? permanent.kind() : null;
  }

  private void requireDocumentedFailure(
      String key, byte[] object, @Nullable String sha256, long seed) {
    MapStore store = SAMPLE.store.copy();
    store.objects.put(key, object);
    requireDocumented(key, catchThrowable(() -> read(store, key, sha256)), seed);
  }

  private void requireDocumented(String key, @Nullable Throwable failure, long seed) {
    if (failure == null) {
      return;
    }
    failures.add(String.valueOf(failure.getMessage()));
    assertThat(failure)
        .as("seed %d, %s", seed, key)
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            permanent -> {
              assertThat(permanent.kind()).isIn(Kind.DAMAGED, Kind.INVALID);
              assertThat(permanent.subject()).isEqualTo(key);
              assertThat(permanent.expected()).isNotBlank();
              assertThat(permanent.found()).isNotBlank();
              assertThat(permanent.getMessage()).hasSizeLessThan(1_000);
            });
  }

  /** Reads an object to its end in the way its kind is read. */
  private static void read(MapStore store, String key, @Nullable String sha256) {
    String[] names = key.split("/", -1);
    String last = names[names.length - 1];
    String name = last.replace(".json", "");
    if (names[0].equals("parts") && last.endsWith(".list")) {
      String sum = sha256 == null ? "0".repeat(64) : sha256;
      var list = new PartList(List.of(), new PartList.ListRef(last, sum, 4));
      assertThat(PartLists.read(store, names[1], names[2], list)).hasSize(4);
    } else if (names[0].equals("parts")) {
      try (var part = PartReader.open(store, names[1], names[2], last, null)) {
        while (part.next() != null) {}
      }
    } else if (names[0].equals("index")) {
      readIndex(Vault.open(store), names[1], last, sha256 == null ? "0".repeat(64) : sha256);
    } else if (names[0].equals("backups")) {
      assertThat(Vault.open(store).manifest(names[1], name)).isPresent();
    } else if (names[0].equals("deleted")) {
      assertThat(Vault.open(store).tombstone(names[1], name)).isPresent();
    } else if (names[0].equals("notes")) {
      assertThat(Vault.open(store).noteAt(key)).isNotNull();
    } else if (names[0].equals("owners")) {
      assertThat(Vault.open(store).ownerAt(key)).isNotNull();
    } else {
      assertThat(Vault.open(store).id()).hasSize(20);
    }
  }

  private static void readIndex(Vault vault, String cluster, String name, String sha256) {
    var ref = new Manifest.IndexRef(name, sha256, 0);
    String writer = name.substring(0, 12);
    String what = name.substring(15);
    if (what.startsWith("lane-")) {
      try (var lane = vault.lane(cluster, ref)) {
        while (lane.next() != null) {}
      }
    } else if (what.equals("plan")) {
      try (var plan = vault.plan(cluster, writer).orElseThrow()) {
        while (plan.next() != null) {}
      }
    } else if (what.equals("schema")) {
      assertThat(vault.schema(cluster, writer, ref.sha256())).isNotNull();
    } else if (what.equals("census")) {
      assertThat(vault.census(cluster, ref)).isNotNull();
    } else {
      assertThat(vault.coverage(cluster, ref)).isNotNull();
    }
  }

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return bytes;
    }
    byte[] changed = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      case 1 -> changed = Arrays.copyOf(changed, changed.length + 1 + random.nextInt(9));
      case 2 -> random.nextBytes(changed);
      case 3 -> {
        int from = random.nextInt(changed.length);
        int n = random.nextInt(changed.length - from);
        System.arraycopy(changed, from, changed, random.nextInt(changed.length - n), n);
      }
      default -> {
        for (int i = 0; i <= random.nextInt(4); i++) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
      }
    }
    return changed;
  }

  /** Puts another value, or none, in the place of one of a text's values. */
  private static byte[] changeAValue(String text, SplittableRandom random) {
    var colons = new ArrayList<Integer>();
    for (int i = 0; i + 1 < text.length(); i++) {
      boolean before = text.charAt(i) == ':' && text.charAt(i - 1) == '"';
      if (before || text.charAt(i) == ',' || text.charAt(i) == '[') {
        colons.add(i + 1);
      }
    }
    int start = colons.get(random.nextInt(colons.size()));
    int end = start;
    while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String value = VALUES.get(random.nextInt(VALUES.size()));
    return (text.substring(0, start) + value + text.substring(end))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static TextObject.Finished seal(byte[] body) {
    byte[] sum = TextObject.sumLine(TreeDigest.sha256().digest(body));
    byte[] whole = Arrays.copyOf(body, body.length + sum.length);
    System.arraycopy(sum, 0, whole, body.length, sum.length);
    return new TextObject.Finished(
        FramedTest.segments(whole),
        HexFormat.of().formatHex(TreeDigest.sha256().digest(whole)),
        whole.length);
  }

  private static byte[] object(String key, TextObject.Finished text) {
    return isFramed(key)
        ? FramedTest.join(text.framed(key, Compression.BEST_SPEED).bytes())
        : FramedTest.join(text.plain());
  }

  private static byte[] plain(String key) {
    byte[] object = SAMPLE.store.bytes(key);
    return isFramed(key)
        ? FramedTest.bytes(Framed.decode(key, ByteBuffer.wrap(object), null, 64 << 20))
        : object;
  }

  private static boolean isFramed(String key) {
    return key.startsWith("parts/") || key.startsWith("index/");
  }

  private static List<ByteBuffer> zeros(int mebibytes) {
    return FramedTest.segments(new byte[mebibytes << 20]);
  }
}
