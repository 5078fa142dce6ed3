package dev.tidemark.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of S3 that a vault uses, from memory, for what no real server does when it is told to:
 * answers of any status at any request. One bucket, {@link #BUCKET}.
 */
final class TinyS3 implements AutoCloseable {
  static final String BUCKET = "bucket";
  private static final Pattern OBJECT = Pattern.compile("<Object><Key>([^<]+)</Key>");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SortedMap<String, Stored> objects = new TreeMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private boolean ignoresConditions;
  private boolean keepsNoChecksums;

  private record Stored(
      ByteBuffer content,
      String etag,
      @Nullable String sha256,
      Map<String, String> metadata,
      Instant time) {
    byte[] bytes() {
      return bytes(0, content.remaining());
    }

    byte[] bytes(int from, int length) {
      var bytes = new byte[length];
      content.duplicate().position(from).get(bytes);
      return bytes;
    }

    int size() {
      return content.remaining();
    }
  }

  private record Upload(
      String name,
      boolean sha256,
      Map<String, String> metadata,
      SortedMap<Integer, byte[]> parts) {}

  /** An answer; {@code code} is of its XML. */
  record Reply(int status, String code, String message, Map<String, String> headers) {
    static Reply of(int status, String code) {
      return new Reply(status, code, "as the test wants it", Map.of());
    }
  }

  /** When a reply is given instead of S3's. */
  enum When {
    /** The server does nothing. */
    INSTEAD,
    /** The server does the work first. */
    AFTER,
    /** The server does the work first, and closes the connection in the middle of its answer. */
    CUT
  }

  private static final class Fault {
    final Predicate<String> meant;
    final When when;
    final Reply reply;
    int left;

    Fault(Predicate<String> meant, When when, Reply reply, int left) {
      this.meant = meant;
      this.when = when;
      this.reply = reply;
      this.left = left;
    }
  }

  /** Thrown by handlers. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    final transient Reply reply;

    Refused(int status, String code) {
      reply = Reply.of(status, code);
    }
  }

  TinyS3() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /**
   * Answers some requests otherwise.
   *
   * @param meant sees {@code PUT /bucket/key?query}
   */
  synchronized void fail(int times, Predicate<String> meant, When when, Reply reply) {
    faults.add(new Fault(meant, when, reply, times));
  }

  /** From now on, all goes well. */
  synchronized void heal() {
    faults.clear();
  }

  /** An object that no vault made. */
  synchronized void foreign(String name) {
    objects.put(name, new Stored(ByteBuffer.allocate(0), "\"\"", null, Map.of(), Instant.now()));
  }

  /** Overwrites, as older servers do. */
  void ignoreConditions() {
    ignoresConditions = true;
  }

  /** Tells no SHA-256 of an object, as servers do that only check it. */
  void keepNoChecksums() {
    keepsNoChecksums = true;
  }

  /** All requests so far, like {@code PUT /bucket/key?query}. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized int uploadsInProgress() {
    return uploads.size();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      String request =
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI().getRawPath()
              + (query == null ? "" : "?" + query);
      byte[] body = exchange.getRequestBody().readAllBytes();
      Fault fault = fault(request);
      Answer answer = new Answer(exchange);
      if (fault != null && fault.when == When.INSTEAD) {
        answer.error(fault.reply);
      } else {
        try {
          work(exchange, body, answer);
        } catch (Refused e) {
          answer.error(e.reply);
        }
        if (fault != null && fault.when == When.AFTER) {
          answer.error(fault.reply);
        }
      }
      answer.send(fault != null && fault.when == When.CUT);
    }
  }

  private synchronized @Nullable Fault fault(String request) {
    requests.add(request);
    for (Fault each : faults) {
      if (each.left > 0 && each.meant.test(request)) {
        each.left--;
        return each;
      }
    }
    return null;
  }

  private synchronized void work(HttpExchange exchange, byte[] body, Answer answer) throws Refused {
    String path = exchange.getRequestURI().getPath();
    String[] parts = path.substring(1).split("/", 2);
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    if (!parts[0].equals(BUCKET)) {
      throw new Refused(404, "NoSuchBucket");
    }
    String name = parts.length < 2 ? "" : parts[1];
    switch (exchange.getRequestMethod()) {
      case "HEAD", "GET" -> get(exchange, name, query, answer);
      case "PUT" -> {
        if (query.containsKey("uploadId")) {
          copyPart(exchange, query, answer);
        } else {
          put(exchange, name, body, answer);
        }
      }
      case "POST" -> post(exchange, name, query, body, answer);
      default -> {
        uploads.remove(query.getOrDefault("uploadId", ""));
        answer.status = 204;
      }
    }
  }

  private void put(HttpExchange exchange, String name, byte[] body, Answer answer) throws Refused {
    String sha256 = header(exchange, "x-amz-checksum-sha256");
    if (sha256 != null && !sha256.equals(digest("SHA-256", body))) {
      throw new Refused(400, "BadDigest");
    }
    requireAbsent(exchange, name);
    String etag = "\"" + digest("MD5", body) + "\"";
    objects.put(
        name,
        new Stored(
            ByteBuffer.wrap(body),
            etag,
            keepsNoChecksums ? null : sha256,
            Map.of(),
            Instant.now()));
    answer.header("ETag", etag);
  }

  private void requireAbsent(HttpExchange exchange, String name) throws Refused {
    if ("*".equals(header(exchange, "If-None-Match"))
        && objects.containsKey(name)
        && !ignoresConditions) {
      throw new Refused(412, "PreconditionFailed");
    }
  }

  private void get(HttpExchange exchange, String name, Map<String, String> query, Answer answer)
      throws Refused {
    if (name.isEmpty()) {
      if (query.containsKey("list-type")) {
        list(query, answer);
      } else if (query.containsKey("versioning")) {
        answer.xml("<VersioningConfiguration/>");
      }
      return;
    }
    Stored stored = objects.get(name);
    if (stored == null) {
      throw new Refused(404, "NoSuchKey");
    }
    answer.header("ETag", stored.etag());
    answer.header("Last-Modified", DATE.format(stored.time()));
    stored.metadata().forEach((key, value) -> answer.header("x-amz-meta-" + key, value));
    String range = header(exchange, "Range");
    if (range == null) {
      if (stored.sha256() != null && "ENABLED".equals(header(exchange, "x-amz-checksum-mode"))) {
        answer.header("x-amz-checksum-sha256", stored.sha256());
      }
      answer.body = stored.bytes();
      return;
    }
    Matcher bounds = RANGE.matcher(range);
    if (!bounds.matches() || Long.parseLong(bounds.group(1)) >= stored.size()) {
      throw new Refused(416, "InvalidRange");
    }
    int from = Integer.parseInt(bounds.group(1));
    int to = (int) Math.min(Long.parseLong(bounds.group(2)), stored.size() - 1);
    answer.status = 206;
    answer.header("Content-Range", "bytes %d-%d/%d".formatted(from, to, stored.size()));
    answer.body = stored.bytes(from, to + 1 - from);
  }

  private void list(Map<String, String> query, Answer answer) {
    int limit = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
    String after = query.getOrDefault("start-after", "");
    String prefix = query.getOrDefault("prefix", "");
    List<String> names =
        objects.keySet().stream()
            .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    var xml = new StringBuilder("<ListBucketResult><IsTruncated>");
    xml.append(names.size() > limit).append("</IsTruncated>");
    for (String name : names.subList(0, Math.min(limit, names.size()))) {
      Stored stored = objects.get(name);
      xml.append("<Contents><Key>").append(name).append("</Key><Size>");
      xml.append(stored == null ? 0 : stored.size());
      xml.append("</Size><LastModified>").append(stored == null ? "" : stored.time());
      xml.append("</LastModified></Contents>");
    }
    answer.xml(xml.append("</ListBucketResult>").toString());
  }

  private void post(
      HttpExchange exchange, String name, Map<String, String> query, byte[] body, Answer answer)
      throws Refused {
    if (query.containsKey("delete")) {
      Matcher each = OBJECT.matcher(new String(body, StandardCharsets.UTF_8));
      while (each.find()) {
        objects.remove(each.group(1));
      }
      answer.xml("<DeleteResult/>");
    } else if (query.containsKey("uploads")) {
      String id = "upload-" + requests.size();
      Map<String, String> metadata = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (key, values) -> {
                if (key.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-meta-")) {
                  metadata.put(key.substring("x-amz-meta-".length()), values.get(0));
                }
              });
      boolean sha256 = "SHA256".equals(header(exchange, "x-amz-checksum-algorithm"));
      uploads.put(id, new Upload(name, sha256, metadata, new TreeMap<>()));
      answer.xml(
          "<InitiateMultipartUploadResult><UploadId>"
              + id
              + "</UploadId></InitiateMultipartUploadResult>");
    } else {
      complete(exchange, query, answer);
    }
  }

  private void copyPart(HttpExchange exchange, Map<String, String> query, Answer answer)
      throws Refused {
    Upload upload = upload(query);
    String header = String.valueOf(header(exchange, "x-amz-copy-source"));
    String path = URLDecoder.decode(header, StandardCharsets.UTF_8).replaceFirst("^/", "");
    Stored source = objects.get(path.substring(BUCKET.length() + 1));
    if (source == null) {
      throw new Refused(404, "NoSuchKey");
    }
    String etag = header(exchange, "x-amz-copy-source-if-match");
    if (etag != null && !etag.equals(source.etag())) {
      throw new Refused(412, "PreconditionFailed");
    }
    byte[] bytes = source.bytes();
    String range = header(exchange, "x-amz-copy-source-range");
    if (range != null) {
      Matcher bounds = RANGE.matcher(range);
      bounds.matches();
      bytes =
          Arrays.copyOfRange(
              bytes, Integer.parseInt(bounds.group(1)), Integer.parseInt(bounds.group(2)) + 1);
    }
    upload.parts().put(Integer.valueOf(query.get("partNumber")), bytes);
    answer.xml(
        "<CopyPartResult><ETag>\"%s\"</ETag>%s</CopyPartResult>"
            .formatted(
                digest("MD5", bytes),
                upload.sha256()
                    ? "<ChecksumSHA256>" + digest("SHA-256", bytes) + "</ChecksumSHA256>"
                    : ""));
  }

  private Upload upload(Map<String, String> query) throws Refused {
    Upload upload = uploads.get(query.getOrDefault("uploadId", ""));
    if (upload == null) {
      throw new Refused(404, "NoSuchUpload");
    }
    return upload;
  }

  private void complete(HttpExchange exchange, Map<String, String> query, Answer answer)
      throws Refused {
    Upload upload = upload(query);
    requireAbsent(exchange, upload.name());
    var whole = new ByteArrayOutputStream();
    upload.parts().values().forEach(whole::writeBytes);
    objects.put(
        upload.name(),
        new Stored(
            ByteBuffer.wrap(whole.toByteArray()),
            "\"parts\"",
            null,
            upload.metadata(),
            Instant.now()));
    uploads.remove(query.get("uploadId"));
    answer.xml(
        "<CompleteMultipartUploadResult><ETag>\"parts\"</ETag></CompleteMultipartUploadResult>");
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] sides = pair.split("=", 2);
      query.put(
          sides[0], sides.length < 2 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static @Nullable String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static final class Answer {
    private final HttpExchange exchange;
    int status = 200;
    byte[] body = {};

    Answer(HttpExchange exchange) {
      this.exchange = exchange;
    }

    void header(String name, String value) {
      exchange.getResponseHeaders().set(name, value);
    }

    void xml(String text) {
      body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8);
    }

    void error(Reply reply) {
      status = reply.status();
      reply.headers().forEach(this::header);
      xml(
          "<Error><Code>%s</Code><Message>%s</Message></Error>"
              .formatted(reply.code(), reply.message()));
    }

    void send(boolean cut) throws IOException {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange
            .getResponseHeaders()
            .set("Content-Length", Integer.toString(status < 300 ? body.length : 0));
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
    }
  }
}
