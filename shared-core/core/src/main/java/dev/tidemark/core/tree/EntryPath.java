package dev.tidemark.core.tree;

import java.util.Arrays;

/**
 * A relative path as bytes: components of any bytes but {@code 0} and {@code '/'}, joined by {@code
 * '/'}. No component is empty, {@code .} or {@code ..}; the empty path is the root of the unit
 * itself. At most {@link #MAX_BYTES}.
 *
 * <p>The order is component-wise by unsigned bytes, which is byte order with {@code '/'} lowest: a
 * directory comes directly before what is in it, and {@code a/b} before {@code a-b}.
 */
public final class EntryPath implements Comparable<EntryPath> {
  public static final int MAX_BYTES = 16 << 10;
  public static final EntryPath ROOT = new EntryPath(new byte[0]);

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final byte[] bytes;

  private EntryPath(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException where the bytes are not a path as described above
   */
  public static EntryPath of(byte[] bytes) {
    requirePath(bytes);
    return bytes.length == 0 ? ROOT : new EntryPath(bytes.clone());
  }

  /**
   * Reads the text that {@link #toString} writes: printable ASCII but {@code %}, {@code "} and
   * {@code \} stands for itself, every other byte is {@code %} and two upper-case hex digits.
   *
   * @throws IllegalArgumentException where the text is not in exactly that form, or not a path
   */
  public static EntryPath parse(String text) {
    byte[] bytes = unescape(text);
    requirePath(bytes);
    return bytes.length == 0 ? ROOT : new EntryPath(bytes);
  }

  /** This path with one more component. */
  public EntryPath child(byte[] name) {
    if (bytes.length == 0) {
      return of(name);
    }
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
    joined[bytes.length] = '/';
    System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
    requirePath(joined);
    return new EntryPath(joined);
  }

  /** The path without its last component; the root's parent is the root. */
  public EntryPath parent() {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] == '/') {
        return new EntryPath(Arrays.copyOf(bytes, i));
      }
    }
    return ROOT;
  }

  /** The first component; the root where there is none. */
  public EntryPath first() {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '/') {
        return new EntryPath(Arrays.copyOf(bytes, i));
      }
    }
    return this;
  }

  /**
   * This path in a folder.
   *
   * @throws IllegalArgumentException where it would be too long
   */
  public EntryPath in(EntryPath folder) {
    return isRoot() ? folder : folder.child(bytes);
  }

  /**
   * This path as seen from a folder in which it lies, or which it is.
   *
   * @throws IllegalArgumentException where it does not
   */
  public EntryPath from(EntryPath folder) {
    if (!startsWith(folder)) {
      throw new IllegalArgumentException(this + " is not in " + folder);
    }
    int skipped = folder.isRoot() ? 0 : Math.min(bytes.length, folder.bytes.length + 1);
    return skipped == bytes.length
        ? ROOT
        : new EntryPath(Arrays.copyOfRange(bytes, skipped, bytes.length));
  }

  public boolean isRoot() {
    return bytes.length == 0;
  }

  /** Whether this is {@code other} or lies below it. */
  public boolean startsWith(EntryPath other) {
    int length = other.bytes.length;
    return length == 0
        || (bytes.length >= length
            && Arrays.equals(bytes, 0, length, other.bytes, 0, length)
            && (bytes.length == length || bytes[length] == '/'));
  }

  /** A copy of the path's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public int compareTo(EntryPath other) {
    int mismatch = Arrays.mismatch(bytes, other.bytes);
    if (mismatch < 0) {
      return 0;
    }
    if (mismatch >= bytes.length) {
      return -1;
    }
    if (mismatch >= other.bytes.length) {
      return 1;
    }
    return Integer.compare(rank(bytes[mismatch]), rank(other.bytes[mismatch]));
  }

  private static int rank(byte b) {
    return b == '/' ? 0 : b & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return escape(bytes);
  }

  /** The text form of any bytes, as {@link #parse} describes it. */
  public static String escape(byte[] bytes) {
    var text = new StringBuilder(bytes.length + 8);
    for (byte b : bytes) {
      if (plain(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
    return text.toString();
  }

  /**
   * The bytes of a text form.
   *
   * @throws IllegalArgumentException where the text is not in exactly that form
   */
  public static byte[] unescape(String text) {
    byte[] bytes = new byte[text.length()];
    int n = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        if (c > 126 || !plain((byte) c)) {
          throw new IllegalArgumentException("not an escaped path: " + text);
        }
        bytes[n++] = (byte) c;
        continue;
      }
      boolean whole = i + 2 < text.length();
      int high = whole ? digit(text.charAt(i + 1)) : -1;
      int low = whole ? digit(text.charAt(i + 2)) : -1;
      if (high < 0 || low < 0 || plain((byte) (high << 4 | low))) {
        throw new IllegalArgumentException("not an escaped path: " + text);
      }
      bytes[n++] = (byte) (high << 4 | low);
      i += 2;
    }
    return Arrays.copyOf(bytes, n);
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  private static boolean plain(byte b) {
    return b >= 32 && b < 127 && b != '%' && b != '"' && b != '\\';
  }

  private static void requirePath(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a path of " + bytes.length + " bytes is too long");
    }
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i < bytes.length && bytes[i] == 0) {
        throw new IllegalArgumentException("a path with a zero byte: " + escape(bytes));
      }
      if (i == bytes.length || bytes[i] == '/') {
        requireComponent(bytes, start, i);
        start = i + 1;
      }
    }
  }

  private static void requireComponent(byte[] bytes, int start, int end) {
    int length = end - start;
    boolean empty = length == 0 && bytes.length > 0;
    boolean dots = (length == 1 || length == 2) && bytes[start] == '.' && bytes[end - 1] == '.';
    if (empty || dots) {
      throw new IllegalArgumentException("not a relative path: " + escape(bytes));
    }
  }
}
