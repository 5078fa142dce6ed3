package dev.tidemark.contract.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.audit.VaultAudit.Meta;
import dev.tidemark.contract.audit.VaultAudit.Restored;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Restores one unit in memory. */
final class UnitAudit {
  private static final int LEAF = 8 << 20;

  private final VaultObjects objects;
  private final String clusterId;
  private final JsonNode record;
  private final String unit;
  private final Map<String, Restored> entries = new TreeMap<>();
  private final MessageDigest root = VaultObjects.sha256();
  private final MessageDigest listing = VaultObjects.sha256();
  private byte @Nullable [] before;
  private boolean beforeIsDirectory;
  private String cachedKey = "";
  private byte[] cached = new byte[0];
  private long files;
  private long bytes;
  private long weak;

  UnitAudit(VaultObjects objects, String clusterId, JsonNode record) {
    this.objects = objects;
    this.clusterId = clusterId;
    this.record = record;
    this.unit = record.path("unit").asText();
  }

  /**
   * The shards by canonical name, each with its entries by escaped path: a unit of one is that
   * shard, in one of several each is a folder.
   */
  Map<String, Map<String, Restored>> shards() {
    Map<String, Restored> all = entries();
    if (record.path("shards").size() == 1) {
      return Map.of(record.path("name").asText(), all);
    }
    var shards = new TreeMap<String, Map<String, Restored>>();
    int taken = 0;
    for (JsonNode shard : record.path("shards")) {
      String name = escaped(shard.path("shard").asText());
      String folder = name.replace("%", "%25");
      var own = new TreeMap<String, Restored>();
      all.forEach(
          (path, entry) -> {
            if (path.equals(folder)) {
              own.put("", entry);
            } else if (path.startsWith(folder + "/")) {
              own.put(path.substring(folder.length() + 1), entry);
            }
          });
      Restored root = own.get("");
      Unreadable.unless(
          root != null && root.meta().type().equals("dir"), "unit " + unit, "no folder of " + name);
      shards.put(escaped(shard.path("collection").asText()) + "/" + name, own);
      taken += own.size();
    }
    VaultAudit.require("unit " + unit, "entries of shards", all.size(), taken);
    return shards;
  }

  /** As in a canonical name. */
  private static String escaped(String text) {
    var escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= 32 && b < 127 && "%\"\\/".indexOf(b) < 0;
      escaped.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return escaped.toString();
  }

  /** The entries by escaped path. */
  private Map<String, Restored> entries() {
    String name = record.path("name").asText();
    String hash =
        VaultObjects.hex(VaultObjects.sha256().digest(name.getBytes(StandardCharsets.UTF_8)));
    VaultAudit.require("unit " + unit, "key", hash.substring(0, 20), unit);
    for (JsonNode part : parts()) {
      part(part);
    }
    String subject = "unit " + unit;
    VaultAudit.require(subject, "entries", record.path("entries").asLong(), (long) entries.size());
    VaultAudit.require(subject, "files", record.path("files").asLong(), files);
    VaultAudit.require(subject, "bytes", record.path("bytes").asLong(), bytes);
    VaultAudit.require(subject, "weak", record.path("weak").asLong(), weak);
    VaultAudit.require(
        subject, "root", record.path("root").asText(), VaultObjects.hex(root.digest()));
    VaultAudit.require(
        subject, "listing", record.path("listing").asText(), VaultObjects.hex(listing.digest()));
    return entries;
  }

  private List<JsonNode> parts() {
    var parts = new ArrayList<JsonNode>();
    if (!record.has("list")) {
      record.path("parts").forEach(parts::add);
      return parts;
    }
    JsonNode list = record.path("list");
    String key = "parts/" + clusterId + "/" + unit + "/" + list.path("name").asText();
    List<JsonNode> lines = objects.framedText(key, "part-list", list.path("sha256").asText());
    parts.addAll(lines.subList(1, lines.size()));
    VaultAudit.require(key, "parts", list.path("parts").asInt(), parts.size());
    return parts;
  }

  private void part(JsonNode ref) {
    String name = ref.path("part").asText();
    String key = "parts/" + clusterId + "/" + unit + "/" + name;
    List<JsonNode> lines = objects.framedText(key, "part", ref.path("sha256").asText());
    JsonNode header = lines.get(0);
    VaultAudit.require(key, "cluster", clusterId, header.path("cluster").asText());
    VaultAudit.require(key, "unit", unit, header.path("unit").asText());
    String own =
        header.path("writer").asText()
            + "."
            + header.path("epoch").asInt()
            + "."
            + header.path("n").asInt();
    VaultAudit.require(key, "name", name, own);
    var blobs = new ArrayList<JsonNode>();
    var paths = new ArrayList<String>();
    for (JsonNode line : lines.subList(1, lines.size())) {
      String first = line.fieldNames().next();
      if (first.equals("blob")) {
        VaultAudit.require(key, "blob", blobs.size(), line.path("blob").asInt());
        blobs.add(line);
      } else if (first.equals("path")) {
        entry(key, line, blobs);
        paths.add(line.path("path").asText());
      }
    }
    VaultAudit.require(key, "entries", ref.path("entries").asInt(), paths.size());
    if (!paths.isEmpty()) {
      VaultAudit.require(key, "first", ref.path("first").asText(), paths.get(0));
      VaultAudit.require(key, "last", ref.path("last").asText(), paths.get(paths.size() - 1));
    }
  }

  private void entry(String key, JsonNode line, List<JsonNode> blobs) {
    String path = line.path("path").asText();
    String type = line.path("type").asText();
    requireOrder(key, path);
    beforeIsDirectory = type.equals("dir");
    weak += line.path("strong").asBoolean() ? 0 : 1;
    String target = line.has("target") ? line.path("target").asText() : null;
    if (type.equals("hardlink")) {
      Restored earlier = target == null ? null : entries.get(target);
      Unreadable.unless(
          earlier != null
              && (earlier.meta().type().equals("file") || earlier.meta().type().equals("symlink")),
          key,
          "a hard link to what is not there: " + path);
    }
    String sha256 = "";
    if (type.equals("file")) {
      files++;
      bytes += line.path("size").asLong();
      sha256 = content(key, line, blobs);
    }
    String listed = path + "\0" + line.path("size").asLong() + "\0" + line.path("id").asText();
    listing.update((listed + "\n").getBytes(StandardCharsets.UTF_8));
    root.update(rootLine(line).getBytes(StandardCharsets.UTF_8));
    var meta =
        new Meta(
            type,
            line.path("size").asLong(),
            line.path("mode").asText(),
            line.path("uid").asLong(),
            line.path("gid").asLong(),
            line.path("mtime").asText(),
            target,
            line.path("changed").asBoolean());
    entries.put(path, new Restored(meta, sha256));
  }

  /** The SHA-256 of a file's content, after all of its digests agreed. */
  private String content(String key, JsonNode line, List<JsonNode> blobs) {
    String path = line.path("path").asText();
    var tree = new Tree();
    long at = 0;
    for (JsonNode extent : line.path("extents")) {
      long length = extent.path(2).asLong();
      Unreadable.unless(at % LEAF == 0 && length > 0, key, "an extent in the way: " + path);
      int number = extent.path(0).asInt();
      Unreadable.unless(number < blobs.size(), key, "an extent without blob: " + path);
      if (number < 0) {
        tree.zeros(length);
      } else {
        byte[] blob = blob(blobs.get(number));
        long from = extent.path(1).asLong();
        Unreadable.unless(from + length <= blob.length, key, "an extent past its blob: " + path);
        tree.add(blob, (int) from, (int) length);
        if (extent.has(3)) {
          var own = new Tree();
          own.add(blob, (int) from, (int) length);
          VaultAudit.require(key, "digest of " + path, extent.path(3).asText(), own.digest());
        } else {
          Unreadable.unless(line.path("extents").size() == 1, key, "no chunk digest: " + path);
        }
      }
      at += length;
    }
    VaultAudit.require(key, "size of " + path, line.path("size").asLong(), at);
    VaultAudit.require(key, "digest of " + path, line.path("digest").asText(), tree.digest());
    return VaultObjects.hex(tree.whole.digest());
  }

  private byte[] blob(JsonNode blob) {
    String key = "data/" + clusterId + "/" + unit + "/" + blob.path("name").asText();
    if (!key.equals(cachedKey)) {
      Unreadable.unless(blob.path("kind").asText().equals("framed"), key, "not framed");
      cached =
          objects.blob(
              key,
              blob.path("id").asText(),
              blob.path("stored").asLong(),
              blob.path("plain").asLong());
      cachedKey = key;
    }
    return cached;
  }

  private void requireOrder(String key, String escaped) {
    byte[] path = unescape(escaped);
    for (int i = 0; i < path.length; i++) {
      // '/' sorts before every other byte, and no path holds a zero byte.
      path[i] = path[i] == '/' ? 0 : path[i];
    }
    byte[] earlier = before;
    if (earlier != null) {
      Unreadable.unless(
          Arrays.compareUnsigned(earlier, path) < 0, key, "entries out of order: " + escaped);
      boolean below =
          path.length > earlier.length
              && path[earlier.length] == 0
              && Arrays.equals(earlier, 0, earlier.length, path, 0, earlier.length);
      Unreadable.unless(!below || beforeIsDirectory, key, "below no directory: " + escaped);
    }
    before = path;
  }

  private static byte[] unescape(String text) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static String rootLine(JsonNode line) {
    var text = new StringBuilder();
    for (String field :
        List.of(
            "path", "type", "size", "mode", "uid", "gid", "mtime", "target", "changed", "digest")) {
      if (line.has(field)) {
        text.append(text.length() == 0 ? "{\"" : ",\"").append(field).append("\":");
        text.append(line.path(field));
      }
    }
    return text.append("}\n").toString();
  }

  /** Both digests of content that comes in order: of the whole, and of its leaves. */
  private static final class Tree {
    private final MessageDigest whole = VaultObjects.sha256();
    private final MessageDigest leaf = VaultObjects.sha256();
    private final ByteArrayOutputStream leaves = new ByteArrayOutputStream();
    private long length;

    void add(byte[] bytes, int from, int n) {
      whole.update(bytes, from, n);
      for (int i = from; i < from + n; ) {
        int step = (int) Math.min(from + n - i, LEAF - length % LEAF);
        leaf.update(bytes, i, step);
        i += step;
        length += step;
        if (length % LEAF == 0) {
          leaves.writeBytes(leaf.digest());
        }
      }
    }

    void zeros(long n) {
      byte[] zeros = new byte[64 << 10];
      for (long left = n; left > 0; left -= zeros.length) {
        add(zeros, 0, (int) Math.min(left, zeros.length));
      }
    }

    String digest() {
      if (length % LEAF != 0 || length == 0) {
        leaves.writeBytes(leaf.digest());
      }
      byte[] all = leaves.toByteArray();
      return length <= LEAF
          ? "sha256:" + VaultObjects.hex(all)
          : "sha256-8m:" + VaultObjects.hex(VaultObjects.sha256().digest(all));
    }
  }
}
