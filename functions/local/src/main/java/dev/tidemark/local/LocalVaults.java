package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VaultPlaces;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Vaults that are configured, or are folders of this machine. */
final class LocalVaults implements VaultPlaces {
  private final Configuration configuration;
  private final LocalSite site;

  LocalVaults(Configuration configuration, LocalSite site) {
    this.configuration = configuration;
    this.site = site;
  }

  @Override
  public String name(VaultPlace place) {
    if (place instanceof VaultPlace.Folder folder) {
      return configuration.vaults().values().stream()
          .filter(vault -> location(vault.name()).equals(new VaultLocation.Folder(folder.path())))
          .map(vault -> vault.name())
          .findFirst()
          .orElseGet(() -> LocalSite.nameOf(folder.path()));
    }
    return configuration.vault(((VaultPlace.Named) place).name()).name();
  }

  @Override
  public String words(String vault) {
    return location(vault).words();
  }

  private VaultLocation location(String vault) {
    return site.location(site.newest(), vault);
  }

  @Override
  public Vault reachable(String vault) {
    try {
      return site.vault(site.newest(), vault);
    } catch (TransientFailure e) {
      boolean there =
          !(location(vault) instanceof VaultLocation.Folder folder)
              || Files.isDirectory(folder.path());
      throw PermanentFailure.of(NOT_FOUND, "vault at " + words(vault))
          .expected("a vault that can be read")
          .found(there ? String.valueOf(e.getMessage()) : "no such folder")
          .hint(
              there
                  ? "try again"
                  : "mount its disk, correct its path, or make it: `tidemark vault create`")
          .cause(e);
    }
  }

  @Override
  public void requireWritable(String vault) {
    reachable(vault);
    if (location(vault) instanceof VaultLocation.Folder folder
        && !Files.isWritable(folder.path())) {
      throw PermanentFailure.of(INVALID, "vault at " + words(vault))
          .expected("a folder to write into")
          .found("one that this user may only read")
          .hint("correct its owner or its mode, or how it is mounted");
    }
  }

  @Override
  public BlobStore store(String vault) {
    return site.store(site.newest(), vault);
  }

  @Override
  public boolean prepare(String vault) {
    if (!(location(vault) instanceof VaultLocation.Folder folder)) {
      return false;
    }
    if (!Files.exists(folder.path().resolve(VaultKeys.VAULT))) {
      requireEmpty(folder.path());
    }
    return true;
  }

  private static void requireEmpty(Path folder) {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
        for (Path each : content) {
          if (!each.getFileName().toString().equals(".tmp")) {
            throw PermanentFailure.of(CONFLICT, "folder " + folder)
                .expected("an empty or absent folder for a vault")
                .found(each.getFileName() + " in it")
                .hint("choose another folder");
          }
        }
      }
    } catch (IOException e) {
      throw new TransientFailure("folder " + folder + " cannot be made or read: " + e, e);
    }
  }
}
