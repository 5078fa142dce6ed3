package dev.tidemark.core.verify;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.engine.BinName;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.BlobReader;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.ListingDigest;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartReader;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitRoot;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies one unit of a backup. */
final class UnitVerifier {
  private static final int PAGE = 1_000;
  private static final int LINKS_AT_ONCE = 50_000;

  private final BlobStore store;
  private final String clusterId;
  private final UnitRecord record;
  private final String laneKey;
  private final Level level;
  private final Findings findings;
  private final Cost cost;
  private final Set<Shard> roots = new HashSet<>();
  private final Map<String, BlobRef> blobs = new HashMap<>();
  private final Set<String> bad = new HashSet<>();
  private final List<PartRef> sound = new ArrayList<>();
  private final UnitRoot root = new UnitRoot();
  private final ListingDigest listing = new ListingDigest();
  private final Map<EntryPath, Link> links = new HashMap<>();
  private @Nullable FileMeta before;
  private final List<PartRef> opened = new ArrayList<>();
  private boolean whole = true;
  private long files;
  private long bytes;

  UnitVerifier(
      BlobStore store,
      String clusterId,
      UnitRecord record,
      String laneKey,
      Level level,
      Findings findings) {
    this.store = store;
    this.clusterId = clusterId;
    this.record = record;
    this.laneKey = laneKey;
    this.level = level;
    this.findings = findings;
    this.cost = new Cost(record);
  }

  /** A hard link whose target is still to be seen. */
  private record Link(EntryPath path, PartRef part) {}

  /** Asked between two steps: after the structure, and after each part's content. */
  interface Steps {
    /** Whether to go on, with so many steps done. */
    boolean goOn(int done);
  }

  /**
   * Verifies what was not verified before.
   *
   * @param done how many steps; what later ones need of them is read again
   * @return whether it came to the end
   */
  boolean verify(int done, Steps steps) {
    if (done == 0) {
      structure();
    } else {
      findings.again(this::structure);
    }
    if (level.percent() == 0 && bad.isEmpty()) {
      return true;
    }
    for (int part = Math.max(0, done - 1); part < sound.size(); part++) {
      if (part >= done && !steps.goOn(part + 1)) {
        return false;
      }
      content(sound.get(part));
    }
    return true;
  }

  private void structure() {
    findings.unit(BinName.words(record.name()));
    PartList list = record.parts();
    List<PartRef> parts;
    try {
      parts = PartLists.read(store, clusterId, record.unit(), list);
    } catch (PermanentFailure e) {
      cost.everything(findings.add(e));
      return;
    }
    if (list.object() != null) {
      findings.object();
    }
    parts.forEach(this::part);
    requireLinks();
    if (whole) {
      requireTotals();
      requireRoots();
    }
    requireBlobs();
  }

  private void part(PartRef ref) {
    opened.add(ref);
    try (PartReader part = PartReader.open(store, clusterId, record.unit(), ref.name(), ref)) {
      String key = key(ref);
      for (Entry entry = part.next(); entry != null; entry = part.next()) {
        UnitEntries.requireOrder(key, before, entry.meta());
        before = entry.meta();
        count(entry, ref);
      }
      for (BlobRef blob : part.blobs()) {
        BlobRef other = blobs.putIfAbsent(blob.name(), blob);
        if (other != null && !other.equals(blob)) {
          var unused = findings.add(key, "two descriptions of blob " + blob.name());
        }
      }
      sound.add(ref);
      findings.entries += part.entries();
      findings.object();
    } catch (PermanentFailure e) {
      whole = false;
      cost.part(findings.add(e), ref);
    }
  }

  private void count(Entry entry, PartRef ref) {
    requireShard(entry, ref);
    root.add(entry);
    listing.add(new SourceFile(entry.meta(), entry.identity(), entry.strong()));
    FileType type = entry.meta().type();
    if (type == FileType.FILE) {
      files++;
      findings.files++;
      bytes += entry.meta().size();
    }
    String target = entry.meta().target();
    if (type == FileType.HARDLINK && target != null) {
      links.putIfAbsent(EntryPath.parse(target), new Link(entry.path(), ref));
      if (links.size() >= LINKS_AT_ONCE) {
        requireLinks();
      }
    }
  }

  /** In a unit of several shards every entry is one of theirs, and each has its folder's. */
  private void requireShard(Entry entry, PartRef ref) {
    UnitShards.Located at = cost.shards().locate(entry.path()).orElse(null);
    if (at == null) {
      var unused = findings.add(key(ref), "expected entries of shards, found " + entry.path());
    } else if (at.path().isRoot()) {
      roots.add(at.shard());
    }
  }

  private void requireRoots() {
    for (Shard shard : cost.shards().all()) {
      if (cost.shards().several() && !roots.contains(shard)) {
        findings
            .add(
                laneKey,
                "expected the folder of each shard of unit %s, found none of %s"
                    .formatted(record.unit(), shard.canonicalName()))
            .costs(shard.canonicalName(), "every file");
      }
    }
  }

  /** Reads the entries again, for the targets of the hard links so far. */
  private void requireLinks() {
    // Where a part is lost its files are, and with them the targets of links.
    for (int i = 0; whole && !links.isEmpty() && i < opened.size(); i++) {
      each(opened.get(i), this::seen);
    }
    if (!whole) {
      links.clear();
    }
    links.forEach(
        (target, link) ->
            cost.file(
                findings.add(
                    key(link.part()), "expected the target of a hard link, found no " + target),
                link.path()));
    links.clear();
  }

  private void seen(Entry entry) {
    if (entry.meta().type() == FileType.FILE || entry.meta().type() == FileType.SYMLINK) {
      links.remove(entry.path());
    }
  }

  private void requireTotals() {
    require("root", record.root(), root.hex());
    require("listing", record.listing(), listing.hex());
    require("entries", record.entries(), listing.entries());
    require("files", record.files(), files);
    require("bytes", record.bytes(), bytes);
    require("weak", record.weak(), listing.weak());
  }

  private void require(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      cost.everything(
          findings.add(
              laneKey,
              "expected %s %s of unit %s, found %s in its parts"
                  .formatted(what, expected, record.unit(), found)));
    }
  }

  /** Asks for every blob by listing the unit's folder. */
  private void requireBlobs() {
    var missing = new HashMap<>(blobs);
    String folder = VaultKeys.dataFolder(clusterId, record.unit());
    if (!missing.isEmpty()) {
      List<BlobInfo> page = store.list(folder, null, PAGE);
      while (!page.isEmpty()) {
        for (BlobInfo info : page) {
          BlobRef blob = missing.remove(info.key().substring(folder.length()));
          if (blob != null) {
            requireStored(blob, info);
          }
        }
        page = store.list(folder, page.get(page.size() - 1).key(), PAGE);
      }
    }
    for (String name : missing.keySet().stream().sorted().toList()) {
      var unused = findings.add(folder + name, "expected a blob, found none");
      bad.add(name);
    }
  }

  private void requireStored(BlobRef blob, BlobInfo info) {
    findings.object();
    Checksum check = info.checksum();
    boolean other = check.kind().equals(blob.check().kind()) && !check.equals(blob.check());
    if (info.size() != blob.stored()) {
      var unused =
          findings.add(
              info.key(),
              "expected %d stored bytes, found %d".formatted(blob.stored(), info.size()));
      bad.add(blob.name());
    } else if (other) {
      var unused = findings.add(info.key(), "expected %s, found %s".formatted(blob.check(), check));
      bad.add(blob.name());
    }
  }

  private void content(PartRef ref) {
    var reader = new BlobReader(store, clusterId, record.unit());
    var content = new PartContent(cost, level, findings);
    if (each(ref, entry -> content.add(entry, bad))) {
      content.check(reader, bad, name -> VaultKeys.data(clusterId, record.unit(), name), key(ref));
    }
  }

  private interface Each {
    void entry(Entry entry);
  }

  /** Reads a part that was sound a moment ago; false where it is no more. */
  private boolean each(PartRef ref, Each each) {
    try (PartReader part = PartReader.open(store, clusterId, record.unit(), ref.name(), ref)) {
      for (Entry entry = part.next(); entry != null; entry = part.next()) {
        each.entry(entry);
      }
      return true;
    } catch (PermanentFailure e) {
      var unused = findings.add(e);
      return false;
    }
  }

  private String key(PartRef ref) {
    return VaultKeys.part(clusterId, record.unit(), ref.name());
  }
}
