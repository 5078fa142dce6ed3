package dev.tidemark.local.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * SQLite's native library, unpacked once. The driver would unpack and compare it at each start of
 * the JVM, which takes longer than all else that a short command does with the state file.
 */
final class NativeLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private NativeLibrary() {}

  /**
   * Lets the driver load the library from a folder of the state folder, which is as trusted as the
   * state itself. Where that cannot be, the driver unpacks it as usual.
   */
  static synchronized void unpackTo(Path folder) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String name = LibraryLoaderUtil.getNativeLibName();
    Path home =
        folder.resolve(
            SQLiteJDBCLoader.getVersion()
                + "-"
                + OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-'));
    try {
      if (!Files.isRegularFile(home.resolve(name))) {
        unpack(home, name);
      }
      System.setProperty(PATH, home.toAbsolutePath().toString());
      System.setProperty(NAME, name);
    } catch (IOException e) {
      // The driver's own way is only slower, and reports what is wrong with the machine.
      System.clearProperty(PATH);
    }
  }

  private static void unpack(Path home, String name) throws IOException {
    Files.createDirectories(home);
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    Path temporary = Files.createTempFile(home, name, ".new");
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the driver has no library " + resource);
      }
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      // A library that a power cut left half written would bring every later JVM down.
      try (var written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(temporary, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
