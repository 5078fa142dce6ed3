package dev.tidemark.core.restore;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.vault.BlobReader;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.VaultKeys;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A unit's blobs. Readers, which remember what they know of blobs, are lent to one piece each. */
final class Blobs {
  private final BlobStore store;
  private final String clusterId;
  private final String unit;
  private final ConcurrentLinkedQueue<BlobReader> idle = new ConcurrentLinkedQueue<>();

  Blobs(BlobStore store, String clusterId, String unit) {
    this.store = store;
    this.clusterId = clusterId;
    this.unit = unit;
  }

  BlobReader borrow() {
    BlobReader reader = idle.poll();
    return reader == null ? new BlobReader(store, clusterId, unit) : reader;
  }

  void giveBack(BlobReader reader) {
    idle.add(reader);
  }

  String key(BlobRef blob) {
    return VaultKeys.data(clusterId, unit, blob.name());
  }
}
