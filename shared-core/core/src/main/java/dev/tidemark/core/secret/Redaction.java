package dev.tidemark.core.secret;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what people and files are told: every secret that was resolved, and whatever
 * stands where secrets stand.
 */
public final class Redaction {
  private static final String MASK = "***";

  /** Shorter ones would mask half of every text, and protect nothing. */
  private static final int MIN_LENGTH = 4;

  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:password|passwd|secret|token|api[_-]?key|authorization)[\"']?\\s*[=:]\\s*[\"']?)"
              + "(?:bearer\\s+|basic\\s+)?[^\\s\"',;&]+");

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  /** The same store, whose answers are masked from now on. */
  public SecretStore watching(SecretStore store) {
    return reference -> {
      String secret = store.resolve(reference);
      if (secret.length() >= MIN_LENGTH) {
        secrets.add(secret);
      }
      return secret;
    };
  }

  public String mask(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    masked = USER_INFO.matcher(masked).replaceAll(MASK);
    return NAMED.matcher(masked).replaceAll("$1" + MASK.replace("$", "\\$"));
  }
}
