package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

class PartTest {
  private static final String CLUSTER = "main-00000000";
  private static final String UNIT = "0123456789abcdef0123";

  @Example
  void aPartIsReadAsItWasWritten() {
    var header = new PartHeader(CLUSTER, UNIT, "writer000000", 2, 7, "b1", "snap \"1\" ü", 8 << 20);
    var writer = new PartWriter(header, Compression.DEFAULT);
    var blob = new BlobRef("writer000000.1.0", "0".repeat(32), 3_000, 2_990, Checksum.NONE);
    var digest = new Digest(Digest.SHA256, "a".repeat(64));
    var entries = new ArrayList<Entry>();
    entries.add(other("", FileType.DIRECTORY, null));
    for (int i = 100_000; i < 103_000; i++) {
      entries.add(
          new Entry(
              new FileMeta(EntryPath.parse("f" + i), FileType.FILE, 9, 0644, -2, 5, -1, 7, null),
              "id" + i,
              i % 2 == 0,
              i % 3 == 0,
              digest,
              List.of(new Extent(blob, i % 100, 9, null))));
    }
    entries.add(other("h", FileType.HARDLINK, "f100001"));
    entries.add(other("s", FileType.SYMLINK, "%FF/../x"));
    entries.forEach(writer::add);
    var note = new PartNote("special", EntryPath.parse("fifo"), "fifo");
    writer.add(note);
    PartWriter.Finished finished = writer.finish();
    var store = new MapStore();
    var unused = store.create(VaultKeys.part(CLUSTER, UNIT, header.name()), finished.object());

    try (PartReader reader = PartReader.open(store, CLUSTER, UNIT, header.name(), finished.ref())) {
      assertThat(reader.header()).isEqualTo(header);
      assertThat(reader.blobs()).containsExactly(blob);
      var read = new ArrayList<Entry>();
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        read.add(entry);
      }
      assertThat(read).isEqualTo(entries);
      assertThat(reader.notes()).containsExactly(note);
      assertThat(reader.unfinished()).isNull();
    }
  }

  private static Entry other(String path, FileType type, @Nullable String target) {
    var meta = new FileMeta(EntryPath.parse(path), type, 0, 0755, 0, 0, 12, 0, target);
    return new Entry(meta, "x", true, false, null, List.of());
  }
}
