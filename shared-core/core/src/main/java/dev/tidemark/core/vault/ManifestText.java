package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Manifests as texts. */
public final class ManifestText {
  /** The largest manifest. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String KIND = "manifest";

  private ManifestText() {}

  /**
   * The text of a manifest.
   *
   * @throws IllegalArgumentException where it would be more than {@link #MAX_BYTES}
   */
  public static TextObject.Finished write(Manifest manifest) {
    TextObject.Finished finished = text(manifest);
    if (finished.bytes() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a manifest of %d bytes, more than %d".formatted(finished.bytes(), MAX_BYTES));
    }
    return finished;
  }

  /** How many bytes the text of a manifest has, be that too many or not. */
  public static long bytes(Manifest manifest) {
    return text(manifest).bytes();
  }

  private static TextObject.Finished text(Manifest manifest) {
    var text = new TextObject.Writer();
    text.line(json -> write(json, manifest.header()));
    text.line(json -> write(json, manifest.body()));
    return text.finish();
  }

  /**
   * Reads a manifest, and checks that it is the one of its key.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED; INVALID where its format is newer
   */
  public static Manifest parse(String key, ByteBuffer bytes) {
    try (TextReader text = TextReader.plain(key, bytes, KIND)) {
      Manifest.Header header = header(text.header());
      Manifest.Body body = null;
      while (text.next()) {
        JsonObject line = text.object();
        if (line.has("index")) {
          body = body(line);
        }
      }
      if (body == null) {
        throw Damage.of(key, "a manifest of two lines", "none with an index");
      }
      Vault.requireKey(key, VaultKeys.manifest(header.clusterId(), header.backup()));
      return new Manifest(header, body);
    }
  }

  private static void write(JsonGenerator json, Manifest.Header header) throws IOException {
    json.writeStringField("format", KIND + "/1.0");
    json.writeStringField("vault", header.vault());
    json.writeStringField("backup", header.backup());
    json.writeStringField("cluster", header.cluster());
    json.writeStringField("clusterId", header.clusterId());
    json.writeStringField("engine", header.engine());
    json.writeStringField("engineVersion", header.engineVersion());
    json.writeStringField("fingerprint", header.fingerprint());
    json.writeStringField("writer", header.writer());
    json.writeStringField("started", Times.text(header.started()));
    json.writeStringField("sealed", Times.text(header.sealed()));
    json.writeStringField("consistency", header.consistency());
    json.writeStringField("scope", header.scope());
    json.writeNumberField("units", header.units());
    json.writeNumberField("entries", header.entries());
    json.writeNumberField("files", header.files());
    json.writeNumberField("bytes", header.bytes());
    json.writeNumberField("stored", header.stored());
    LaneText.writeCounts(json, "notes", header.notes());
    json.writeNumberField("missing", header.missing());
    json.writeNumberField("unreachable", header.unreachable());
    if (header.base() != null) {
      json.writeStringField("base", header.base());
    }
    if (header.policy() != null) {
      json.writeStringField("policy", header.policy());
    }
    json.writeObjectFieldStart("labels");
    for (var label : new TreeMap<>(header.labels()).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    json.writeStringField("compression", header.compression());
    json.writeNumberField("chunk", header.chunk());
    json.writeStringField("encryption", header.encryption());
    json.writeStringField("config", header.config());
    json.writeStringField("tidemark", header.tidemark());
    json.writeStringField("root", header.root());
  }

  private static void write(JsonGenerator json, Manifest.Body body) throws IOException {
    writeTexts(json, "nodes", body.nodes());
    writeTexts(json, "collections", body.collections());
    writeTexts(json, "include", body.include());
    writeTexts(json, "exclude", body.exclude());
    json.writeArrayFieldStart("index");
    for (Manifest.IndexRef index : body.index()) {
      json.writeStartObject();
      json.writeStringField("name", index.name());
      json.writeStringField("sha256", index.sha256());
      json.writeNumberField("units", index.units());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static Manifest.Header header(JsonObject line) {
    return new Manifest.Header(
        line.text("vault"),
        line.text("backup", "a backup id", VaultKeys::isBackupId),
        line.text("cluster", "the name of a cluster", VaultKeys::isClusterName),
        line.text("clusterId", "a cluster id", VaultKeys::isClusterId),
        line.text("engine"),
        line.text("engineVersion"),
        line.text("fingerprint"),
        line.text("writer", "a writer", VaultKeys::isWriter),
        line.time("started"),
        line.time("sealed"),
        line.text("consistency"),
        line.text("scope"),
        line.count("units"),
        line.count("entries"),
        line.count("files"),
        line.count("bytes"),
        line.count("stored"),
        line.counts("notes"),
        line.count("missing"),
        line.count("unreachable"),
        line.nullableText("base"),
        line.nullableText("policy"),
        line.labels("labels"),
        line.text("compression"),
        line.count("chunk"),
        line.text("encryption", "none", "none"::equals),
        line.text("config"),
        line.text("tidemark"),
        line.text("root", "64 hex digits", EntryRules::isSha256));
  }

  private static Manifest.Body body(JsonObject line) {
    var index = new ArrayList<Manifest.IndexRef>();
    for (JsonObject ref : line.objects("index")) {
      index.add(
          new Manifest.IndexRef(
              ref.text("name", "the name of an index object", VaultKeys::isIndexName),
              ref.text("sha256", "64 hex digits", EntryRules::isSha256),
              ref.count("units")));
    }
    return new Manifest.Body(
        line.texts("nodes"),
        line.texts("collections"),
        line.texts("include"),
        line.texts("exclude"),
        List.copyOf(index));
  }
}
