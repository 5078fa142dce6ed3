package dev.tidemark.core.transfer;

/** Is told how work goes on. Called often, by several threads at once. */
public interface Meter {
  /** For those who do not want to know. */
  Meter NONE =
      new Meter() {
        @Override
        public void read(long bytes) {}

        @Override
        public void stored(long bytes) {}

        @Override
        public void reused(long bytes) {}

        @Override
        public void fileDone() {}
      };

  /** So many bytes of content were read (of a file, or, by a restore, of the vault). */
  void read(long bytes);

  /** So many bytes were stored (in the vault, after compression; by a restore: in files). */
  void stored(long bytes);

  /** So many bytes of content need not be read, or need not be stored (of holes, by a restore). */
  void reused(long bytes);

  /** A regular file is done. */
  void fileDone();
}
