package dev.tidemark.journey.sim;

import dev.tidemark.core.memory.InMemoryWorkQueue;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.events.WorkItem.Queue;
import java.util.Optional;

/** The host's side of the queues, as a port of its own so that faults can hit it too. */
public interface Receiver {
  Optional<Delivery> receive(Queue queue);

  void acknowledge(Delivery delivery);

  static Receiver of(InMemoryWorkQueue queues) {
    return new Receiver() {
      @Override
      public Optional<Delivery> receive(Queue queue) {
        return queues.receive(queue);
      }

      @Override
      public void acknowledge(Delivery delivery) {
        queues.acknowledge(delivery);
      }
    };
  }
}
