package dev.tidemark.node.storage;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/** What the databases of one node share. */
public final class RocksSettings implements AutoCloseable {
  private static final long CACHE_BYTES = 64L << 20;
  private static final double BLOOM_BITS_PER_KEY = 10;
  private static final int MAX_OPEN_FILES = 512;

  private final Cache cache = new LRUCache(CACHE_BYTES);
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final long memtableBytes;
  private final Path logs;

  /**
   * @param logs where databases that are only read write their logs, so that their own folder stays
   *     as it is
   */
  public RocksSettings(long memtableBytes, Path logs) {
    this.memtableBytes = memtableBytes;
    this.logs = logs;
  }

  /** Options of an existing database, which the caller closes after the database. */
  @SuppressWarnings("resource") // The setters return their own object.
  Options existing() {
    var tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(bloom)
            .setCacheIndexAndFilterBlocks(true);
    return new Options()
        .setTableFormatConfig(tables)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(memtableBytes)
        .setMaxOpenFiles(MAX_OPEN_FILES)
        .setMaxBackgroundJobs(2)
        .setKeepLogFileNum(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
  }

  Options fresh() {
    return existing().setCreateIfMissing(true).setErrorIfExists(true);
  }

  Options readOnly() {
    return existing().setDbLogDir(logs.toString());
  }

  @Override
  public void close() {
    bloom.close();
    cache.close();
  }
}
