package dev.tidemark.journey.sim;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import dev.tidemark.core.blob.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A second reader of the vault format, made from its description and sharing nothing with the first
 * one. It checks every digest on its way and throws where anything is not as described. For small
 * backups: it holds them in memory.
 */
final class VaultContents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FRAME = 1 << 20;
  private static final int LEAF = 8 << 20;

  private final BlobStore store;
  private int unfinished;
  private int units;

  VaultContents(BlobStore store) {
    this.store = store;
  }

  /** Shards by name, each with its paths and what they are. */
  Map<Shards.Name, Map<String, String>> read(String clusterId, String backupId) {
    Map<Shards.Name, Map<String, String>> shards = new TreeMap<>();
    units = 0;
    List<JsonNode> manifest =
        text("backups/" + clusterId + "/" + backupId + ".json", false, "manifest", null);
    JsonNode header = manifest.get(0);
    require(header.path("backup").asText().equals(backupId), "manifest of another backup");
    MessageDigest roots = sha256();
    for (JsonNode index : manifest.get(1).path("index")) {
      String name = index.path("name").asText();
      String kind = name.substring(name.lastIndexOf('.') + 1).replaceAll("^lane-.*", "lane");
      List<JsonNode> lines =
          text("index/" + clusterId + "/" + name, true, kind, index.path("sha256").asText());
      if (kind.equals("lane")) {
        for (JsonNode unit : lines.subList(1, lines.size())) {
          units++;
          divide(unit, unit(clusterId, unit), shards);
          roots.update(HexFormat.of().parseHex(unit.path("root").asText()));
        }
      }
    }
    require(units == header.path("units").asInt(), "units: " + units);
    require(
        HexFormat.of().formatHex(roots.digest()).equals(header.path("root").asText()),
        "root of the backup");
    return shards;
  }

  /** How many units the backup has that was read last. */
  int units() {
    return units;
  }

  /** A unit of one shard is that shard; in one of several each is a folder. */
  private static void divide(
      JsonNode unit, Map<String, String> files, Map<Shards.Name, Map<String, String>> shards) {
    boolean one = unit.path("shards").size() == 1;
    int taken = 0;
    for (JsonNode shard : unit.path("shards")) {
      var name = new Shards.Name(shard.path("collection").asText(), shard.path("shard").asText());
      String folder = escaped(escaped(name.shard()).replace("/", "%2F"));
      Map<String, String> own = one ? files : in(folder, files);
      require(one || own.getOrDefault("", "").startsWith("dir "), "the folder of " + name);
      require(shards.put(name, own) == null, name + " in two units");
      taken += own.size();
    }
    require(taken == files.size(), "entries of no shard in " + unit.path("name"));
  }

  private static Map<String, String> in(String folder, Map<String, String> files) {
    Map<String, String> own = new TreeMap<>();
    files.forEach(
        (path, what) -> {
          if (path.equals(folder)) {
            own.put("", what);
          } else if (path.startsWith(folder + "/")) {
            own.put(path.substring(folder.length() + 1), what);
          }
        });
    return own;
  }

  private static String escaped(String text) {
    var escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= 32 && b < 127 && "%\"\\".indexOf(b) < 0;
      escaped.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return escaped.toString();
  }

  /** How many parts that were read so far ended in the middle of a file. */
  int unfinished() {
    return unfinished;
  }

  private Map<String, String> unit(String clusterId, JsonNode unit) {
    String key = unit.path("unit").asText();
    String partsFolder = "parts/" + clusterId + "/" + key + "/";
    List<JsonNode> parts = new ArrayList<>();
    if (unit.has("list")) {
      JsonNode list = unit.path("list");
      List<JsonNode> lines =
          text(
              partsFolder + list.path("name").asText(),
              true,
              "part-list",
              list.path("sha256").asText());
      parts.addAll(lines.subList(1, lines.size()));
    } else {
      unit.path("parts").forEach(parts::add);
    }
    Map<String, String> files = new TreeMap<>();
    long entries = 0;
    String last = "";
    for (JsonNode part : parts) {
      List<JsonNode> lines =
          text(
              partsFolder + part.path("part").asText(), true, "part", part.path("sha256").asText());
      require(lines.get(0).path("unit").asText().equals(key), "part of another unit");
      Map<Integer, JsonNode> table = new TreeMap<>();
      Map<String, byte[]> blobs = new TreeMap<>();
      for (JsonNode line : lines.subList(1, lines.size())) {
        if (line.has("blob")) {
          table.put(line.path("blob").asInt(), line);
        } else if (line.has("type")) {
          String path = line.path("path").asText();
          require(entries == 0 || order(last).compareTo(order(path)) < 0, "order at " + path);
          last = path;
          require(
              files.put(
                      line.path("path").asText(),
                      entry("data/" + clusterId + "/" + key + "/", line, table, blobs))
                  == null,
              "twice: " + line.path("path"));
          entries++;
        } else if (line.has("unfinished")) {
          unfinished++;
        }
      }
    }
    require(entries == unit.path("entries").asLong(), "entries of " + unit.path("name"));
    return files;
  }

  /** By components: what ends a component comes before all that could go on in it. */
  private static String order(String path) {
    return path.replace('/', '\0');
  }

  private byte[] blob(String folder, JsonNode blob) {
    byte[] object = object(folder + blob.path("name").asText());
    require(object.length == blob.path("stored").asInt(), "size of " + blob);
    require(
        HexFormat.of().formatHex(object, 8, 24).equals(blob.path("id").asText()), "id of " + blob);
    byte[] plain = unframed(object);
    require(plain.length == blob.path("plain").asInt(), "plain size of " + blob);
    return plain;
  }

  private String entry(
      String folder, JsonNode line, Map<Integer, JsonNode> table, Map<String, byte[]> blobs) {
    var bytes = new ByteArrayOutputStream();
    for (JsonNode extent : line.path("extents")) {
      int length = extent.get(2).asInt();
      if (extent.get(0).asInt() < 0) {
        bytes.writeBytes(new byte[length]);
        continue;
      }
      JsonNode blob = requireNonNull(table.get(extent.get(0).asInt()));
      byte[] plain = blobs.computeIfAbsent(blob.path("name").asText(), name -> blob(folder, blob));
      bytes.write(plain, extent.get(1).asInt(), length);
    }
    byte[] content = bytes.toByteArray();
    if (line.path("type").asText().equals("file")) {
      require(content.length == line.path("size").asLong(), "size of " + line);
      require(line.path("digest").asText().equals(digest(content)), "digest of " + line);
    }
    return "%s %s %d %d"
        .formatted(
            line.path("type").asText(),
            line.path("mode").asText(),
            content.length,
            Shards.checksum(content));
  }

  private static String digest(byte[] content) {
    if (content.length <= LEAF) {
      return "sha256:" + hex(content);
    }
    var leaves = new ByteArrayOutputStream();
    for (int at = 0; at < content.length; at += LEAF) {
      leaves.writeBytes(
          sha256().digest(Arrays.copyOfRange(content, at, Math.min(content.length, at + LEAF))));
    }
    return "sha256-8m:" + hex(leaves.toByteArray());
  }

  private List<JsonNode> text(
      String key, boolean framed, String kind, @org.jspecify.annotations.Nullable String sha256) {
    byte[] object = object(key);
    byte[] plain = framed ? unframed(object) : object;
    require(sha256 == null || sha256.equals(hex(plain)), "digest of " + key);
    String text = new String(plain, StandardCharsets.UTF_8);
    int last = text.lastIndexOf("{\"sha256\":\"");
    require(
        text.substring(last)
            .equals(
                "{\"sha256\":\""
                    + hex(text.substring(0, last).getBytes(StandardCharsets.UTF_8))
                    + "\"}\n"),
        "last line of " + key);
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : text.substring(0, last).lines().toList()) {
        lines.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new IllegalStateException(key, e);
    }
    require(lines.get(0).path("format").asText().equals(kind + "/1.0"), "format of " + key);
    return lines;
  }

  private byte[] unframed(byte[] object) {
    ByteBuffer in = ByteBuffer.wrap(object);
    require(in.getInt() == 0x54444D31 && in.getInt() == 0, "no magic");
    in.position(24);
    var plain = new ByteArrayOutputStream();
    int frames = 0;
    boolean last = false;
    while (!last) {
      int word = in.getInt();
      last = word < 0;
      byte[] stored = new byte[word & 0x3fffffff];
      in.get(stored);
      plain.writeBytes((word & 0x40000000) == 0 ? stored : decompressed(stored));
      frames++;
    }
    require(in.remaining() == 4 * frames, "words at the end");
    return plain.toByteArray();
  }

  private static byte[] decompressed(byte[] frame) {
    long size = Zstd.getFrameContentSize(frame);
    require(size > 0 && size <= FRAME, "a frame of " + size + " bytes");
    return Zstd.decompress(frame, (int) size);
  }

  private byte[] object(String key) {
    ByteBuffer read =
        store
            .read(key, 0, 64 << 20)
            .orElseThrow(() -> new IllegalStateException("missing: " + key));
    byte[] bytes = new byte[read.remaining()];
    read.get(bytes);
    return bytes;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not as described: " + what);
    }
  }
}
