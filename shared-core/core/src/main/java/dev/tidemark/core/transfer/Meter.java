package dev.tidemark.core.transfer;

/** Is told how work on a unit goes on. */
public interface Meter {
  /** For those who do not want to know. */
  Meter NONE =
      new Meter() {
        @Override
        public void begin(long done, long total) {}

        @Override
        public void done(long bytes) {}

        @Override
        public boolean wantsTotal() {
          return false;
        }
      };

  /**
   * A slice begins.
   *
   * @param done bytes of content that earlier slices dealt with; what failed since counts no more
   * @param total bytes of content that the unit has, as far as that is known; else 0
   */
  void begin(long done, long total);

  /**
   * So many more bytes of content are dealt with: moved, or found to be where they should be.
   * Called often, by several threads at once.
   */
  void done(long bytes);

  /** Whether a total that nobody knows is worth a listing. */
  boolean wantsTotal();
}
