package dev.tidemark.journey.bench;

import dev.tidemark.contract.cloud.MinioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same tool with its copies in buckets of a server, instead of in folders.
 *
 * @param address of the server, with the buckets {@link #BUCKETS}
 */
record InBucket(Tool tool, String address) implements Tool {
  static final String[] BUCKETS = {"tidemark", "restic", "rclone"};

  @Override
  public String name() {
    return tool.name();
  }

  @Override
  public List<String> version() {
    return tool.version();
  }

  @Override
  public List<List<String>> prepare(Path folder, Path tree) throws IOException {
    List<List<String>> commands = tool.prepare(folder, tree);
    Path configuration = folder.resolve("tidemark.yaml");
    if (Files.exists(configuration)) {
      String bucket = "{ store: s3, bucket: tidemark, endpoint: \"%s\" }".formatted(address);
      Files.writeString(
          configuration, Files.readString(configuration).replace("{ path: vault }", bucket));
    }
    return commands;
  }

  @Override
  public List<String> backUp(Path tree, String id) {
    var command = new ArrayList<>(tool.backUp(tree, id));
    command.replaceAll(word -> word.equals(tool.store()) ? "minio:rclone" : word);
    // The second word of rclone's command is a verb.
    command.set(1, tool.backUp(tree, id).get(1));
    return command;
  }

  @Override
  public List<String> restore(String id, Path target) {
    throw new UnsupportedOperationException("only backups are measured");
  }

  @Override
  public Path restored(Path target, Path tree) {
    throw new UnsupportedOperationException("only backups are measured");
  }

  @Override
  public String store() {
    throw new UnsupportedOperationException("it is in a bucket");
  }

  @Override
  public Map<String, String> environment(Path folder) {
    var all = new HashMap<>(tool.environment(folder));
    all.put("AWS_REGION", "us-east-1");
    all.put("AWS_ACCESS_KEY_ID", MinioServer.USER);
    all.put("AWS_SECRET_ACCESS_KEY", MinioServer.PASSWORD);
    // Which rclone 1.60 cannot load; HTTP needs none.
    all.put("AWS_CA_BUNDLE", "");
    all.put("RESTIC_REPOSITORY", "s3:" + address + "/restic");
    all.put("RCLONE_CONFIG_MINIO_TYPE", "s3");
    all.put("RCLONE_CONFIG_MINIO_PROVIDER", "Minio");
    all.put("RCLONE_CONFIG_MINIO_ENV_AUTH", "true");
    all.put("RCLONE_CONFIG_MINIO_ENDPOINT", address);
    return all;
  }
}
