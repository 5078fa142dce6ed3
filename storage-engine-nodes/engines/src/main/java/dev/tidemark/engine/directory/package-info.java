/**
 * The engine {@code directory}: files of a stopped, frozen or running server, or any other files.
 *
 * <p>A cluster is a set of roots. Each root is a node and a collection of one shard; with {@code
 * split: children} each directory directly below the root is a shard by its name (escaped as {@link
 * dev.tidemark.core.tree.EntryPath#escape} does), and the shard {@code "."} is the root itself with
 * whatever else lies directly in it.
 *
 * <p>Files are read as they are at the moment (consistency {@code crash}, scope {@code file}),
 * unless a hook makes them stand still. Names are bytes, whatever the locale. Symbolic links are
 * entries, never followed; sockets, FIFOs and devices are noted and not stored. Of several hard
 * links to one regular file in a unit the first in order is the file, the others are links to it;
 * hard links between symbolic links, and across units, become files of their own. Mount points
 * below a root are crossed.
 *
 * <p>An identity is inode, size, mtime, ctime (both to the nanosecond), and is strong if both times
 * were at least 2 s in the past when the listing began. The device's number is no part of it, since
 * a snapshot of a volume is mounted under another one each time.
 *
 * <p>A restored unit is written to a staging folder of mode 0700 in the nearest folder above its
 * destination that exists, and renamed into place by its commit. What cannot be kept: owners where
 * the process may not set them (then set-user-id and set-group-id are dropped too), nanoseconds of
 * a symbolic link's time (JDK 17 sets microseconds), extended attributes and ACLs.
 */
@NullMarked
package dev.tidemark.engine.directory;

import org.jspecify.annotations.NullMarked;
