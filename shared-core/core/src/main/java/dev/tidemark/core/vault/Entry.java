package dev.tidemark.core.vault;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a part.
 *
 * @param identity the engine's, at the listing
 * @param strong whether an equal identity proves equal content
 * @param changed whether the file changed while it was read, so that its content is of no single
 *     moment
 * @param digest of a regular file's content; else null
 * @param extents of a regular file, in order, together as long as the file; else empty
 */
public record Entry(
    FileMeta meta,
    String identity,
    boolean strong,
    boolean changed,
    @Nullable Digest digest,
    List<Extent> extents) {

  public EntryPath path() {
    return meta.path();
  }
}
