package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.TransientFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A JVM of its own that stores objects: once a line comes in, each key of its arguments. */
final class StoringProcess {
  private StoringProcess() {}

  /**
   * @param arguments the root; the seed of the contents; how many objects; their prefix; their size
   */
  public static void main(String[] arguments) throws IOException {
    BlobStore store = FilesystemBlobStoreTest.store(Path.of(arguments[0]), InstantSource.system());
    long seed = Long.parseLong(arguments[1]);
    int size = Integer.parseInt(arguments[4]);
    System.out.println("ready");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      String key = arguments[3] + i;
      try {
        boolean existed = store.create(key, content(seed + i, size)).existed();
        System.out.println((existed ? "existed " : "created ") + key);
      } catch (TransientFailure e) {
        System.out.println("failed " + e.getMessage());
      }
    }
  }

  /** In buffers of 64 KiB. */
  static List<ByteBuffer> content(long seed, int size) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int from = 0; from < size; from += 1 << 16) {
      buffers.add(ByteBuffer.wrap(bytes, from, Math.min(size - from, 1 << 16)));
    }
    return buffers;
  }

  /** Starts one; {@code limits} is shell text that runs first, like {@code ulimit -f 10}. */
  static Process start(String limits, Path root, long seed, int objects, String prefix, int size)
      throws IOException {
    String java =
        String.join(
            " ",
            "exec",
            quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            "-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData",
            "-cp",
            quoted(System.getProperty("java.class.path")),
            StoringProcess.class.getName(),
            quoted(root.toString()),
            seed + " " + objects + " " + prefix + " " + size);
    var builder =
        new ProcessBuilder("sh", "-c", limits + "\n" + java)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // The system's own words are English then.
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
