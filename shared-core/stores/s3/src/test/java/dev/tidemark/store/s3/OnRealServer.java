package dev.tidemark.store.s3;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.keys;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.blob.BlobStoreContract;
import dev.tidemark.contract.blob.BlobStoreEnvironment;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** What holds on every server, beside the contract. Each test has a prefix of its own. */
abstract class OnRealServer implements BlobStoreContract {
  static final String BUCKET = "vaults";
  static final int MIB = 1 << 20;

  final String address;
  final AwsClients clients;
  final String prefix = "test/" + UUID.randomUUID();
  private final FaultProxy proxy;

  OnRealServer(int port, AwsClients clients) {
    this.address = "http://127.0.0.1:" + port;
    this.clients = clients;
    this.proxy = FaultProxy.before(port);
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Override
  public BlobStoreEnvironment environment() {
    return new BlobStoreEnvironment() {
      @Override
      public BlobStore open() {
        return store(address, BUCKET);
      }

      @Override
      public BlobStore missing() {
        return store(address, "no-such-bucket");
      }
    };
  }

  private static boolean isPut(String request) {
    return request.startsWith("PUT ");
  }

  final S3BlobStore store(String at, String bucket) {
    return Clients.store(clients, Clients.config(at, bucket, prefix, null), 5L * MIB);
  }

  final S3Client operator() {
    return Clients.operator(clients, address);
  }

  @Test
  void aLargeCopyIsMadeOfPartsAndOverwritesNothing() {
    BlobStore store = open();
    byte[] content = content(1, 12 * MIB + 345);
    put(store, "from", content);
    put(store, "taken", content(2, 100));

    Creation copy = store.copy("from", "to");

    assertThat(copy.existed()).isFalse();
    assertThat(copy.size()).isEqualTo(content.length);
    assertThat(read(open(), "to")).isEqualTo(content);
    assertThat(store.copy("from", "taken").existed()).isTrue();
    assertThat(read(store, "taken")).isEqualTo(content(2, 100));
    assertThat(uploads()).isEmpty();
  }

  @Test
  void anEmptyObjectIsCopied() {
    put(open(), "from", new byte[0]);

    assertThat(open().copy("from", "to").existed()).isFalse();

    assertThat(read(open(), "to")).isEmpty();
  }

  @Test
  void aLargeBodyThatCollidesIsAnsweredByWhatIsThere() {
    byte[] first = content(1, 24 * MIB);
    put(open(), "large", first);
    for (int i = 2; i < 6; i++) {
      Creation creation = put(open(), "large", content(i, 24 * MIB + i));
      assertThat(creation.existed()).isTrue();
      assertThat(creation.size()).isEqualTo(first.length);
    }
    assertThat(read(open(), "large")).isEqualTo(first);
  }

  @Test
  void lostRepliesStormsAndCutBodiesAreRiddenOut() {
    BlobStore store = store(proxy.address(), BUCKET);
    proxy.plan(NetworkPlan.first(1, OnRealServer::isPut, NetworkFault.LOSE_REPLY));
    assertThat(put(store, "lost", content(1, 5_000)).existed()).isFalse();
    proxy.plan(NetworkPlan.first(2, OnRealServer::isPut, new NetworkFault.Answer(503)));
    assertThat(put(store, "storm", content(1, 5_000)).existed()).isFalse();
    proxy.plan(NetworkPlan.first(2, r -> r.startsWith("GET"), NetworkFault.CUT));
    assertThat(read(store, "storm")).isEqualTo(content(1, 5_000));
    proxy.plan(NetworkPlan.always(new NetworkFault.Answer(503)));
    assertThatThrownBy(() -> put(store, "never", content(1, 5_000)))
        .isInstanceOf(TransientFailure.class);
    proxy.plan(NetworkPlan.none());
    assertThat(keys(open(), "", null, 10)).containsExactly("lost", "storm");
  }

  @Test
  void overABadNetworkNothingIsLostTornOrOverwritten() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    BlobStore store = store(proxy.address(), BUCKET);
    proxy.plan(NetworkPlan.seeded(seed, 4, NetworkFault.QUICK));
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String key = "k/" + i;
      byte[] content = content(i, 1_000 + i * 3_000);
      try {
        assertThat(put(store, key, content).existed()).as(key).isFalse();
        created.add(key);
        assertThat(read(store, key)).as(key).isEqualTo(content);
      } catch (TransientFailure e) {
        // What a step does again later.
      }
    }
    proxy.plan(NetworkPlan.none());
    assertThat(proxy.injected()).isNotEmpty();
    for (int i = 0; i < 40; i++) {
      String key = "k/" + i;
      byte[] content = content(i, 1_000 + i * 3_000);
      assertThat(put(open(), key, content).existed()).as(key).isFalse();
      assertThat(read(open(), key)).as(key).isEqualTo(content);
    }
    assertThat(created).isNotEmpty();
  }

  @Test
  void aBucketOfNobodyIsNotFound() {
    assertThatThrownBy(() -> put(environment().missing(), "key", content(1, 1)))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.NOT_FOUND));
  }

  private List<String> uploads() {
    return operator().listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
        .map(upload -> upload.key())
        .filter(key -> key.startsWith(prefix))
        .toList();
  }
}
