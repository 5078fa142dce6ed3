package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that keeps copies of a tree, in a folder of its own, as a person would run it. */
interface Tool {
  String name();

  /** What it says of itself. */
  List<String> version();

  /** What makes it ready, in an empty folder; none where nothing is to be made. */
  List<List<String>> prepare(Path folder, Path tree) throws IOException;

  /**
   * The command for a backup.
   *
   * @param id of the backup, for who names them
   */
  List<String> backUp(Path tree, String id);

  /** The command for a restore of the backup that was made last, and has this id. */
  List<String> restore(String id, Path target);

  /** Where in the target the tree comes back. */
  Path restored(Path target, Path tree);

  /** Where it keeps what it has stored, in its folder. */
  String store();

  default Map<String, String> environment(Path folder) {
    return Map.of("HOME", folder.toString());
  }

  /** Tidemark by its start script. */
  record Tidemark(Path home) implements Tool {
    @Override
    public String name() {
      return "tidemark";
    }

    String script() {
      return home.resolve("tidemark").toString();
    }

    @Override
    public List<String> version() {
      return List.of(script(), "--version");
    }

    @Override
    public List<List<String>> prepare(Path folder, Path tree) throws IOException {
      Files.writeString(
          folder.resolve("tidemark.yaml"),
          """
          settings: { state: state }
          vaults: { main: { path: vault } }
          clusters:
            files: { engine: directory, vault: main, roots: [ { name: data, path: %s } ] }
          """
              .formatted(tree));
      return List.of(List.of(script(), "vault", "create", "main"));
    }

    @Override
    public List<String> backUp(Path tree, String id) {
      return List.of(script(), "backup", "create", "files", "--id", id);
    }

    @Override
    public List<String> restore(String id, Path target) {
      return List.of(script(), "restore", "create", id, "--to", target.toString());
    }

    @Override
    public Path restored(Path target, Path tree) {
      return target.resolve("data");
    }

    @Override
    public String store() {
      return "vault";
    }
  }

  /** As it comes: encrypts, compresses where that pays, all cores. */
  record Restic() implements Tool {
    @Override
    public String name() {
      return "restic";
    }

    @Override
    public List<String> version() {
      return List.of("restic", "version");
    }

    @Override
    public List<List<String>> prepare(Path folder, Path tree) {
      return List.of(List.of("restic", "init"));
    }

    @Override
    public List<String> backUp(Path tree, String id) {
      return List.of("restic", "backup", tree.toString());
    }

    @Override
    public List<String> restore(String id, Path target) {
      return List.of("restic", "restore", "latest", "--target", target.toString());
    }

    @Override
    public Path restored(Path target, Path tree) {
      return target.resolve("." + tree);
    }

    @Override
    public String store() {
      return "repository";
    }

    @Override
    public Map<String, String> environment(Path folder) {
      return Map.of(
          "HOME",
          folder.toString(),
          "RESTIC_REPOSITORY",
          folder.resolve("repository").toString(),
          "RESTIC_PASSWORD",
          "benchmark",
          "RESTIC_CACHE_DIR",
          folder.resolve("cache").toString());
    }
  }

  /** Copies files; keeps no history, no mode and no owner, and does not wait for the disk. */
  record Rclone() implements Tool {
    @Override
    public String name() {
      return "rclone copy";
    }

    @Override
    public List<String> version() {
      return List.of("rclone", "version");
    }

    @Override
    public List<List<String>> prepare(Path folder, Path tree) {
      return List.of();
    }

    @Override
    public List<String> backUp(Path tree, String id) {
      return List.of("rclone", "copy", "--links", tree.toString(), "copy");
    }

    @Override
    public List<String> restore(String id, Path target) {
      return List.of("rclone", "copy", "--links", "copy", target.toString());
    }

    @Override
    public Path restored(Path target, Path tree) {
      return target;
    }

    @Override
    public String store() {
      return "copy";
    }
  }
}
