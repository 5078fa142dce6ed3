package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one part as a stream and checks it: every line as it comes; digests, count and borders
 * after the last entry. What was read is only proven once {@link #next} has answered null. Every
 * failure of its content is a {@link dev.tidemark.core.failure.PermanentFailure} of kind DAMAGED
 * that names the part's key. For one thread.
 */
public final class PartReader implements AutoCloseable {
  private static final Set<String> NOTE_KINDS =
      Set.of("special", "vanished", "unreadable", "changed");

  private final TextReader text;
  private final @Nullable PartRef expected;
  private final PartHeader header;
  private final List<BlobRef> blobs = new ArrayList<>();
  private final List<PartNote> notes = new ArrayList<>();
  private final EntryRules rules = new EntryRules();
  private boolean atLine;
  private boolean ended;
  private long entries;
  private EntryPath first = EntryPath.ROOT;
  private EntryPath last = EntryPath.ROOT;
  private @Nullable Unfinished unfinished;

  private PartReader(TextReader text, PartHeader header, @Nullable PartRef expected) {
    this.text = text;
    this.header = header;
    this.expected = expected;
    readBlobs();
  }

  /**
   * Opens a part and reads its header and blob table.
   *
   * @param name {@code writer.epoch.n}
   * @param expected what a unit record says of it; null where nothing does
   */
  public static PartReader open(
      BlobStore store, String clusterId, String unit, String name, @Nullable PartRef expected) {
    String key = VaultKeys.part(clusterId, unit, name);
    TextReader text =
        TextReader.framed(
            store,
            key,
            "part",
            expected == null ? -1 : expected.stored(),
            expected == null ? null : expected.sha256());
    try {
      return new PartReader(text, header(text.header(), clusterId, unit, name), expected);
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  public PartHeader header() {
    return header;
  }

  /** The blob table. */
  public List<BlobRef> blobs() {
    return Collections.unmodifiableList(blobs);
  }

  /** The next entry; null after the last one, when the whole part has been checked. */
  public @Nullable Entry next() {
    while (!ended && (atLine || advance())) {
      atLine = false;
      switch (text.firstKey()) {
        case "path" -> {
          return entry();
        }
        case "note" -> notes.add(note(text.object()));
        case "unfinished" -> unfinished = readUnfinished();
        case "blob" -> throw text.damaged("blobs before entries", "a blob");
        default -> {}
      }
    }
    return null;
  }

  /** How many entries were read. */
  public long entries() {
    return entries;
  }

  /** The notes; complete after the last entry. */
  public List<PartNote> notes() {
    return Collections.unmodifiableList(notes);
  }

  /** The file whose reading goes on in the next part; known after the last entry. */
  public @Nullable Unfinished unfinished() {
    return unfinished;
  }

  @Override
  public void close() {
    text.close();
  }

  private boolean advance() {
    if (text.next()) {
      return true;
    }
    ended = true;
    requireExpected();
    return false;
  }

  private Entry entry() {
    if (!notes.isEmpty() || unfinished != null) {
      throw text.damaged("entries before notes", "an entry");
    }
    Entry entry = EntryJson.read(text, blobs);
    String wrong = rules.wrong(entry);
    if (wrong != null) {
      throw text.damaged("entries as the format says", wrong);
    }
    first = entries == 0 ? entry.path() : first;
    last = entry.path();
    entries++;
    return entry;
  }

  private void requireExpected() {
    PartRef ref = expected;
    if (ref != null
        && (ref.entries() != entries || !ref.first().equals(first) || !ref.last().equals(last))) {
      throw Damage.of(
          text.key(),
          "%d entries from %s to %s"
              .formatted(ref.entries(), quote(ref.first()), quote(ref.last())),
          "%d from %s to %s".formatted(entries, quote(first), quote(last)));
    }
  }

  private static PartHeader header(JsonObject line, String clusterId, String unit, String name) {
    line.requireText("cluster", clusterId);
    line.requireText("unit", unit);
    var header =
        new PartHeader(
            clusterId,
            unit,
            line.text("writer"),
            line.smallCount("epoch"),
            line.smallCount("n"),
            line.text("backup", "a backup id", VaultKeys::isBackupId),
            line.text("snapshot"),
            line.count("chunk"));
    if (!header.name().equals(name)) {
      throw line.wrong("writer", "that of the part's name", Damage.quote(header.name()));
    }
    long chunk = header.chunk();
    if (chunk <= 0 || chunk % TreeDigest.LEAF_BYTES != 0 || chunk > EntryRules.MAX_CHUNK_BYTES) {
      throw line.wrong("chunk", "a multiple of 8 MiB up to 56", Long.toString(chunk));
    }
    return header;
  }

  private void readBlobs() {
    while (advance()) {
      if (text.firstKey().equals("blob")) {
        blobs.add(blob(text.object()));
        if (blobs.size() > PartWriter.MAX_BLOBS) {
          throw text.damaged("at most " + PartWriter.MAX_BLOBS + " blobs", "more");
        }
      } else if (isKnown(text.firstKey())) {
        atLine = true;
        return;
      }
    }
  }

  private static boolean isKnown(String firstKey) {
    return firstKey.equals("path") || firstKey.equals("note") || firstKey.equals("unfinished");
  }

  private BlobRef blob(JsonObject line) {
    if (line.count("blob") != blobs.size()) {
      throw line.wrong("blob", Integer.toString(blobs.size()), Long.toString(line.count("blob")));
    }
    line.requireText("kind", "framed");
    var blob =
        new BlobRef(
            line.text("name", "the name of a blob", VaultKeys::isNumbered),
            line.text("id", "32 hex digits", id -> id.length() == 32 && EntryRules.isHex(id)),
            line.count("stored"),
            line.count("plain"),
            Checksum.parse(line.text("check", "a checksum", PartReader::isChecksum)));
    if (!Framed.possible(blob.stored(), blob.plain())) {
      throw line.wrong("stored", "the size of a blob", blob.stored() + " for " + blob.plain());
    }
    return blob;
  }

  private static boolean isChecksum(String text) {
    int colon = text.indexOf(':');
    return text.equals(Checksum.NONE.toString())
        || (colon > 0
            && colon < 20
            && text.length() < 160
            && EntryRules.isHex(text.substring(colon + 1)));
  }

  private PartNote note(JsonObject line) {
    if (notes.size() >= PartWriter.MAX_NOTES) {
      throw text.damaged("at most " + PartWriter.MAX_NOTES + " notes", "more");
    }
    return note(line, line.text("note", "a known kind", NOTE_KINDS::contains));
  }

  static PartNote note(JsonObject line, String kind) {
    return new PartNote(kind, path(line, "path"), line.text("detail"));
  }

  static EntryPath path(JsonObject line, String field) {
    String escaped = line.text(field);
    try {
      return EntryPath.parse(escaped);
    } catch (IllegalArgumentException e) {
      throw line.wrong(field, "a path", Damage.quote(escaped)).cause(e);
    }
  }

  private Unfinished readUnfinished() {
    if (unfinished != null) {
      throw text.damaged("one unfinished file", "a second");
    }
    try {
      Unfinished file = unfinishedLine(text.parser());
      text.requireLineEnd();
      String wrong = EntryRules.wrongSoFar(file);
      if (wrong != null) {
        throw text.damaged("an unfinished file as the format says", wrong);
      }
      return file;
    } catch (IOException e) {
      throw text.damaged("an unfinished file", "a line that is no JSON").cause(e);
    } catch (IllegalArgumentException e) {
      throw text.damaged("an unfinished file", Damage.quote(String.valueOf(e.getMessage())))
          .cause(e);
    }
  }

  private Unfinished unfinishedLine(JsonParser json) throws IOException {
    String path = "";
    String identity = "";
    long size = 0;
    List<Extent> extents = List.of();
    String leaves = "";
    for (JsonToken t = json.currentToken(); t == JsonToken.FIELD_NAME; t = json.nextToken()) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "unfinished" -> path = json.getText();
        case "id" -> identity = json.getText();
        case "size" -> size = json.getLongValue();
        case "extents" -> extents = EntryJson.extents(json, blobs);
        case "leaves" -> leaves = json.getText();
        default -> json.skipChildren();
      }
    }
    return new Unfinished(EntryPath.parse(path), identity, size, extents, leaves);
  }

  private static String quote(EntryPath path) {
    return Damage.quote(path.toString());
  }
}
