package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.verify.Known;
import dev.tidemark.core.verify.Level;
import dev.tidemark.core.verify.Progress;
import dev.tidemark.core.verify.VaultVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GoldenVaultTest {
  private final SampleVault sample = new SampleVault();
  private final MapStore golden = golden();

  @Test
  void theGoldenVaultIsSound() {
    Vault vault = Vault.open(golden);
    for (String backup : List.of("b1", "b2")) {
      var report =
          new VaultVerifier(vault)
              .verify(SampleVault.CLUSTER, backup, Level.FULL, Known.NOTHING, Progress.NONE);
      assertThat(report.findings()).isEmpty();
    }
  }

  @Test
  void theGoldenVaultHoldsWhatWasBackedUp() {
    Vault vault = Vault.open(golden);
    assertThat(vault.owner(SampleVault.CLUSTER).orElseThrow().deployment())
        .isEqualTo("deployment-2");
    assertThat(vault.exists(SampleVault.CLUSTER, "b0")).isFalse();
    assertThat(vault.notes(SampleVault.CLUSTER, "b2"))
        .extracting(Note::kind)
        .containsExactly("verified", "reader");
    for (String backup : List.of("b1", "b2")) {
      Manifest manifest = vault.manifest(SampleVault.CLUSTER, backup).orElseThrow();
      var found = new TreeMap<String, byte[]>();
      new BackupContents(vault)
          .entries(
              manifest,
              unit -> true,
              EntryPath.ROOT,
              item -> {
                if (item.entry().meta().type() == FileType.FILE) {
                  found.put(item.shard() + ": " + item.entry().path(), content(item));
                }
              });
      assertThat(found.keySet()).isEqualTo(sample.contents(backup).keySet());
      found.forEach((file, content) -> assertThat(content).isEqualTo(sample.content(backup, file)));
    }
  }

  @Test
  void theSameInputGivesTheSamePlaintexts() {
    assertThat(sample.store.objects.keySet()).isEqualTo(golden.objects.keySet());
    for (String key : golden.objects.keySet()) {
      assertThat(plain(sample.store, key)).as(key).isEqualTo(plain(golden, key));
    }
  }

  /** Where digits are written otherwise. */
  @Test
  void theKeysOfAVaultAreTheSameInEveryLanguage() {
    Locale here = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat("%d".formatted(7)).isNotEqualTo("7");
      assertThat(VaultKeys.owner(SampleVault.CLUSTER, 7)).endsWith("/000007.json");
      assertThat(VaultKeys.note(SampleVault.CLUSTER, "b1", 12, "suspect"))
          .endsWith("/000012-suspect.json");
    } finally {
      Locale.setDefault(here);
    }
  }

  private byte[] content(BackupContents.Item item) {
    var out = new ByteArrayOutputStream();
    var reader = new BlobReader(golden, SampleVault.CLUSTER, VaultKeys.unit(item.shard()));
    for (Extent extent : item.entry().extents()) {
      if (extent.blob() == null) {
        out.writeBytes(new byte[(int) extent.length()]);
      } else {
        reader.read(
            extent.blob(),
            extent.offset(),
            extent.length(),
            piece -> out.writeBytes(FramedTest.bytes(piece)));
      }
    }
    return out.toByteArray();
  }

  private static byte[] plain(MapStore store, String key) {
    byte[] object = store.bytes(key);
    boolean framed =
        key.startsWith("data/") || key.startsWith("parts/") || key.startsWith("index/");
    return framed
        ? FramedTest.bytes(
            Framed.decode(key, ByteBuffer.wrap(object), null, Framed.MAX_PLAIN_BYTES))
        : object;
  }

  private static MapStore golden() {
    try {
      var url = GoldenVaultTest.class.getResource("/golden/v1");
      return GoldenVault.read(Path.of(Objects.requireNonNull(url).toURI()));
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
