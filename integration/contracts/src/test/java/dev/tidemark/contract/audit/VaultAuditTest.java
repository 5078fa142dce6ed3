package dev.tidemark.contract.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.audit.VaultAudit.Restored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VaultAuditTest {
  /** Written by the product's own tests. */
  private static final Path GOLDEN = Path.of("../../shared-core/core/src/test/resources/golden/v1");

  private final FolderStore store = FolderStore.read(GOLDEN);

  VaultAuditTest() throws IOException {}

  @Test
  void theFormatAloneSufficesToRestoreTheGoldenVault() {
    VaultAudit.Result audit = VaultAudit.of(store);
    assertThat(audit.problems()).isEmpty();
    assertThat(audit.dangling()).isEmpty();
    assertThat(audit.backups()).extracting(VaultAudit.Backup::backupId).containsExactly("b1", "b2");

    Map<String, Restored> a = unit(audit, "b1", "docs/a");
    assertThat(sha256("one")).isEqualTo(entry(a, "sub/one").sha256());
    assertThat(entry(a, "%01%FFname").sha256()).isEqualTo(sha256("not UTF-8"));
    assertThat(entry(a, "sparse").meta().size()).isEqualTo((25 << 20) + 5);
    assertThat(entry(a, "z-hard").meta().target()).isEqualTo("sub/one");
    assertThat(entry(a, "z-soft").meta().target()).isEqualTo("../elsewhere/%E2%82%AC");
    assertThat(entry(a, "").meta().type()).isEqualTo("dir");
    assertThat(entry(a, "").meta().gid()).isEqualTo(4294967294L);
    assertThat(entry(a, "").meta().mtime()).isEqualTo("-5.001000001");
    assertThat(unit(audit, "b2", "docs/a")).isEqualTo(a);
    assertThat(entry(unit(audit, "b1", "docs/b"), "changed").meta().changed()).isTrue();
    assertThat(entry(unit(audit, "b1", "docs/b"), "other").sha256()).isEqualTo(sha256("before"));
    assertThat(entry(unit(audit, "b2", "docs/b"), "other").sha256()).isEqualTo(sha256("after!"));
    assertThat(unit(audit, "b2", "docs/b")).doesNotContainKey("gone");
    assertThat(unit(audit, "b1", "docs/long")).hasSize(4);
  }

  @Test
  void anyObjectThatABackupNeedsIsMissed() {
    for (String key : new TreeSet<>(store.objects.keySet())) {
      if (!key.matches("(data|parts|index)/.*") || key.contains("writer000000")) {
        continue;
      }
      byte[] object = store.take(key);
      VaultAudit.Result audit = VaultAudit.of(store);
      assertThat(audit.dangling()).containsExactly(key);
      assertThat(audit.problems()).isNotEmpty();
      store.objects.put(key, object);
    }
  }

  @Test
  void aChangedByteIsNoticed() {
    for (String key : new TreeSet<>(store.objects.keySet())) {
      if (!key.matches("(data|parts|index|backups)/.*") || key.matches(".*(writer000000|/b0).*")) {
        continue;
      }
      byte[] object = store.take(key);
      byte[] changed = object.clone();
      changed[changed.length / 2] ^= 1;
      store.objects.put(key, changed);
      assertThat(VaultAudit.of(store).problems()).as(key).isNotEmpty();
      store.objects.put(key, object);
    }
  }

  private static Map<String, Restored> unit(VaultAudit.Result audit, String backup, String unit) {
    return audit.backup(backup).shards().getOrDefault(unit, Map.of());
  }

  private static Restored entry(Map<String, Restored> unit, String path) {
    Restored entry = unit.get(path);
    assertThat(entry).as(path).isNotNull();
    return java.util.Objects.requireNonNull(entry);
  }

  private static String sha256(String text) {
    return VaultObjects.hex(VaultObjects.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
