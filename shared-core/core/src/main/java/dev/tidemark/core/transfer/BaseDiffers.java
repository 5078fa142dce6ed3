package dev.tidemark.core.transfer;

/** The base is not what it should be; the unit is read without it. */
final class BaseDiffers extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BaseDiffers(String message, Throwable cause) {
    super(message, cause);
  }

  BaseDiffers(String message) {
    super(message);
  }
}
