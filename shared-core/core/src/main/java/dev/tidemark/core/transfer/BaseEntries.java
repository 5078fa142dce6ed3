package dev.tidemark.core.transfer;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.PartList;
import org.jspecify.annotations.Nullable;

/** The regular files of the base, beside a listing. A base that cannot be read is no base. */
final class BaseEntries implements AutoCloseable {
  private final @Nullable EntryCursor cursor;

  /**
   * @param parts null where there is no base
   */
  BaseEntries(BlobStore store, String clusterId, String unit, @Nullable PartList parts) {
    try {
      this.cursor = parts == null ? null : new EntryCursor(store, clusterId, unit, parts);
    } catch (PermanentFailure e) {
      throw broken(e);
    }
  }

  /**
   * The base's file at a path; null where there is none.
   *
   * @throws BaseDiffers where a part of the base is damaged or missing
   */
  @Nullable Entry file(EntryPath path) {
    try {
      Entry entry = cursor == null ? null : cursor.at(path);
      return entry == null || entry.meta().type() != FileType.FILE ? null : entry;
    } catch (PermanentFailure e) {
      throw broken(e);
    }
  }

  /**
   * Proves what was read.
   *
   * @throws BaseDiffers where it is damaged
   */
  void prove() {
    try {
      if (cursor != null) {
        cursor.prove();
      }
    } catch (PermanentFailure e) {
      throw broken(e);
    }
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
    }
  }

  private static BaseDiffers broken(PermanentFailure cause) {
    return new BaseDiffers("the base cannot be read: " + cause.getMessage(), cause);
  }
}
