package dev.tidemark.store.s3;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.blob.OnAStore;
import dev.tidemark.contract.cloud.S3ProxyServer;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a second server that creates atomically, which was written by other people. */
@Tag("aws")
class S3ProxyTest extends OnRealServer {
  private static @Nullable S3ProxyServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = S3ProxyServer.start(folder, BUCKET);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  S3ProxyTest() {
    super(Objects.requireNonNull(server).port(), Clients.with("id", "secret"));
  }

  /** It adds to a name what is too long for a file system, and says so as a fault of its own. */
  @Override
  @Test
  public void oddKeysAreKeys() {
    for (String key : List.of("-", "_", "a..b", "a.", "CON", "0/0/0/0/0/0/0/0", "x".repeat(200))) {
      assertThat(put(open(), key, content(1, 10)).existed()).as(key).isFalse();
    }
    assertThatThrownBy(() -> put(open(), "x".repeat(255), content(1, 10)))
        .isInstanceOf(TransientFailure.class);
  }

  /** It lists its drafts, under other names; so it is no store for a vault. */
  @Override
  @Test
  public void anObjectIsSeenWholeOrNotAtAll() throws Exception {
    byte[] content = content(1, 8 * MIB);
    BlobStore reader = open();
    AtomicBoolean created = new AtomicBoolean();
    OnAStore.atOnce(
        List.<Callable<Boolean>>of(
            () -> {
              try {
                put(open(), "whole", content);
              } finally {
                created.set(true);
              }
              return true;
            },
            () -> {
              while (!created.get()) {
                reader.head("whole").ifPresent(i -> assertThat(i.size()).isEqualTo(8 * MIB));
              }
              return true;
            }));
    assertThat(read(reader, "whole")).isEqualTo(content);
  }
}
