package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Entries as lines of a part. */
final class EntryJson {
  private static final int HOLE = -1;
  private static final int NANO_DIGITS = 9;

  private EntryJson() {}

  static void write(JsonGenerator json, Entry entry, ToIntFunction<BlobRef> blobs)
      throws IOException {
    FileMeta meta = entry.meta();
    boolean file = meta.type() == FileType.FILE;
    json.writeStringField("path", meta.path().toString());
    json.writeStringField("type", meta.type().word());
    if (file) {
      json.writeNumberField("size", meta.size());
    }
    json.writeStringField("mode", Integer.toOctalString(meta.mode()));
    json.writeNumberField("uid", Integer.toUnsignedLong(meta.uid()));
    json.writeNumberField("gid", Integer.toUnsignedLong(meta.gid()));
    json.writeStringField("mtime", mtime(meta));
    if (meta.target() != null) {
      json.writeStringField("target", meta.target());
    }
    json.writeStringField("id", entry.identity());
    if (entry.strong()) {
      json.writeBooleanField("strong", true);
    }
    if (entry.changed()) {
      json.writeBooleanField("changed", true);
    }
    if (entry.digest() != null) {
      json.writeStringField("digest", entry.digest().toString());
    }
    if (file) {
      writeExtents(json, entry.extents(), blobs);
    }
  }

  static void writeExtents(JsonGenerator json, List<Extent> extents, ToIntFunction<BlobRef> blobs)
      throws IOException {
    json.writeArrayFieldStart("extents");
    for (Extent extent : extents) {
      json.writeStartArray();
      json.writeNumber(extent.blob() == null ? HOLE : blobs.applyAsInt(extent.blob()));
      json.writeNumber(extent.offset());
      json.writeNumber(extent.length());
      if (extent.digest() != null) {
        json.writeString(extent.digest().toString());
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  static String mtime(FileMeta meta) {
    String nanos = Integer.toString(meta.mtimeNanos());
    return meta.mtimeSeconds() + "." + "0".repeat(NANO_DIGITS - nanos.length()) + nanos;
  }

  /**
   * Reads the entry in the current line. The rules of {@link EntryRules} are not checked here.
   *
   * @param blobs of the part, by number
   */
  static Entry read(TextReader text, List<BlobRef> blobs) {
    try {
      var reading = new Reading(text, blobs);
      reading.fields();
      text.requireLineEnd();
      return reading.entry();
    } catch (IOException e) {
      throw text.damaged("an entry", "a line that is no JSON").cause(e);
    } catch (IllegalArgumentException e) {
      throw text.damaged("an entry", Damage.quote(String.valueOf(e.getMessage()))).cause(e);
    }
  }

  static Digest digest(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a digest: " + text);
    }
    String kind = text.substring(0, colon);
    String known =
        kind.equals(Digest.SHA256) ? Digest.SHA256 : kind.equals(Digest.TREE) ? Digest.TREE : kind;
    return new Digest(known, text.substring(colon + 1));
  }

  /** The extents in the value at which the parser is. */
  static List<Extent> extents(JsonParser json, List<BlobRef> blobs) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "extents that are no list");
    var extents = new ArrayList<Extent>(1);
    while (json.nextToken() == JsonToken.START_ARRAY) {
      extents.add(extent(json, blobs));
    }
    require(json.currentToken() == JsonToken.END_ARRAY, "an extent that is no list");
    return extents.size() == 1 ? List.of(extents.get(0)) : List.copyOf(extents);
  }

  private static Extent extent(JsonParser json, List<BlobRef> blobs) throws IOException {
    long number = number(json);
    long offset = number(json);
    long length = number(json);
    Digest digest = null;
    if (json.nextToken() == JsonToken.VALUE_STRING) {
      digest = digest(json.getText());
      json.nextToken();
    }
    require(json.currentToken() == JsonToken.END_ARRAY, "an extent with other fields");
    require(number >= HOLE && number < blobs.size(), "an extent in a blob without line");
    return new Extent(number == HOLE ? null : blobs.get((int) number), offset, length, digest);
  }

  private static long number(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.VALUE_NUMBER_INT, "an extent without a number");
    return json.getLongValue();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** One reading of a line. */
  private static final class Reading {
    private final JsonParser json;
    private final List<BlobRef> blobs;
    private @Nullable EntryPath path;
    private @Nullable FileType type;
    private long size = -1;
    private int mode = -1;
    private long uid = -1;
    private long gid = -1;
    private String mtime = "";
    private @Nullable String target;
    private @Nullable String identity;
    private boolean strong;
    private boolean changed;
    private @Nullable Digest digest;
    private List<Extent> extents = List.of();

    Reading(TextReader text, List<BlobRef> blobs) {
      this.json = text.parser();
      this.blobs = blobs;
    }

    void fields() throws IOException {
      for (JsonToken t = json.currentToken(); t == JsonToken.FIELD_NAME; t = json.nextToken()) {
        String name = json.currentName();
        json.nextToken();
        field(name);
      }
    }

    private void field(String name) throws IOException {
      switch (name) {
        case "path" -> path = EntryPath.parse(text());
        case "type" -> type = type(text());
        case "size" -> size = count();
        case "mode" -> mode = mode(text());
        case "uid" -> uid = count();
        case "gid" -> gid = count();
        case "mtime" -> mtime = text();
        case "target" -> target = text();
        case "id" -> identity = text();
        case "strong" -> strong = json.getBooleanValue();
        case "changed" -> changed = json.getBooleanValue();
        case "digest" -> digest = digest(text());
        case "extents" -> extents = extents(json, blobs);
        default -> json.skipChildren();
      }
    }

    Entry entry() {
      if (path == null || type == null || identity == null) {
        throw new IllegalArgumentException("an entry without path, type or id");
      }
      require((size >= 0) == (type == FileType.FILE), "a size that is missing or not due");
      int dot = mtime.length() - NANO_DIGITS - 1;
      require(dot > 0 && mtime.charAt(dot) == '.', "not a time: " + mtime);
      int nanos = Integer.parseInt(mtime.substring(dot + 1));
      long seconds = Long.parseLong(mtime.substring(0, dot));
      var meta =
          new FileMeta(
              path, type, Math.max(0, size), mode, owner(uid), owner(gid), seconds, nanos, target);
      require(mtime.equals(EntryJson.mtime(meta)), "not a time: " + mtime);
      return new Entry(meta, identity, strong, changed, digest, extents);
    }

    private String text() throws IOException {
      require(json.currentToken() == JsonToken.VALUE_STRING, "a value that is no text");
      return json.getText();
    }

    private long count() throws IOException {
      require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "a value that is no number");
      long value = json.getLongValue();
      require(value >= 0, "a negative number");
      return value;
    }

    private static int owner(long id) {
      require(id >= 0 && id <= 0xffff_ffffL, "no owner: " + id);
      return (int) id;
    }

    private static int mode(String octal) {
      int mode = Integer.parseInt(octal, 8);
      require(octal.equals(Integer.toOctalString(mode)), "not a mode: " + octal);
      return mode;
    }

    private static FileType type(String word) {
      for (FileType type : FileType.values()) {
        if (type.word().equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException("no type of entry: " + word);
    }
  }
}
