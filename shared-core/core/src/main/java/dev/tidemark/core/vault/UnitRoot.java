package dev.tidemark.core.vault;

import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The digest over a unit's entries without their extents, equal in every copy of the unit. */
public final class UnitRoot {
  private final MessageDigest digest = TreeDigest.sha256();
  private final StringBuilder line = new StringBuilder(256);

  /** Adds the next entry of the unit. */
  public void add(Entry entry) {
    FileMeta meta = entry.meta();
    line.setLength(0);
    line.append("{\"path\":\"").append(meta.path());
    line.append("\",\"type\":\"").append(meta.type().word()).append('"');
    if (meta.type() == FileType.FILE) {
      line.append(",\"size\":").append(meta.size());
    }
    line.append(",\"mode\":\"").append(Integer.toOctalString(meta.mode()));
    line.append("\",\"uid\":").append(Integer.toUnsignedLong(meta.uid()));
    line.append(",\"gid\":").append(Integer.toUnsignedLong(meta.gid()));
    line.append(",\"mtime\":\"").append(EntryJson.mtime(meta)).append('"');
    if (meta.target() != null) {
      line.append(",\"target\":\"").append(meta.target()).append('"');
    }
    if (entry.changed()) {
      line.append(",\"changed\":true");
    }
    if (entry.digest() != null) {
      line.append(",\"digest\":\"").append(entry.digest()).append('"');
    }
    line.append("}\n");
    // Every value is ASCII that JSON does not escape: paths and targets are escaped already.
    digest.update(line.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The root of the entries so far; more may be added. */
  public String hex() {
    return HexFormat.of().formatHex(TextObject.copy(digest).digest());
  }
}
