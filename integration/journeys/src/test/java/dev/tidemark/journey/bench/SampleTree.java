package dev.tidemark.journey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The tree that is backed up: generated from a seed (half of the bytes in 20 000 small files a GiB,
 * half in segments of 16 to 96 MiB; text, vectors of floats and random bytes), and copies of real
 * trees. Two trees of one seed and the same real trees are equal; so are their changes.
 */
final class SampleTree {
  private static final int SMALL_FILES_PER_GIB = 20_000;
  private static final int WORDS = 4_096;
  private static final int BLOCK = 1 << 20;

  private final Path root;
  private final SplittableRandom random;
  private final byte[][] words = new byte[WORDS][];
  private int added;

  SampleTree(Path root, long seed) {
    this.root = root;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < WORDS; i++) {
      var word = new StringBuilder();
      for (int n = random.nextInt(3, 10); n > 0; n--) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words[i] = word.append(' ').toString().getBytes(StandardCharsets.US_ASCII);
    }
  }

  Path root() {
    return root;
  }

  void generate(double gib) throws IOException {
    int files = (int) Math.ceil(SMALL_FILES_PER_GIB * gib);
    double[] weights = random.doubles(files).map(SampleTree::skewed).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double half = gib * (1L << 29);
    for (int i = 0; i < files; i++) {
      Path folder = root.resolve("generated/c%02d/s%02d".formatted(i % 40, i / 40 % 25));
      write(folder.resolve("f" + i), (long) (weights[i] / sum * half));
    }
    int segment = 0;
    for (long rest = (long) half; rest > 0; segment++) {
      long size = Math.min(rest, random.nextLong(16L << 20, 96L << 20));
      write(root.resolve("generated/segments/g" + segment), size);
      rest -= size;
    }
  }

  /** Many small values and few large ones: of 20 000 the largest is some hundred times the mean. */
  private static double skewed(double uniform) {
    return 1 / Math.pow(uniform + 0.001, 0.9);
  }

  /** Copies of a real tree so much, with links and times. */
  void copy(Path source, String name, long mostBytes) throws IOException {
    Path real = source.toRealPath();
    Path target = root.resolve(name);
    long[] rest = {mostBytes};
    Files.walkFileTree(
        real,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(real.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isOther() || (attributes.isRegularFile() && !Files.isReadable(file))) {
              return FileVisitResult.CONTINUE;
            }
            rest[0] -= attributes.size();
            if (rest[0] < 0) {
              return FileVisitResult.TERMINATE;
            }
            Files.copy(
                file,
                target.resolve(real.relativize(file).toString()),
                LinkOption.NOFOLLOW_LINKS,
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Edits 5 % of the files (small ones as a whole, of those of more than 1 MiB a tenth), removes 1
   * % and adds as many.
   */
  void change() throws IOException {
    for (Path file : files()) {
      int chance = random.nextInt(100);
      if (chance < 5) {
        edit(file);
      } else if (chance == 5) {
        Files.delete(file);
        write(root.resolve("generated/added/a" + added++), random.nextLong(100, 60_000));
      }
    }
  }

  private void edit(Path file) throws IOException {
    file.toFile().setWritable(true);
    long size = Files.size(file);
    long length = size <= BLOCK ? size : size / 10;
    long start = size == length ? 0 : random.nextLong(size - length);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      fill(channel, start, length);
    }
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return new ArrayList<>(
          all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList());
    }
  }

  long bytes() throws IOException {
    return bytes(root);
  }

  /** The sizes of all files below a path. */
  static long bytes(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .mapToLong(path -> path.toFile().length())
          .sum();
    }
  }

  /**
   * That a restored tree has all of this one's files.
   *
   * @throws IllegalStateException naming one that differs
   */
  void mustBeIn(Path restored) throws IOException {
    files().parallelStream()
        .forEach(
            file -> {
              Path other = restored.resolve(root.relativize(file).toString());
              try {
                if (!Files.exists(other) || Files.mismatch(file, other) >= 0) {
                  throw new IllegalStateException("restored another " + other);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /**
   * Gives the disk space of a tree back, but not its inodes: for minutes after files were deleted,
   * ext4 makes new ones at a tenth of its speed, since it passes over what was freed last.
   */
  static void hollow(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          file.toFile().setWritable(true);
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
              .close();
        }
      }
    }
  }

  static void delete(Path top) throws IOException, InterruptedException {
    Files.createDirectories(top);
    new ProcessBuilder("rm", "-rf", top.toString()).inheritIO().start().waitFor();
  }

  private void write(Path file, long size) throws IOException {
    Files.createDirectories(file.getParent());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      fill(channel, 0, size);
    }
  }

  private void fill(FileChannel channel, long start, long length) throws IOException {
    int kind = random.nextInt(5);
    ByteBuffer block = ByteBuffer.allocate(BLOCK + 16).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < length; done += BLOCK) {
      block.clear();
      while (block.position() < BLOCK) {
        put(block, kind);
      }
      block.flip().limit((int) Math.min(BLOCK, length - done));
      channel.write(block, start + done);
    }
  }

  private void put(ByteBuffer block, int kind) {
    switch (kind) {
      case 0, 1 -> block.put(words[random.nextInt(WORDS)]);
      case 2, 3 -> block.putFloat((float) (random.nextDouble() * 2 - 1));
      default -> block.putLong(random.nextLong());
    }
  }
}
