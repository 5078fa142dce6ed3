package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A file to be read.
 *
 * @param file as it was listed
 * @param base the file that the base has at this path
 * @param mustMatch whether it must have the base's content, because its identity says so
 */
record Wanted(SourceFile file, @Nullable Entry base, boolean mustMatch) {

  EntryPath path() {
    return file.meta().path();
  }

  long size() {
    return file.meta().size();
  }
}
