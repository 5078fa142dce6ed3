package dev.tidemark.core.vault;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** The only maker of a vault's keys; the layout is in the package's description. */
public final class VaultKeys {
  public static final String VAULT = "vault.json";

  private static final Pattern BACKUP_ID = Pattern.compile("[a-z0-9_-]{1,128}");
  private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern CLUSTER_ID = Pattern.compile("[a-z0-9-]{1,40}-[a-z0-9]{8}");
  private static final Pattern UNIT = Pattern.compile("[0-9a-f]{20}");
  private static final Pattern WRITER = Pattern.compile("[a-z0-9]{12}");
  private static final Pattern NUMBERED =
      Pattern.compile("[a-z0-9]{12}\\.[1-9][0-9]{0,8}\\.(0|[1-9][0-9]{0,8})");
  private static final Pattern INDEX = Pattern.compile("[a-z0-9]{12}\\.0\\.[a-z0-9_-]{1,60}");
  private static final Pattern LANE = Pattern.compile("[a-z0-9_-]{1,40}");
  private static final Pattern NOTE_KIND = Pattern.compile("[a-z][a-z0-9-]{0,29}");
  private static final String LIST = ".list";

  private VaultKeys() {}

  public static String data(String clusterId, String unit, String name) {
    require(isNumbered(name), "name of a blob", name);
    return folder("data/", clusterId, unit) + name;
  }

  /** The prefix of all blobs of a unit. */
  public static String dataFolder(String clusterId, String unit) {
    return folder("data/", clusterId, unit);
  }

  /** The prefix of all blobs that a run wrote for a unit. */
  public static String dataOf(String clusterId, String unit, String writer) {
    require(isWriter(writer), "writer", writer);
    return folder("data/", clusterId, unit) + writer + ".";
  }

  public static String part(String clusterId, String unit, String name) {
    require(isNumbered(name) || isList(name), "name of a part", name);
    return folder("parts/", clusterId, unit) + name;
  }

  public static String index(String clusterId, String name) {
    require(isIndexName(name), "name of an index object", name);
    return "index/" + requireCluster(clusterId) + "/" + name;
  }

  /** The name of an index object under its cluster's folder. */
  public static String indexName(String writer, String what) {
    return writer + ".0." + what;
  }

  public static String manifest(String clusterId, String backupId) {
    return manifests(requireCluster(clusterId)) + requireBackup(backupId) + ".json";
  }

  /** The prefix of a cluster's manifests; of all where the id is empty. */
  public static String manifests(String clusterId) {
    return clusterId.isEmpty() ? "backups/" : "backups/" + requireCluster(clusterId) + "/";
  }

  public static String tombstone(String clusterId, String backupId) {
    return tombstones(requireCluster(clusterId)) + requireBackup(backupId) + ".json";
  }

  /** The prefix of a cluster's tombstones; of all where the id is empty. */
  public static String tombstones(String clusterId) {
    return clusterId.isEmpty() ? "deleted/" : "deleted/" + requireCluster(clusterId) + "/";
  }

  /** The prefix of a cluster's owner objects; of all where the id is empty. */
  public static String owners(String clusterId) {
    return clusterId.isEmpty() ? "owners/" : "owners/" + requireCluster(clusterId) + "/";
  }

  /**
   * @param n from 1
   */
  public static String owner(String clusterId, int n) {
    return String.format(Locale.ROOT, "%s%06d.json", owners(requireCluster(clusterId)), n);
  }

  public static String notes(String clusterId, String backupId) {
    return "notes/" + requireCluster(clusterId) + "/" + requireBackup(backupId) + "/";
  }

  /**
   * @param n from 1
   */
  public static String note(String clusterId, String backupId, int n, String kind) {
    require(isNoteKind(kind), "kind of note", kind);
    return String.format(Locale.ROOT, "%s%06d-%s.json", notes(clusterId, backupId), n, kind);
  }

  /** The key of a unit: the first 20 hex digits of the SHA-256 of its canonical name. */
  public static String unit(String canonicalName) {
    return TreeDigest.sha256Hex(canonicalName.getBytes(StandardCharsets.UTF_8)).substring(0, 20);
  }

  public static boolean isBackupId(String text) {
    return BACKUP_ID.matcher(text).matches();
  }

  public static boolean isClusterName(String text) {
    return CLUSTER_NAME.matcher(text).matches();
  }

  public static boolean isClusterId(String text) {
    return CLUSTER_ID.matcher(text).matches();
  }

  public static boolean isUnit(String text) {
    return UNIT.matcher(text).matches();
  }

  public static boolean isWriter(String text) {
    return WRITER.matcher(text).matches();
  }

  public static boolean isLane(String text) {
    return LANE.matcher(text).matches();
  }

  public static boolean isNoteKind(String text) {
    return NOTE_KIND.matcher(text).matches();
  }

  /** Whether this is {@code writer.epoch.n}: the name of a blob or part in its unit's folder. */
  public static boolean isNumbered(String name) {
    return NUMBERED.matcher(name).matches();
  }

  /** Whether this is {@code writer.epoch.n.list}: the name of a part list. */
  public static boolean isList(String name) {
    return name.endsWith(LIST) && isNumbered(name.substring(0, name.length() - LIST.length()));
  }

  /** Whether this is the name of an object under its cluster's folder in {@code index/}. */
  public static boolean isIndexName(String name) {
    return INDEX.matcher(name).matches();
  }

  // Names come from objects too: what these refuse could name something outside its folder.

  private static String folder(String kind, String clusterId, String unit) {
    require(isUnit(unit), "unit", unit);
    return kind + requireCluster(clusterId) + "/" + unit + "/";
  }

  private static String requireCluster(String clusterId) {
    require(isClusterId(clusterId), "cluster id", clusterId);
    return clusterId;
  }

  private static String requireBackup(String backupId) {
    require(isBackupId(backupId), "backup id", backupId);
    return backupId;
  }

  private static void require(boolean holds, String what, String text) {
    if (!holds) {
      throw new IllegalArgumentException("not a " + what + ": " + Damage.quote(text));
    }
  }
}
