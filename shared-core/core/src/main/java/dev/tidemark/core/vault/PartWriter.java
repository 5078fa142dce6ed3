package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one part in memory. For one thread. */
public final class PartWriter {
  /** A part is cut at this many entries, */
  public static final int MAX_ENTRIES = 50_000;

  /** or at this much text. */
  public static final long CUT_BYTES = 8 << 20;

  static final int MAX_BLOBS = 200_000;
  static final int MAX_NOTES = 100_000;

  private final PartHeader header;
  private final Compression compression;
  private final Map<String, Numbered> blobs = new LinkedHashMap<>();
  private final Segments entryLines = new Segments();
  private final JsonGenerator entryJson = Json.generator(entryLines);
  private final Segments noteLines = new Segments();
  private final JsonGenerator noteJson = Json.generator(noteLines);
  private final EntryRules rules = new EntryRules();
  private long entries;
  private int notes;
  private EntryPath first = EntryPath.ROOT;
  private EntryPath last = EntryPath.ROOT;
  private @Nullable Numbered recent;
  private @Nullable Unfinished unfinished;

  public PartWriter(PartHeader header, Compression compression) {
    this.header = header;
    this.compression = compression;
  }

  private record Numbered(BlobRef blob, int number) {}

  /**
   * A part ready to be stored.
   *
   * @param object the framed object
   * @param ref what a unit record says of it
   */
  public record Finished(List<ByteBuffer> object, PartRef ref) {}

  /**
   * Adds the next entry.
   *
   * @throws IllegalArgumentException where the entry is not as the format says, or its path not
   *     after the one before
   */
  public void add(Entry entry) {
    String wrong = rules.wrong(entry);
    if (wrong != null) {
      throw new IllegalArgumentException(wrong);
    }
    Json.line(entryJson, json -> EntryJson.write(json, entry, this::number));
    first = entries == 0 ? entry.path() : first;
    last = entry.path();
    entries++;
  }

  public void add(PartNote note) {
    if (++notes > MAX_NOTES) {
      throw new IllegalStateException("a part with more than " + MAX_NOTES + " notes");
    }
    Json.line(noteJson, json -> write(json, note));
  }

  /** Says that a file's reading goes on in the next part; the last thing that is added. */
  public void unfinished(Unfinished file) {
    String wrong = EntryRules.wrongSoFar(file);
    if (wrong != null) {
      throw new IllegalArgumentException(wrong);
    }
    this.unfinished = file;
    file.extents().stream()
        .map(Extent::blob)
        .forEach(
            blob -> {
              if (blob != null) {
                number(blob);
              }
            });
  }

  public long entries() {
    return entries;
  }

  /** How long the text of entries and notes is so far. */
  public long plainBytes() {
    return entryLines.bytes() + noteLines.bytes();
  }

  /** Whether the part should be finished before the next entry. */
  public boolean full() {
    return entries >= MAX_ENTRIES || plainBytes() >= CUT_BYTES || 2 * blobs.size() > MAX_BLOBS;
  }

  /** Path of the last entry; the root where there is none. */
  public EntryPath last() {
    return last;
  }

  /** Ends the part; nothing may be added any more. */
  public Finished finish() {
    var text = new TextObject.Writer();
    text.line(this::writeHeader);
    blobs.values().forEach(blob -> text.line(json -> write(json, blob)));
    text.lines(entryLines);
    text.lines(noteLines);
    Unfinished rest = unfinished;
    if (rest != null) {
      text.line(json -> write(json, rest));
    }
    TextObject.Finished plain = text.finish();
    String key = VaultKeys.part(header.cluster(), header.unit(), header.name());
    Framed.Encoded object = plain.framed(key, compression);
    var ref = new PartRef(header.name(), first, last, entries, object.stored(), plain.sha256());
    return new Finished(object.bytes(), ref);
  }

  private int number(BlobRef blob) {
    Numbered found = recent;
    if (found == null || !found.blob().name().equals(blob.name())) {
      found = blobs.computeIfAbsent(blob.name(), name -> new Numbered(blob, blobs.size()));
      recent = found;
    }
    if (!found.blob().equals(blob)) {
      throw new IllegalArgumentException("two descriptions of blob " + blob.name());
    }
    return found.number();
  }

  private void writeHeader(JsonGenerator json) throws IOException {
    json.writeStringField("format", "part/1.0");
    json.writeStringField("cluster", header.cluster());
    json.writeStringField("unit", header.unit());
    json.writeStringField("writer", header.writer());
    json.writeNumberField("epoch", header.epoch());
    json.writeNumberField("n", header.n());
    json.writeStringField("backup", header.backup());
    json.writeStringField("snapshot", header.snapshot());
    json.writeNumberField("chunk", header.chunk());
  }

  private static void write(JsonGenerator json, Numbered numbered) throws IOException {
    BlobRef blob = numbered.blob();
    json.writeNumberField("blob", numbered.number());
    json.writeStringField("name", blob.name());
    json.writeStringField("id", blob.id());
    json.writeStringField("kind", "framed");
    json.writeNumberField("stored", blob.stored());
    json.writeNumberField("plain", blob.plain());
    json.writeStringField("check", blob.check().toString());
  }

  private static void write(JsonGenerator json, PartNote note) throws IOException {
    json.writeStringField("note", note.kind());
    json.writeStringField("path", note.path().toString());
    json.writeStringField("detail", note.detail());
  }

  private void write(JsonGenerator json, Unfinished file) throws IOException {
    json.writeStringField("unfinished", file.path().toString());
    json.writeStringField("id", file.identity());
    json.writeNumberField("size", file.size());
    EntryJson.writeExtents(json, file.extents(), this::number);
    json.writeStringField("leaves", file.leaves());
  }
}
