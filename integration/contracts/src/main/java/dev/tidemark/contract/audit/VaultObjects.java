package dev.tidemark.contract.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.tidemark.core.blob.BlobStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** VaultObjects of a vault, by the format's chapters on text and framed objects. */
final class VaultObjects {
  private static final int MIB = 1 << 20;

  private final BlobStore store;
  private final ObjectMapper mapper = new ObjectMapper();
  private final TreeSet<String> missing = new TreeSet<>();

  VaultObjects(BlobStore store) {
    this.store = store;
  }

  /** Keys that were asked for and are not there. */
  Set<String> missing() {
    return missing;
  }

  /** A text that is stored as it is: its lines but the last. */
  List<JsonNode> plainText(String key, String kind) {
    return lines(key, whole(key), kind, null);
  }

  /** A text that is stored framed. */
  List<JsonNode> framedText(String key, String kind, String sha256) {
    byte[] object = whole(key);
    byte[] plain = unframe(key, object);
    MessageDigest digest = sha256();
    digest.update(key.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(plain);
    Unreadable.unless(
        Arrays.equals(digest.digest(), 0, 16, object, 8, 24), key, "the id of another text");
    return lines(key, plain, kind, sha256);
  }

  /** The plaintext of a data blob. */
  byte[] blob(String key, String id, long stored, long plain) {
    byte[] object = whole(key);
    Unreadable.unless(object.length == stored, key, "not " + stored + " bytes stored");
    Unreadable.unless(
        HexFormat.of().formatHex(object, 8, 24).equals(id), key, "not the id of its part");
    byte[] content = unframe(key, object);
    Unreadable.unless(content.length == plain, key, "not " + plain + " bytes of plaintext");
    return content;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private List<JsonNode> lines(String key, byte[] text, String kind, @Nullable String sha256) {
    Unreadable.unless(
        sha256 == null || hex(sha256().digest(text)).equals(sha256), key, "another SHA-256");
    var lines = new ArrayList<JsonNode>();
    int start = 0;
    int lastStart = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        lines.add(json(key, new String(text, start, i - start, StandardCharsets.UTF_8)));
        lastStart = start;
        start = i + 1;
      }
    }
    Unreadable.unless(lines.size() >= 2 && start == text.length, key, "not a text");
    MessageDigest digest = sha256();
    digest.update(text, 0, lastStart);
    String sum = lines.remove(lines.size() - 1).path("sha256").asText();
    Unreadable.unless(hex(digest.digest()).equals(sum), key, "not the SHA-256 of its text");
    String format = lines.get(0).path("format").asText();
    Unreadable.unless(format.startsWith(kind + "/1."), key, "of format " + format);
    return lines;
  }

  private JsonNode json(String key, String line) {
    try {
      return mapper.readTree(line);
    } catch (JsonProcessingException e) {
      throw new Unreadable(key, "a line that is no JSON");
    }
  }

  private static byte[] unframe(String key, byte[] object) {
    ByteBuffer in = ByteBuffer.wrap(object);
    Unreadable.unless(object.length >= 32, key, "too short for a framed object");
    Unreadable.unless(in.getInt() == 0x54444D31 && in.getInt() == 0, key, "no framed object");
    in.position(24);
    var plain = new ByteArrayOutputStream();
    var words = new ArrayList<Integer>();
    boolean last = false;
    while (!last) {
      Unreadable.unless(in.remaining() >= 4, key, "cut off");
      int word = in.getInt();
      words.add(word);
      last = (word & 0x80000000) != 0;
      byte[] stored = new byte[word & 0x3fffffff];
      Unreadable.unless(in.remaining() >= stored.length, key, "cut off");
      in.get(stored);
      byte[] frame = (word & 0x40000000) == 0 ? stored : decompress(key, stored);
      Unreadable.unless(frame.length == MIB || last, key, "a short frame");
      Unreadable.unless(frame.length > 0 || words.size() == 1, key, "an empty frame");
      plain.writeBytes(frame);
    }
    for (int word : words) {
      Unreadable.unless(in.remaining() >= 4 && in.getInt() == word, key, "another trailer");
    }
    Unreadable.unless(!in.hasRemaining(), key, "longer than its frames");
    return plain.toByteArray();
  }

  private static byte[] decompress(String key, byte[] frame) {
    long size = Zstd.getFrameContentSize(frame);
    Unreadable.unless(size >= 0 && size <= MIB, key, "a zstd frame of " + size);
    byte[] plain = new byte[(int) size];
    try {
      long n = Zstd.decompress(plain, frame);
      Unreadable.unless(n == size, key, "a zstd frame that is shorter than it says");
      return plain;
    } catch (ZstdException e) {
      throw new Unreadable(key, "a zstd frame that does not decode");
    }
  }

  private byte[] whole(String key) {
    var all = new ByteArrayOutputStream();
    while (true) {
      ByteBuffer piece = store.read(key, all.size(), 8 * MIB).orElse(null);
      if (piece == null) {
        missing.add(key);
        throw new Unreadable(key, "missing");
      }
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      all.writeBytes(bytes);
      if (bytes.length < 8 * MIB) {
        return all.toByteArray();
      }
    }
  }
}
