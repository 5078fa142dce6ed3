package dev.tidemark.journey.sim;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.memory.InMemoryBlobStore;
import dev.tidemark.core.memory.InMemoryStateTable;
import dev.tidemark.core.memory.InMemoryWorkQueue;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Ports in memory: all time is the world's. */
final class InMemoryPorts implements Ports {
  private final InMemoryBlobStore store;
  private final InMemoryStateTable table;
  private final InMemoryWorkQueue queues;

  InMemoryPorts(Setting setting, ManualClock clock, Runnable interlude) {
    boolean mean = setting.nature() == Setting.Nature.MEAN;
    this.store = new InMemoryBlobStore(clock, setting.seed());
    this.table =
        mean ? InMemoryStateTable.mean(setting.seed(), interlude) : InMemoryStateTable.kind();
    this.queues =
        mean ? InMemoryWorkQueue.mean(clock, setting.seed()) : InMemoryWorkQueue.kind(clock);
  }

  @Override
  public Client client() {
    return new Client(store.client(), table, queues, Receiver.of(queues));
  }

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public StateTable table() {
    return table;
  }

  @Override
  public List<Row> rows() {
    return table.rows();
  }

  @Override
  public int size(Queue queue) {
    return queues.size(queue);
  }

  @Override
  public Optional<Instant> nextVisible() {
    return queues.nextVisible();
  }

  @Override
  public void crash() {
    queues.crash();
  }

  @Override
  public String toString() {
    return queues.toString();
  }
}
