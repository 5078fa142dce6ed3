package dev.tidemark.core.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a caller of the API may ask for; each may do what those before it may. */
public enum Role {
  /** Look at everything; changes nothing. */
  READER,
  /** Make, cancel and resume backups and restores that replace nothing. */
  OPERATOR,
  /** Replace and remove data. */
  ADMIN;

  /** All words, for messages. */
  public static final String WORDS =
      Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }

  public static Optional<Role> named(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
