package dev.tidemark.node.storage;

import dev.tidemark.node.files.DurableFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's native library, unpacked into a folder of the node at each start. Left to itself,
 * RocksDB unpacks its 17 MB into the temporary folder and leaves them there when it is killed.
 */
public final class RocksLibrary {
  private RocksLibrary() {}

  public static void load(Path folder) throws IOException {
    DurableFiles.deleteTree(folder);
    Files.createDirectories(folder);
    String resource = Environment.getJniLibraryFileName("rocksdb");
    try (InputStream library = RocksDB.class.getClassLoader().getResourceAsStream(resource)) {
      if (library == null) {
        throw new FileNotFoundException("RocksDB has no library for this platform: " + resource);
      }
      // RocksDB looks for its library under the name that this gives, with "jni" twice.
      Files.copy(library, folder.resolve(Environment.getJniLibraryFileName("rocksdbjni")));
    }
    RocksDB.loadLibrary(List.of(folder.toAbsolutePath().toString()));
  }
}
