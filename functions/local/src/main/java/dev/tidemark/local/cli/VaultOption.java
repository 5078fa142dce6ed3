package dev.tidemark.local.cli;

import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which vault: one of the configuration, or a folder that needs no configuration. */
final class VaultOption {

  @Option(
      names = "--vault",
      paramLabel = "NAME",
      description = "A vault of the configuration. Default: all of them.")
  @Nullable String vault;

  @Option(
      names = "--vault-path",
      paramLabel = "DIR",
      description = "The folder of a vault; needs no configuration.")
  @Nullable Path vaultPath;

  /** Null where none was named. */
  @Nullable VaultPlace place(Session session) {
    if (vault != null && vaultPath != null) {
      throw PermanentFailure.of(Kind.INVALID, "--vault and --vault-path")
          .expected("one of them")
          .found("both");
    }
    if (vault != null) {
      return new VaultPlace.Named(named(session, vault));
    }
    return vaultPath == null
        ? null
        : new VaultPlace.Folder(session.environment.folder().resolve(vaultPath).normalize());
  }

  /** Where nothing else names a vault, at least one must be configured. */
  @Nullable VaultPlace placeOrConfigured(Session session) {
    VaultPlace place = place(session);
    if (place == null && !session.isRemote() && session.configuration().vaults().isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "vault")
          .expected("--vault-path, or a configuration with a vault")
          .found(session.noConfiguration());
    }
    return place;
  }

  static String named(Session session, String name) {
    return session.configured("vault", name, known -> known.vaults().keySet());
  }
}
