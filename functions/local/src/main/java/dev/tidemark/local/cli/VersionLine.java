package dev.tidemark.local.cli;

import dev.tidemark.local.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"tidemark " + Version.current()};
  }
}
