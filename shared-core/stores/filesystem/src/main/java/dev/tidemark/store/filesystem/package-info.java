/**
 * A vault in a folder: each key is the path of a file below it.
 *
 * <p>A create writes {@code .tmp/<random>}, syncs it, and gives it its name by a hard link, which
 * fails where the name is taken; then it syncs the folder (and the folders above, once), and only
 * then answers. So whatever the moment at which a process dies or the power fails, a name stands
 * for a whole object or for nothing, and of several processes one creates. What a dead process left
 * in {@code .tmp} is removed after 24 hours.
 *
 * <p>Folders are never removed: a creator in another process may rely on one that it has synced.
 *
 * <p>A staging area in a folder ({@link dev.tidemark.store.filesystem.FilesystemStagingArea}) is
 * less strict: what is put replaces what is there, by a rename.
 */
@NullMarked
package dev.tidemark.store.filesystem;

import org.jspecify.annotations.NullMarked;
