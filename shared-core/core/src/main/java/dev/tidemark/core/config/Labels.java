package dev.tidemark.core.config;

import java.util.regex.Pattern;

/** What labels of backups may be. */
public final class Labels {
  public static final String KEY_EXPECTED =
      "a label's name of 1 to 63 of A-Z, a-z, 0-9, '.', '_', '/', '-'";
  public static final String VALUE_EXPECTED = "a text of 1 to 256 characters";

  static final Pattern KEY = Pattern.compile("[A-Za-z0-9._/-]{1,63}");

  private Labels() {}

  public static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  public static boolean isValue(String text) {
    return !text.isEmpty() && text.length() <= 256;
  }
}
