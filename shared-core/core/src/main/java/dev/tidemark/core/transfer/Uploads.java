package dev.tidemark.core.transfer;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.parallel.Arena;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Framed;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stores a unit's blobs and parts under names of this writer and epoch. For several threads. */
final class Uploads {
  private final BlobStore store;
  private final Ids ids;
  private final UnitTransfer.Job job;
  private final AtomicInteger nextBlob;
  private final AtomicLong stored = new AtomicLong();

  Uploads(BlobStore store, Ids ids, UnitTransfer.Job job, int nextBlob) {
    this.store = store;
    this.ids = ids;
    this.job = job;
    this.nextBlob = new AtomicInteger(nextBlob);
  }

  /** The {@code n} of the next blob. */
  int nextBlob() {
    return nextBlob.get();
  }

  /** Bytes of blobs stored so far. */
  long stored() {
    return stored.get();
  }

  /** Stores what is in an arena as a blob; what is in the arena is lost. */
  BlobRef blob(Arena arena, long length) {
    byte[] id = id();
    Framed.Encoded object = Framed.encodeInPlace(id, arena.segments(length), job.compression());
    String name = job.writer() + "." + job.epoch() + "." + nextBlob.getAndIncrement();
    String key = VaultKeys.data(job.clusterId(), job.unit(), name);
    Creation creation = create(key, object.bytes(), object.stored());
    stored.addAndGet(object.stored());
    return new BlobRef(
        name, HexFormat.of().formatHex(id), object.stored(), length, creation.checksum());
  }

  /** Stores a part. */
  void part(String name, List<ByteBuffer> object) {
    long size = object.stream().mapToLong(ByteBuffer::remaining).sum();
    create(VaultKeys.part(job.clusterId(), job.unit(), name), object, size);
  }

  private byte[] id() {
    synchronized (ids) {
      return ids.bytes(16);
    }
  }

  /** No name is used twice in an epoch; so whatever exists must be what an unheard create left. */
  private Creation create(String key, List<ByteBuffer> object, long size) {
    Creation creation = store.create(key, object);
    if (creation.existed() && !(creation.size() == size && isStored(key, object))) {
      throw PermanentFailure.of(Kind.CONFLICT, key)
          .expected("no object of this name, which only this epoch of this run uses")
          .found("another one of " + creation.size() + " bytes")
          .hint("resume the run: it goes on in another epoch");
    }
    return creation;
  }

  private boolean isStored(String key, List<ByteBuffer> object) {
    long offset = 0;
    for (ByteBuffer bytes : object) {
      Optional<ByteBuffer> read = store.read(key, offset, bytes.remaining());
      if (read.isEmpty() || !read.get().equals(bytes)) {
        return false;
      }
      offset += bytes.remaining();
    }
    return true;
  }
}
