package dev.tidemark.node.http;

import dev.tidemark.node.Node;
import dev.tidemark.node.cluster.LocalRestores.Beginning;
import dev.tidemark.node.cluster.LocalRestores.Target;
import dev.tidemark.node.cluster.RestoredShardList;
import dev.tidemark.node.cluster.RestoredShardView;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.storage.FileDigest;
import dev.tidemark.node.storage.Piece;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shards of restores on this node. */
@Controller("/v1/restores/{token}/shards")
final class RestoredShardController {
  private static final String SHARD = "/{collection}/{shard}";

  private final Node node;

  RestoredShardController(Node node) {
    this.node = node;
  }

  /** The files that make up a shard. */
  @Introspected
  record FileDigests(List<FileDigest> files) {}

  @Get
  RestoredShardList list(String token) {
    return node.localRestores().list(token);
  }

  @Get(SHARD)
  RestoredShardView look(String token, String collection, String shard) {
    return node.localRestores().look(new Target(token, collection, shard));
  }

  @Put(SHARD)
  HttpResponse<RestoredShardView> begin(String token, String collection, String shard) {
    Beginning beginning = node.localRestores().begin(new Target(token, collection, shard));
    return beginning.created()
        ? HttpResponse.created(beginning.view())
        : HttpResponse.ok(beginning.view());
  }

  @Put(SHARD + "/files/{file}")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  RestoredShardView.File write(
      String token,
      String collection,
      String shard,
      String file,
      @QueryValue @Nullable String place,
      @QueryValue long offset,
      @QueryValue @Nullable String sha256,
      @Body @Nullable InputStream body) {
    // A file may be empty, and then so is the body.
    InputStream bytes = body == null ? InputStream.nullInputStream() : body;
    return node.localRestores()
        .write(new Target(token, collection, shard, place), file, new Piece(offset, sha256, bytes));
  }

  @Post(SHARD + "/sync")
  RestoredShardView sync(
      String token, String collection, String shard, @QueryValue @Nullable String place) {
    return node.localRestores().sync(new Target(token, collection, shard, place));
  }

  @Post(SHARD + "/commit")
  RestoredShardView commit(
      String token,
      String collection,
      String shard,
      @QueryValue @Nullable String place,
      @Body FileDigests body) {
    if (body.files() == null || body.files().isEmpty()) {
      throw NodeFailure.invalid("files", "the files of the shard", "none");
    }
    return node.localRestores().commit(new Target(token, collection, shard, place), body.files());
  }

  @Delete(SHARD)
  HttpResponse<Void> abort(String token, String collection, String shard) {
    node.localRestores().abort(new Target(token, collection, shard));
    return HttpResponse.noContent();
  }
}
