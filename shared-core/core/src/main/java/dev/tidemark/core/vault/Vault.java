package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.time.Ids;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A vault on a store. Reading what is damaged fails with a {@link PermanentFailure} of kind DAMAGED
 * that names the object; what a newer release wrote with INVALID. May be used by several threads.
 */
public final class Vault {
  private static final String KIND = "vault";
  private static final int ID_LENGTH = 20;
  private static final int MAX_SMALL_BYTES = 64 << 10;
  private static final int PAGE = 1_000;
  private static final int NOTE_TRIES = 100;
  private static final Pattern MANIFEST = Pattern.compile("backups/([^/]+)/([^/]+)\\.json");
  private static final Pattern NUMBER = Pattern.compile(".*/([0-9]{6})(-[a-z0-9-]+)?\\.json");

  private final BlobStore store;
  private final String id;

  private Vault(BlobStore store, String id) {
    this.store = store;
    this.id = id;
  }

  /**
   * Opens a vault.
   *
   * @throws PermanentFailure NOT_FOUND where the store holds none; INVALID where it is of a newer
   *     format; DAMAGED
   */
  public static Vault open(BlobStore store) {
    ByteBuffer bytes =
        read(store, VaultKeys.VAULT, MAX_SMALL_BYTES)
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.NOT_FOUND, store.description())
                        .expected("a vault")
                        .found("no " + VaultKeys.VAULT)
                        .hint("correct the location, or make a vault: tidemark vault create"));
    String id =
        single(VaultKeys.VAULT, bytes, KIND).text("vault", "the id of a vault", Vault::isId);
    return new Vault(store, id);
  }

  /**
   * Makes a vault.
   *
   * @throws PermanentFailure CONFLICT where there is one
   */
  public static Vault create(BlobStore store, Ids ids) {
    String id = ids.text(ID_LENGTH);
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("vault", id);
        });
    if (store.create(VaultKeys.VAULT, text.finish().plain()).existed()) {
      throw PermanentFailure.of(Kind.CONFLICT, store.description())
          .expected("no vault yet")
          .found("one");
    }
    return new Vault(store, id);
  }

  public String id() {
    return id;
  }

  public BlobStore store() {
    return store;
  }

  /**
   * Stores a text under a key: framed where the format wants it so. May be repeated: an object with
   * the same text is success.
   *
   * @throws PermanentFailure CONFLICT where the key has another text
   */
  public void put(String key, TextObject.Finished text) {
    boolean framed = isFramed(key);
    List<ByteBuffer> bytes = framed ? text.framed(key, Compression.DEFAULT).bytes() : text.plain();
    if (store.create(key, bytes).existed() && !isStored(key, text, framed)) {
      throw PermanentFailure.of(Kind.CONFLICT, key)
          .expected("no object, or one with the same content")
          .found("another one in " + store.description());
    }
  }

  /** The manifest of a backup, whether or not it is deleted. */
  public Optional<Manifest> manifest(String clusterId, String backupId) {
    String key = VaultKeys.manifest(clusterId, backupId);
    return read(store, key, ManifestText.MAX_BYTES).map(bytes -> ManifestText.parse(key, bytes));
  }

  /** Whether a backup exists: it has a manifest and no tombstone. */
  public boolean exists(String clusterId, String backupId) {
    return store.head(VaultKeys.manifest(clusterId, backupId)).isPresent()
        && !isDeleted(clusterId, backupId);
  }

  /** Whether a backup has a tombstone. */
  public boolean isDeleted(String clusterId, String backupId) {
    return store.head(VaultKeys.tombstone(clusterId, backupId)).isPresent();
  }

  public Optional<Tombstone> tombstone(String clusterId, String backupId) {
    String key = VaultKeys.tombstone(clusterId, backupId);
    return read(store, key, MAX_SMALL_BYTES).map(bytes -> Tombstone.parse(key, bytes));
  }

  /** Marks a backup as deleted. One that is marked already stays as it is. */
  public void delete(Tombstone tombstone) {
    String key = VaultKeys.tombstone(tombstone.cluster(), tombstone.backup());
    var unused = store.create(key, tombstone.text().plain());
  }

  /** Seals a backup. May be repeated with an equal manifest. */
  public void seal(Manifest manifest) {
    Manifest.Header header = manifest.header();
    put(VaultKeys.manifest(header.clusterId(), header.backup()), ManifestText.write(manifest));
  }

  /** A manifest that is there. */
  public record Listed(String clusterId, String backupId, Instant created) {
    public String key() {
      return VaultKeys.manifest(clusterId, backupId);
    }
  }

  /**
   * The manifests of a cluster, deleted backups' too, by backup id in byte order, in pages.
   *
   * @param clusterId empty for all clusters
   * @param after the last one of the page before; null for the first page
   * @return an empty page where there are no more
   */
  public List<Listed> manifests(String clusterId, @Nullable Listed after) {
    String from = after == null ? null : after.key();
    while (true) {
      List<BlobInfo> page = store.list(VaultKeys.manifests(clusterId), from, PAGE);
      List<Listed> listed = page.stream().flatMap(info -> listed(info).stream()).toList();
      if (!listed.isEmpty() || page.isEmpty()) {
        return listed;
      }
      from = page.get(page.size() - 1).key();
    }
  }

  /** The ids of all clusters with manifests. */
  public List<String> clusters() {
    var clusters = new ArrayList<String>();
    String after = null;
    while (true) {
      List<BlobInfo> page = store.list(VaultKeys.manifests(""), after, 1);
      if (page.isEmpty()) {
        return clusters;
      }
      String key = page.get(0).key();
      after = key;
      Optional<Listed> listed = listed(page.get(0));
      if (listed.isPresent()) {
        clusters.add(listed.get().clusterId());
        // '0' follows '/', so this is past every key of this cluster and of no other.
        after = key.substring(0, key.lastIndexOf('/')) + "0";
      }
    }
  }

  /** The owner of a cluster's backups; nothing before its first backup. */
  public Optional<Owner> owner(String clusterId) {
    List<Owner> owners = owners(clusterId);
    return owners.isEmpty() ? Optional.empty() : Optional.of(owners.get(owners.size() - 1));
  }

  /** All owners of a cluster's backups, the present one last. */
  public List<Owner> owners(String clusterId) {
    return ownerKeys(clusterId).stream().map(this::ownerAt).toList();
  }

  /** The keys of a cluster's owner objects, in the order of their numbers. */
  public List<String> ownerKeys(String clusterId) {
    return numbered(VaultKeys.owners(clusterId));
  }

  /** The owner object of a key. */
  public Owner ownerAt(String key) {
    return Owner.parse(key, required(key));
  }

  /**
   * Makes a deployment the owner of a cluster's backups, if it is not.
   *
   * @param before the owner as last read; null where there was none
   * @return the owner now: another deployment where it was faster
   */
  public Owner own(String clusterId, @Nullable Owner before, String deployment, Instant since) {
    var owner = new Owner(before == null ? 1 : before.n() + 1, clusterId, deployment, since);
    String key = VaultKeys.owner(clusterId, owner.n());
    if (store.create(key, owner.text().plain()).existed()) {
      return owner(clusterId).orElseThrow(() -> Damage.of(key, "an owner", "none"));
    }
    return owner;
  }

  /** A backup's notes, in the order of their numbers. */
  public List<Note> notes(String clusterId, String backupId) {
    return noteKeys(clusterId, backupId).stream().map(this::noteAt).toList();
  }

  /** The keys of a backup's notes, in the order of their numbers. */
  public List<String> noteKeys(String clusterId, String backupId) {
    return numbered(VaultKeys.notes(clusterId, backupId));
  }

  /** The note of a key. */
  public Note noteAt(String key) {
    return Note.parse(key, required(key));
  }

  /**
   * Adds a note to a backup, under the next number that is free. Repeating it adds another one.
   *
   * @param until null where it does not end
   */
  public Note note(
      String clusterId,
      String backupId,
      String kind,
      String text,
      Instant time,
      @Nullable Instant until) {
    List<String> others = noteKeys(clusterId, backupId);
    int n = others.isEmpty() ? 1 : number(others.get(others.size() - 1)) + 1;
    for (int last = n + NOTE_TRIES; n < last; n++) {
      var note = new Note(n, clusterId, backupId, kind, time, text, until);
      String key = VaultKeys.note(clusterId, backupId, n, kind);
      if (!store.create(key, note.object().plain()).existed()) {
        return note;
      }
    }
    throw PermanentFailure.of(Kind.FAILED, VaultKeys.notes(clusterId, backupId))
        .expected("a free number for a note")
        .found(NOTE_TRIES + " notes by others meanwhile");
  }

  /** The number in the key of an owner object or note; 0 where it has none. */
  public static int number(String key) {
    Matcher match = NUMBER.matcher(key);
    return match.matches() ? Integer.parseInt(match.group(1)) : 0;
  }

  /** Reads any object of an index for its SHA-256. */
  public void checkIndex(String clusterId, Manifest.IndexRef index) {
    String key = VaultKeys.index(clusterId, index.name());
    String found = TextReader.sum(store, key);
    if (!found.equals(index.sha256())) {
      throw Damage.of(key, "a text with SHA-256 " + index.sha256(), found);
    }
  }

  /** Opens the index of a lane. */
  public LaneText.Reader lane(String clusterId, Manifest.IndexRef index) {
    String key = VaultKeys.index(clusterId, index.name());
    return LaneText.open(store, key, index.sha256());
  }

  /** The record of a unit in the index of its lane. */
  public Optional<UnitRecord> unit(String clusterId, Manifest.IndexRef index, String unit) {
    try (LaneText.Reader lane = lane(clusterId, index)) {
      for (UnitRecord record = lane.next(); record != null; record = lane.next()) {
        if (record.unit().equals(unit)) {
          return Optional.of(record);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Opens the plan of a run.
   *
   * @return nothing where there is none
   */
  public Optional<PlanText.Reader> plan(String clusterId, String writer) {
    String key = VaultKeys.index(clusterId, VaultKeys.indexName(writer, "plan"));
    return store.head(key).map(info -> PlanText.open(store, key, null));
  }

  /** What was counted and answered. */
  public CensusText.Census census(String clusterId, Manifest.IndexRef index) {
    return CensusText.read(store, VaultKeys.index(clusterId, index.name()), index.sha256());
  }

  /**
   * The definitions of a backup's collections, in the engine's own form.
   *
   * @param sha256 of the object's plaintext; null where nobody knows it yet
   * @return empty where the backup has none
   */
  public String schema(String clusterId, String writer, @Nullable String sha256) {
    String key = VaultKeys.index(clusterId, VaultKeys.indexName(writer, "schema"));
    return sha256 == null && store.head(key).isEmpty() ? "" : SchemaText.read(store, key, sha256);
  }

  /** What a backup does not hold. */
  public CoverageText.Coverage coverage(String clusterId, Manifest.IndexRef index) {
    return CoverageText.read(store, VaultKeys.index(clusterId, index.name()), index.sha256());
  }

  /** The header of a text of one line. */
  static JsonObject single(String key, ByteBuffer bytes, String kind) {
    try (TextReader text = TextReader.plain(key, bytes, kind)) {
      text.drain();
      return text.header();
    }
  }

  /** Refuses an object that belongs under another key. */
  static void requireKey(String key, String own) {
    if (!key.equals(own)) {
      throw Damage.of(key, "the object of this key", "that of " + own);
    }
  }

  private boolean isStored(String key, TextObject.Finished text, boolean framed) {
    if (!framed) {
      Optional<ByteBuffer> found = store.read(key, 0, Math.toIntExact(text.bytes() + 1));
      return found.isPresent() && isEqual(text.plain(), found.get());
    }
    try (var frames = new FrameStream(ObjectStream.of(store, key, -1), TextObject.MAX_BYTES)) {
      for (ByteBuffer segment : text.plain()) {
        ByteBuffer frame = frames.next();
        if (frame == null || !frame.equals(segment)) {
          return false;
        }
      }
      return frames.next() == null;
    }
  }

  private static boolean isEqual(List<ByteBuffer> segments, ByteBuffer found) {
    ByteBuffer rest = found.slice();
    for (ByteBuffer segment : segments) {
      int n = segment.remaining();
      if (rest.remaining() < n || !rest.slice(rest.position(), n).equals(segment)) {
        return false;
      }
      rest.position(rest.position() + n);
    }
    return !rest.hasRemaining();
  }

  private static boolean isFramed(String key) {
    return key.startsWith("parts/") || key.startsWith("index/");
  }

  private static boolean isId(String text) {
    return text.length() == ID_LENGTH && text.matches("[a-z0-9]+");
  }

  private static Optional<Listed> listed(BlobInfo info) {
    Matcher match = MANIFEST.matcher(info.key());
    return match.matches()
            && VaultKeys.isClusterId(match.group(1))
            && VaultKeys.isBackupId(match.group(2))
        ? Optional.of(new Listed(match.group(1), match.group(2), info.created()))
        : Optional.empty();
  }

  private List<String> numbered(String prefix) {
    return keys(prefix).stream().filter(key -> number(key) > 0).toList();
  }

  private List<String> keys(String prefix) {
    var keys = new ArrayList<String>();
    List<BlobInfo> page = store.list(prefix, null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(info -> keys.add(info.key()));
      page = store.list(prefix, keys.get(keys.size() - 1), PAGE);
    }
    return keys;
  }

  private ByteBuffer required(String key) {
    return read(store, key, MAX_SMALL_BYTES).orElseThrow(() -> Damage.of(key, "an object", "none"));
  }

  private static Optional<ByteBuffer> read(BlobStore store, String key, int limit) {
    Optional<ByteBuffer> bytes = store.read(key, 0, limit + 1);
    if (bytes.isPresent() && bytes.get().remaining() > limit) {
      throw Damage.of(key, "at most " + limit + " bytes", "more");
    }
    return bytes;
  }
}
