package dev.tidemark.store.filesystem;

import dev.tidemark.core.time.Ids;
import java.security.SecureRandom;

final class RandomIds implements Ids {
  private final SecureRandom random = new SecureRandom();

  @Override
  public String text(int length) {
    return random
        .ints(length, 0, 36)
        .collect(
            StringBuilder::new,
            (text, digit) -> text.append(Character.forDigit(digit, 36)),
            StringBuilder::append)
        .toString();
  }

  @Override
  public byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
