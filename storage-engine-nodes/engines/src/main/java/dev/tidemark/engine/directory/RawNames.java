package dev.tidemark.engine.directory;

import dev.tidemark.core.tree.EntryPath;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * File names as bytes. The JDK turns names into text by the locale's charset and loses what that
 * cannot say; through {@code file:} URIs they pass unchanged.
 */
final class RawNames {
  private static final Path TOP = Path.of("/");

  private RawNames() {}

  /** The path of an entry below a directory. */
  static Path below(Path directory, EntryPath entry) {
    return entry.isRoot() ? directory : directory.resolve(relative(entry.bytes()));
  }

  static Path child(Path directory, byte[] name) {
    return directory.resolve(relative(name));
  }

  /** The bytes of a path's last component. */
  static byte[] name(Path path) {
    Path name = path.getFileName();
    return name == null ? new byte[0] : bytes(name);
  }

  /** The bytes of a path exactly as it is, relative or absolute. */
  static byte[] bytes(Path path) {
    String text = path.toString();
    if (ascii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = TOP.resolve(path).toUri().getRawPath();
    int start = path.isAbsolute() ? 0 : 1;
    int end = raw.length();
    if (raw.endsWith("/") && !text.endsWith("/")) {
      end--; // what the path names is a directory just now
    }
    return decode(raw.substring(start, end));
  }

  /** A path of the given bytes, relative unless they begin with a slash. */
  static Path path(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == '/' ? absolute(bytes) : relative(bytes);
  }

  private static Path relative(byte[] bytes) {
    if (bytes.length > 0 && bytes[bytes.length - 1] != '/' && ascii(bytes)) {
      return Path.of(new String(bytes, StandardCharsets.US_ASCII));
    }
    Path absolute = absolute(bytes);
    return absolute.subpath(0, absolute.getNameCount());
  }

  /** The URI loses one slash at its end, so it gets one more. */
  private static Path absolute(byte[] bytes) {
    boolean slash = bytes.length > 0 && bytes[0] == '/';
    String path = (slash ? "" : "/") + encode(bytes);
    return Path.of(URI.create("file://" + path + (path.endsWith("/") ? "/" : "")));
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c > 0 && c < 128);
  }

  private static boolean ascii(byte[] bytes) {
    for (byte b : bytes) {
      if (b <= 0) {
        return false;
      }
    }
    return true;
  }

  private static String encode(byte[] bytes) {
    var text = new StringBuilder(bytes.length * 3);
    for (byte b : bytes) {
      if (b == '/' || (b > 0 && Character.isLetterOrDigit(b))) {
        text.append((char) b);
      } else {
        text.append('%');
        text.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
      }
    }
    return text.toString();
  }

  private static byte[] decode(String raw) {
    var bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
