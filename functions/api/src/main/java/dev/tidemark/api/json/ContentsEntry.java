package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.Control.EntryView;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a backup.
 *
 * @param shard empty where the collection is not divided
 * @param path every byte that is not printable ASCII, and {@code % " \}, as {@code %XX}
 * @param mode permission bits, octal
 * @param target of a link
 * @param changed whether the file changed while it was read
 * @param digest of a file's content, with its kind
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContentsEntry(
    String collection,
    String shard,
    String path,
    @Schema(
            type = "string",
            allowableValues = {"file", "dir", "symlink", "hardlink"})
        String type,
    long size,
    String mode,
    int uid,
    int gid,
    Instant modified,
    @Nullable String target,
    boolean changed,
    @Nullable String digest) {

  public static ContentsEntry of(EntryView view) {
    Entry entry = view.entry();
    FileMeta meta = entry.meta();
    return new ContentsEntry(
        view.collection(),
        view.shard(),
        entry.path().toString(),
        meta.type().word(),
        meta.size(),
        Integer.toOctalString(meta.mode()),
        meta.uid(),
        meta.gid(),
        Instant.ofEpochSecond(meta.mtimeSeconds(), meta.mtimeNanos()),
        meta.target(),
        entry.changed(),
        entry.digest() == null ? null : entry.digest().toString());
  }

  /** The entry without what only a vault knows. */
  public EntryView view() {
    return new EntryView(
        collection,
        shard,
        new Entry(
            new FileMeta(
                EntryPath.parse(path),
                fileType(),
                size,
                Integer.parseInt(mode, 8),
                uid,
                gid,
                modified.getEpochSecond(),
                modified.getNano(),
                target),
            "",
            false,
            changed,
            digest == null ? null : digest(digest),
            List.of()));
  }

  private static Digest digest(String text) {
    int colon = text.indexOf(':');
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  private FileType fileType() {
    return Arrays.stream(FileType.values())
        .filter(each -> each.word().equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no type of an entry: " + type));
  }
}
