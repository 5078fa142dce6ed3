package dev.tidemark.store.s3;

import dev.tidemark.contract.cloud.MotoServer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a third server, of yet other people. It looks whether an object is there and then stores it,
 * so that of racing creators two may win: they come one at a time here, and prove nothing of races.
 */
@Tag("aws")
class MotoTest extends OnRealServer {
  private static @Nullable MotoServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    MotoServer started = MotoServer.start(folder);
    server = started;
    Clients.operator(Clients.with("id", "secret"), started.address())
        .createBucket(create -> create.bucket(BUCKET));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  MotoTest() {
    super(Objects.requireNonNull(server).port(), inTurn(Clients.with("id", "secret")));
  }

  private static AwsClients inTurn(AwsClients clients) {
    return new AwsClients(
        clients.region(), clients.credentials(), new OneAtATime(clients.http()), clients.timing());
  }
}
