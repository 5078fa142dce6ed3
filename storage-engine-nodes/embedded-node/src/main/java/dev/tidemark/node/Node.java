package dev.tidemark.node;

import dev.tidemark.node.cluster.Coordinator;
import dev.tidemark.node.cluster.Ids;
import dev.tidemark.node.cluster.LocalRestores;
import dev.tidemark.node.cluster.LocalShards;
import dev.tidemark.node.cluster.Members;
import dev.tidemark.node.cluster.Peers;
import dev.tidemark.node.cluster.SchemaFollower;
import dev.tidemark.node.cluster.SchemaOwner;
import dev.tidemark.node.cluster.SchemaStore;
import dev.tidemark.node.schema.Schema;
import dev.tidemark.node.storage.Disk;
import dev.tidemark.node.storage.RocksLibrary;
import dev.tidemark.node.storage.RocksSettings;
import dev.tidemark.node.storage.Shards;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without its HTTP server: all parts, put together. */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final long TICK_MILLIS = 1000;

  private final NodeSettings settings;
  private final DataFolder folder;
  private final RocksSettings rocks;
  private final Disk disk;
  private final Shards shards;
  private final SchemaStore schema;
  private final Peers peers;
  private final SchemaFollower follower;
  private final SchemaOwner owner;
  private final Coordinator coordinator;
  private final LocalShards localShards;
  private final LocalRestores localRestores;
  private final ExecutorService calls = Executors.newCachedThreadPool();
  private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();

  private Node(NodeSettings settings, DataFolder folder, InstantSource clock) throws IOException {
    Members members = settings.members();
    this.settings = settings;
    this.folder = folder;
    RocksLibrary.load(folder.library());
    this.rocks = new RocksSettings(settings.memtableBytes(), folder.logs());
    this.disk = new Disk(folder.shards(), settings.diskLimitBytes());
    this.shards = new Shards(folder.shards(), rocks, disk, clock);
    this.schema = new SchemaStore(folder.schema(), shards, members.self());
    this.peers = new Peers(members, settings.apiKey(), settings.tls().map(TlsContext::of));
    this.follower = new SchemaFollower(members, peers, schema);
    this.localRestores = new LocalRestores(members, schema, follower, shards);
    this.owner =
        new SchemaOwner(
            members, peers, schema, shards, localRestores, settings.restoresKept(), clock);
    this.localShards = new LocalShards(members, schema, follower, shards);
    this.coordinator = new Coordinator(members, schema, follower, shards, peers, calls);
  }

  /**
   * Opens the data folder and all that is in it. A node that keeps the schema makes the cluster at
   * its first start; another one asks for the schema until it is told.
   */
  public static Node open(NodeSettings settings, InstantSource clock) throws IOException {
    DataFolder folder = DataFolder.open(settings.data(), settings.members().self());
    try {
      var node = new Node(settings, folder, clock);
      node.begin();
      return node;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private void begin() throws IOException {
    if (!settings.members().keepsSchema()) {
      follower.tryRefresh();
    } else if (schema.known().isEmpty()) {
      folder.requireNoShards();
      schema.adopt(Schema.empty(Ids.next("")));
    }
    shards.open();
    var unused =
        ticks.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** To be called once the other nodes can reach this one. */
  public void listening() {
    if (settings.members().keepsSchema()) {
      owner.begin();
    }
  }

  private void tick() {
    try {
      follower.tryRefresh();
      shards.tick();
      if (settings.members().keepsSchema()) {
        owner.restores().expire();
      }
    } catch (RuntimeException e) {
      LOG.error("the regular work failed; it is tried again", e);
    }
  }

  public boolean ready() {
    return schema.known().isPresent();
  }

  /** What the node tells of itself. */
  public NodeInfo info() {
    Optional<Schema> known = schema.known();
    return new NodeInfo(
        settings.members().self(),
        folder.incarnation(),
        known.map(Schema::clusterId).orElse(null),
        Version.TEXT,
        known.map(Schema::version).orElse(0L),
        ready() ? NodeInfo.Status.READY : NodeInfo.Status.STARTING,
        disk.use(),
        shards.lines());
  }

  public NodeSettings settings() {
    return settings;
  }

  public Shards shards() {
    return shards;
  }

  public SchemaStore schema() {
    return schema;
  }

  public SchemaOwner owner() {
    return owner;
  }

  public SchemaFollower follower() {
    return follower;
  }

  public Peers peers() {
    return peers;
  }

  public Coordinator coordinator() {
    return coordinator;
  }

  public LocalShards localShards() {
    return localShards;
  }

  public LocalRestores localRestores() {
    return localRestores;
  }

  @Override
  public void close() throws IOException {
    ticks.shutdownNow();
    calls.shutdown();
    shards.close();
    rocks.close();
    folder.close();
  }
}
