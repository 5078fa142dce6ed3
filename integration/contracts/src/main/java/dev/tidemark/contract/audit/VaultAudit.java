package dev.tidemark.contract.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Restores every backup of a vault in memory and compares it with all of its digests. */
public final class VaultAudit {
  private static final Pattern MANIFEST = Pattern.compile("backups/([^/]+)/([^/]+)\\.json");

  private final BlobStore store;
  private final VaultObjects objects;
  private final List<Backup> backups = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private VaultAudit(BlobStore store) {
    this.store = store;
    this.objects = new VaultObjects(store);
  }

  /**
   * What an entry is; the words are those of the format.
   *
   * @param size 0 for all but files
   * @param target null for all but links
   */
  public record Meta(
      String type,
      long size,
      String mode,
      long uid,
      long gid,
      String mtime,
      @Nullable String target,
      boolean changed) {}

  /**
   * An entry as a restore would make it.
   *
   * @param sha256 of the content, hex; empty for all but files
   */
  public record Restored(Meta meta, String sha256) {}

  /**
   * A backup that is whole.
   *
   * @param shards canonical name, to path (escaped), to entry
   */
  public record Backup(
      String clusterId, String backupId, Map<String, Map<String, Restored>> shards) {}

  /**
   * What an audit found.
   *
   * @param backups those with a manifest, without tombstone, and sound
   * @param problems one for each backup that is not sound, naming it and the object
   * @param dangling keys that a backup refers to and that are not there
   */
  public record Result(List<Backup> backups, List<String> problems, Set<String> dangling) {
    /** The backup of this id. */
    public Backup backup(String backupId) {
      return backups.stream()
          .filter(backup -> backup.backupId().equals(backupId))
          .findFirst()
          .orElseThrow(
              () -> new AssertionError("no sound backup " + backupId + "; problems: " + problems));
    }
  }

  /** Audits all backups of a vault. Changes nothing. */
  public static Result of(BlobStore store) {
    return new VaultAudit(store).audit();
  }

  private Result audit() {
    List<JsonNode> vault = objects.plainText("vault.json", "vault");
    String id = vault.get(0).path("vault").asText();
    Set<String> tombstones = keys("deleted/");
    for (String key : keys("backups/")) {
      Matcher match = MANIFEST.matcher(key);
      if (!match.matches() || tombstones.contains("deleted" + key.substring("backups".length()))) {
        continue;
      }
      try {
        backups.add(backup(key, id, match.group(1), match.group(2)));
      } catch (Unreadable
          | IllegalArgumentException
          | IndexOutOfBoundsException
          | NoSuchElementException e) {
        problems.add("backup %s of %s: %s".formatted(match.group(2), match.group(1), e));
      }
    }
    return new Result(backups, problems, new TreeSet<>(objects.missing()));
  }

  private Backup backup(String key, String vaultId, String clusterId, String backupId) {
    List<JsonNode> lines = objects.plainText(key, "manifest");
    JsonNode header = lines.get(0);
    require(key, "vault", vaultId, header.path("vault").asText());
    require(key, "backup", backupId, header.path("backup").asText());
    require(key, "cluster id", clusterId, header.path("clusterId").asText());
    Unreadable.unless(lines.size() > 1, key, "no second line");
    var shards = new TreeMap<String, Map<String, Restored>>();
    var totals = new Totals();
    String lastLane = "";
    for (JsonNode ref : lines.get(1).path("index")) {
      String name = ref.path("name").asText();
      String what = name.substring(name.indexOf(".0.") + 3);
      String indexKey = "index/" + clusterId + "/" + name;
      String kind = what.startsWith("lane-") ? "lane" : what;
      List<JsonNode> index = objects.framedText(indexKey, kind, ref.path("sha256").asText());
      if (!kind.equals("lane")) {
        continue;
      }
      Unreadable.unless(what.compareTo(lastLane) > 0, key, "lanes out of order");
      lastLane = what;
      require(indexKey, "backup", backupId, index.get(0).path("backup").asText());
      require(indexKey, "lane", what.substring(5), index.get(0).path("lane").asText());
      require(indexKey, "units", ref.path("units").asLong(), (long) index.size() - 1);
      String lastUnit = "";
      for (JsonNode record : index.subList(1, index.size())) {
        String unit = record.path("unit").asText();
        Unreadable.unless(unit.compareTo(lastUnit) > 0, indexKey, "units out of order");
        lastUnit = unit;
        new UnitAudit(objects, clusterId, record)
            .shards()
            .forEach(
                (shard, entries) ->
                    Unreadable.unless(
                        shards.put(shard, entries) == null, indexKey, shard + " in two units"));
        totals.add(record);
      }
    }
    totals.require(key, header);
    return new Backup(clusterId, backupId, shards);
  }

  static void require(String key, String what, Object expected, Object found) {
    Unreadable.unless(
        expected.equals(found), key, "%s %s, not %s".formatted(what, found, expected));
  }

  private Set<String> keys(String prefix) {
    var keys = new TreeSet<String>();
    List<BlobInfo> page = store.list(prefix, null, 1_000);
    while (!page.isEmpty()) {
      page.forEach(info -> keys.add(info.key()));
      page = store.list(prefix, page.get(page.size() - 1).key(), 1_000);
    }
    return keys;
  }

  /** The sums that a manifest's header repeats. */
  private static final class Totals {
    private static final List<String> SUMS = List.of("entries", "files", "bytes", "stored");

    private final Map<String, Long> sums = new TreeMap<>();
    private final MessageDigest root = VaultObjects.sha256();
    private long units;

    void add(JsonNode record) {
      units++;
      SUMS.forEach(name -> sums.merge(name, record.path(name).asLong(), Long::sum));
      root.update(HexFormat.of().parseHex(record.path("root").asText()));
    }

    void require(String key, JsonNode header) {
      VaultAudit.require(key, "units", header.path("units").asLong(), units);
      for (String name : SUMS) {
        VaultAudit.require(key, name, header.path(name).asLong(), sums.getOrDefault(name, 0L));
      }
      VaultAudit.require(
          key, "root", header.path("root").asText(), VaultObjects.hex(root.digest()));
    }
  }
}
