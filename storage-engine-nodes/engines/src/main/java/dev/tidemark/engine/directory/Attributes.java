package dev.tidemark.engine.directory;

import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sets attributes of what we made. */
final class Attributes {
  private static final int SET_ID = 06000;

  private final int uid;
  private final int gid;

  /**
   * @param ours what is made by this process has this one's owner and group
   */
  Attributes(Stat ours) {
    this.uid = ours.uid();
    this.gid = ours.gid();
  }

  /**
   * Owner first, since changing it clears set-id bits; mode last, since it may shut us out. A
   * set-id bit is only for the owner that it was set for.
   */
  void apply(Path path, FileMeta meta) throws IOException {
    boolean owner = meta.uid() == uid || set(path, "unix:uid", meta.uid());
    boolean group = meta.gid() == gid || set(path, "unix:gid", meta.gid());
    FileTime time = FileTime.from(Instant.ofEpochSecond(meta.mtimeSeconds(), meta.mtimeNanos()));
    view(path).setTimes(time, null, null);
    if (meta.type() != FileType.SYMLINK) {
      int mode = owner && group ? meta.mode() : meta.mode() & ~SET_ID;
      Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static BasicFileAttributeView view(Path path) throws IOException {
    @Nullable BasicFileAttributeView view =
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      throw new IOException("no attributes can be set");
    }
    return view;
  }

  /** Whether it may be set; only root may give a file away. */
  private static boolean set(Path path, String attribute, int value) throws IOException {
    try {
      Files.setAttribute(path, attribute, value, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (FileSystemException e) {
      String reason = e.getReason();
      if (reason != null && reason.contains("not permitted")) {
        return false;
      }
      throw e;
    }
  }
}
