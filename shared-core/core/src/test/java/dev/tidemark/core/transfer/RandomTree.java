package dev.tidemark.core.transfer;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Trees and edits of them that follow from a seed. */
final class RandomTree {
  private static final int MIB = 1 << 20;

  private final SplittableRandom random;
  private final Tree tree = new Tree();

  RandomTree(long seed) {
    this.random = new SplittableRandom(seed);
    tree.folder("");
    int folders = 1 + random.nextInt(4);
    for (int i = 0; i < folders; i++) {
      tree.folder("f" + i);
      int files = random.nextInt(9);
      for (int k = 0; k < files; k++) {
        newFile("f" + i + "/" + name(k));
      }
    }
    newFile("f0-beside");
    if (random.nextBoolean()) {
      tree.file("large", large());
      tree.hardlink("large-link", "large");
    }
    if (random.nextBoolean()) {
      tree.symlink("link", "../out%00".substring(0, 6));
    }
    tree.special.add(Tree.path("f0/fifo"));
  }

  Tree tree() {
    return tree;
  }

  /** Changes some of the tree. */
  void edit() {
    int edits = 1 + random.nextInt(5);
    for (int i = 0; i < edits; i++) {
      List<EntryPath> files = files();
      if (files.isEmpty()) {
        newFile("only");
        continue;
      }
      EntryPath file = files.get(random.nextInt(files.size()));
      String path = new String(file.bytes(), StandardCharsets.UTF_8);
      switch (random.nextInt(5)) {
        case 0 -> tree.touch(file, random.nextInt(07777));
        case 1 -> newFile("f0/new" + random.nextInt(100));
        case 2 -> {
          if (!path.equals("large")) {
            tree.remove(path);
          }
        }
        default -> overwrite(path, tree.node(file).content().clone());
      }
    }
  }

  private void overwrite(String path, byte[] content) {
    if (content.length > 0) {
      content[random.nextInt(content.length)]++;
    }
    tree.file(path, random.nextInt(3) == 0 ? Arrays.copyOf(content, content.length + 5) : content);
  }

  private List<EntryPath> files() {
    var files = new ArrayList<EntryPath>();
    tree.nodes.forEach(
        (path, node) -> {
          if (node.meta().type() == FileType.FILE) {
            files.add(path);
          }
        });
    return files;
  }

  private void newFile(String path) {
    int size =
        switch (random.nextInt(12)) {
          case 0 -> 0;
          case 1 -> 2 * MIB + random.nextInt(MIB);
          default -> random.nextInt(5_000);
        };
    byte[] content = new byte[size];
    if (random.nextInt(8) > 0) {
      random.nextBytes(content);
    }
    if (random.nextBoolean()) {
      Arrays.fill(content, 0, size / 2, (byte) 'x');
    }
    tree.file(path, content);
  }

  /** Up to four chunks, some of them holes. */
  private byte[] large() {
    byte[] content = new byte[8 * MIB + random.nextInt(14 * MIB)];
    for (int from = 0; from < content.length; from += 8 * MIB) {
      if (random.nextInt(3) > 0) {
        byte[] chunk = new byte[Math.min(8 * MIB, content.length - from)];
        random.nextBytes(chunk);
        System.arraycopy(chunk, 0, content, from, chunk.length);
      }
    }
    return content;
  }

  private static String name(int k) {
    return k % 3 == 0 ? "name %\"\\ " + k : "ü-" + k;
  }
}
