package dev.tidemark.core.vault;

import dev.tidemark.core.engine.UnitReader.SourceFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The digest over path, size and identity of a listing: equal where nothing has changed. */
public final class ListingDigest {
  private final MessageDigest digest = TreeDigest.sha256();
  private long weak;
  private long entries;

  /** Adds the next entry of the listing. */
  public void add(SourceFile file) {
    entries++;
    if (!file.strong()) {
      weak++;
    }
    String line = file.meta().path() + "\0" + file.meta().size() + "\0" + file.identity() + "\n";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of the entries so far; more may be added. */
  public String hex() {
    return HexFormat.of().formatHex(TextObject.copy(digest).digest());
  }

  /** How many entries have no strong identity. */
  public long weak() {
    return weak;
  }

  public long entries() {
    return entries;
  }
}
