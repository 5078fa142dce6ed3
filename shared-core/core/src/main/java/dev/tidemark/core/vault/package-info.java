/**
 * The vault format, version 1.0: enough to write a reader from this page alone.
 *
 * <h2>Keys</h2>
 *
 * <pre>
 * vault.json                                      format and vault id
 * owners/&lt;cluster&gt;/&lt;n&gt;.json                       the deployment that may write; highest n rules
 * data/&lt;cluster&gt;/&lt;unit&gt;/&lt;writer&gt;.&lt;epoch&gt;.&lt;n&gt;      blobs (framed objects)
 * parts/&lt;cluster&gt;/&lt;unit&gt;/&lt;writer&gt;.&lt;epoch&gt;.&lt;n&gt;     parts, and part lists &lt;writer&gt;.&lt;epoch&gt;.&lt;n&gt;.list
 * index/&lt;cluster&gt;/&lt;writer&gt;.0.&lt;name&gt;               plan, lane-&lt;lane&gt;, schema, census, coverage
 * backups/&lt;cluster&gt;/&lt;backupId&gt;.json               the manifest, at most 1 MiB
 * deleted/&lt;cluster&gt;/&lt;backupId&gt;.json               the tombstone
 * notes/&lt;cluster&gt;/&lt;backupId&gt;/&lt;n&gt;-&lt;kind&gt;.json      notes: suspect, verified, reader …
 * </pre>
 *
 * <p>All below the vault's prefix. {@code cluster} is the cluster id. {@code unit} is the first 20
 * lower-case hex digits of the SHA-256 of the unit's canonical name in UTF-8. {@code writer} is 12
 * characters of {@code [a-z0-9]}. {@code epoch} and the {@code n} of data and parts are decimal
 * without leading zeros, at most 9 digits (epoch at least 1); the {@code n} of owners and notes is 6
 * digits with leading zeros, from 000001. A cluster id is {@code [a-z0-9-]{1,40}-[a-z0-9]{8}}, a
 * backup id {@code [a-z0-9_-]{1,128}}, a lane {@code [a-z0-9_-]{1,40}}, a kind of note {@code
 * [a-z][a-z0-9-]{0,29}}; the name of an index object is at most 60 of {@code [a-z0-9_-]}. A reader
 * refuses a name in an object that is not of this form before it makes a key of it. A backup exists if and only if its manifest does and its tombstone
 * does not. Nothing is ever overwritten.
 *
 * <p>Written in the order blobs, parts, index, manifest; so whatever a manifest reaches is there.
 * Deleted in the order tombstone, manifest, index and parts and blobs.
 *
 * <h2>Text objects</h2>
 *
 * <p>Every object but a blob is a <em>text</em>: UTF-8 lines that each hold one JSON object and end
 * with a line feed. The first line is the header; its {@code format} is {@code
 * "<kind>/<major>.<minor>"}. A reader ignores unknown fields, ignores lines whose first key it does
 * not know, and refuses another major. No line but the last begins with {@code {"sha256":"}. The
 * last line is {@code {"sha256":"<hex>"}}, with its line feed: the SHA-256 of all bytes before that
 * line. Where another object names the SHA-256 of a text, it is that of the whole text, with the
 * last line. Only the first key of a line has its place; a field without a value is absent. A text
 * is at most 64 MiB, a line 16 MiB (which bounds a file to some 160 000 chunks). {@code vault.json}, {@code owners/}, {@code backups/}, {@code
 * deleted/} and {@code notes/} hold the text as it is; {@code parts/} and {@code index/} hold it as
 * a framed object.
 *
 * <p>Two texts are equal if their bytes are; two framed texts are equal if their plaintexts are
 * (another release of zstd may compress otherwise).
 *
 * <h2>Framed objects</h2>
 *
 * <p>Integers are unsigned, big-endian.
 *
 * <pre>
 * offset 0   4 bytes   magic 54 44 4D 31 ("TDM1")
 *        4   1 byte    flags: 0 (encryption will be bit 0); any other bit: refuse
 *        5   3 bytes   zero
 *        8   16 bytes  blob id
 *        24  frames    each: a 4-byte word, then the frame's stored bytes
 *                      word bit 31: this is the last frame; bit 30: the bytes are one zstd frame (with its
 *                      content size); bits 0 to 29: how many bytes are stored
 *        end - 4n      the words of all n frames again, in order: a reader that knows the stored and
 *                      the plain size finds any frame with two ranged reads
 * </pre>
 *
 * <p>Each frame holds exactly 1 MiB of plaintext, but the last: 0 bytes (only where the whole
 * plaintext is empty) to 1 MiB. So n = max(1, ceil(plain / 1 MiB)). A frame is stored as it is
 * where zstd does not make it smaller. The plaintext is at most 64 MiB. The blob id of a data blob is random; of a text it is the
 * first 16 bytes of the SHA-256 of the object's key (without the vault's prefix), a zero byte, and
 * the plaintext.
 *
 * <h2>Digests</h2>
 *
 * <p>Written {@code kind:hex}. {@code sha256}: of the bytes, for content of at most 8 MiB. {@code
 * sha256-8m}: for longer content, the SHA-256 of the concatenated SHA-256s of its 8 MiB leaves, the
 * last of which may be shorter. Both for files and for chunks.
 *
 * <h2>Parts</h2>
 *
 * <p>A part lists a run of a unit's entries, strictly ascending by path over all parts of the unit
 * (order: {@link dev.tidemark.core.tree.EntryPath}). Lines, in this order:
 *
 * <pre>
 * {"format":"part/1.0","cluster":ID,"unit":KEY,"writer":W,"epoch":E,"n":N,"backup":ID,"snapshot":S,"chunk":BYTES}
 * {"blob":I,"name":"WRITER.EPOCH.N","id":HEX32,"kind":"framed","stored":BYTES,"plain":BYTES,"check":"crc32c:HEX"}
 * {"path":P,"type":"file",...}
 * {"note":KIND,"path":P,"detail":D}
 * {"unfinished":P,...}
 * {"sha256":HEX}
 * </pre>
 *
 * <p>Blobs are numbered I = 0, 1, 2 … in the order of their lines; their names are under {@code
 * data/<cluster>/<unit>/} of this part's cluster and unit, also those that an earlier backup wrote.
 * Another {@code kind} is refused. {@code check} is the checksum of the stored bytes, by a kind that
 * the store proved, or {@code none}. A part has at most 200 000 blobs and 100 000 notes.
 *
 * <p>An entry: {@code path} (escaped as {@link dev.tidemark.core.tree.EntryPath} says; empty for
 * the unit's root, which can only be first and a directory), {@code type} ({@code file}, {@code
 * dir}, {@code symlink}, {@code hardlink}), {@code size} (files; bytes), {@code mode} (octal, as
 * text, without leading zeros), {@code uid}, {@code gid} (0 to 4294967295), {@code mtime} ({@code "<seconds>.<9 digits>"}, the seconds
 * rounded down), {@code target} (links; escaped bytes; a hard link's is the path of an earlier
 * entry of the unit that is a file or symlink), {@code id} (the engine's identity), {@code strong} (true, or absent for
 * false), {@code changed} (true where the file changed while it was read: its content is of no
 * single moment; else absent), {@code digest} (files), {@code extents} (files). Extents are arrays
 * that follow one another and add up to the size: {@code [blob, offset in the blob's plaintext,
 * length, digest]}, where the digest (of these bytes) is absent for the only extent of a file,
 * whose digest it would repeat; or {@code [-1, 0, length]}: zeros, without digest. An empty file has
 * none; a file is at most 16 TiB. Extents begin at multiples of 8 MiB in the file and, but for holes, are at most 56 MiB; those
 * that this backup stored are one chunk each (the part's {@code chunk}, or what is left of the
 * file), those kept from a base may have been cut by another chunk size. So a file of at most 8 MiB
 * is one extent, usually in a blob that it shares with others (a pack). Below an entry that is no
 * directory there is no other entry; a directory need not be listed for what is below it.
 *
 * <p>{@code note}: something of the unit that is not stored as it should be: {@code special} (a
 * socket, FIFO or device), {@code vanished} or {@code unreadable} (not stored), {@code changed}
 * (stored, see above).
 *
 * <p>{@code unfinished}: a file whose reading goes on in the next part: {@code unfinished} (its
 * path), {@code id}, {@code size}, {@code extents} so far, {@code leaves} (base64 of the SHA-256s
 * of the 8 MiB leaves so far, holes included). Its extents add up to a multiple of 8 MiB and each has
 * its digest. Only the next slice of the same snapshot reads it. The file's entry,
 * with all extents, stands in the part in which it ends.
 *
 * <p>A part list ({@code part-list/1.0}): header with {@code cluster}, {@code unit}; then a line per part: {@code {"part":"WRITER.EPOCH.N",...}}
 * as in a unit record.
 *
 * <h2>Index</h2>
 *
 * <p>{@code lane-<lane>} ({@code lane/1.0}): header with {@code cluster}, {@code backup}, {@code
 * lane}; then a line per unit, ascending by unit key:
 *
 * <pre>
 * {"unit":KEY,"name":CANONICAL,"node":N,"shards":[{"collection":C,"shard":S,"node":N,"bytes":B}],
 *  "snapshot":S,"entries":N,"files":N,"bytes":N,"stored":N,"listing":HEX,"root":HEX,
 *  "weak":N,"since":N,"notes":{KIND:N},"parts":[{"part":"WRITER.EPOCH.N","first":P,"last":P,
 *  "entries":N,"stored":N,"sha256":HEX}],"list":{"name":NAME,"sha256":HEX,"parts":N}}
 * </pre>
 *
 * <p>{@code parts} or, where they would be more than 16 KiB, {@code list}: the name of the part
 * list under {@code parts/<cluster>/<unit>/}. {@code sha256} of a part or list is that of its whole
 * plaintext. {@code bytes} are of the files' content, {@code stored} those that this backup added
 * to the vault for the unit. {@code weak} counts entries without strong identity; {@code since} how
 * many backups ago the unit was read in full.
 *
 * <p>{@code shards}: one, or several. The canonical name of a shard is {@code collection/shard},
 * each escaped like a path and {@code /} as {@code %2F}, or {@code collection} where the shard's
 * name is empty. A unit of one shard is that shard: it has its canonical name, and its paths are
 * those in the shard. A unit of several is a <em>bin</em> of small shards of one collection on one
 * node, ascending by folder; its name ({@link dev.tidemark.core.engine.BinName}) only has to be
 * that of no shard. There each shard is a folder of the unit: the first component of its paths is
 * the shard's name, escaped as in its canonical name (so a {@code %} of it is {@code %25} in the
 * text of a path). Every shard has the entry of its folder, a directory, which is the root of the
 * shard; nothing is outside of these folders, and hard links stay in one. So to restore one shard
 * of several: take the entries whose first component is its name, and take that, with the slash,
 * off their paths and off the targets of hard links. Parts whose {@code first} and {@code last} are
 * on one side of the folder need not be read. A shard is in one unit of a backup only; in another
 * backup it may be in another one. Of a bin, a {@code scope} of {@code unit} holds for each shard.
 *
 * <p>{@code listing}: the SHA-256 over, for every entry of its parts in order, {@code path NUL size NUL identity
 * LF} (path escaped, size decimal and 0 for all but files, identity in UTF-8). {@code root}: the SHA-256 over every entry's line in order,
 * rendered with the fields path, type, size, mode, uid, gid, mtime, target, changed, digest only,
 * in this order, each as in a part, without spaces, each line ended by LF: equal in every copy of
 * the unit.
 *
 * <p>{@code plan} ({@code plan/1.0}): header with {@code cluster}, {@code backup}, {@code writer};
 * then {@code {"lane":L,"node":N}} followed by its units {@code {"unit":KEY,"name":CANONICAL,
 * "shards":[…]}}, lanes and their units ascending as in the index. {@code census} ({@code census/1.0}): header with {@code
 * cluster}, {@code backup}; then {@code {"counted":NAME,"before":N,"after":N}} lines (canonical names of shards),
 * and {@code {"asked":QUESTION,"collection":C,"shard":S,"answer":A}} lines for questions of the engine's
 * own that had this answer both before and after. {@code schema} ({@code schema/1.0}, only where the
 * engine has one): header with {@code cluster}, {@code backup}; then {@code {"schema":TEXT}} lines,
 * whose texts joined are the definitions of the collections in the engine's own form. {@code coverage} ({@code coverage/1.0}): header with {@code cluster}, {@code backup}; then {@code
 * {"missing":NAME,"why":REASON}} lines, {@code {"included":NAME,"what":WORDS}} lines for what the
 * backup holds that its shards do not tell, and {@code {"unit":KEY,"note":KIND,"path":P,"detail":D}}
 * for up to 20 notes of each unit and 20 000 in all.
 *
 * <h2>Manifest</h2>
 *
 * <pre>
 * {"format":"manifest/1.0","vault":ID,"backup":ID,"cluster":NAME,"clusterId":ID,"engine":E,
 *  "engineVersion":V,"fingerprint":F,"writer":W,"started":T,"sealed":T,"consistency":C,"scope":S,
 *  "units":N,"entries":N,"files":N,"bytes":N,"stored":N,"notes":{KIND:N},"missing":N,"unreachable":N,"base":ID,
 *  "policy":P,"labels":{},"compression":L,"chunk":BYTES,"encryption":"none","config":HEX,
 *  "tidemark":VERSION,"root":HEX}
 * {"nodes":[…],"collections":[…],"include":[…],"exclude":[…],
 *  "index":[{"name":NAME,"sha256":HEX,"units":N}]}
 * {"sha256":HEX}
 * </pre>
 *
 * <p>Times are RFC 3339 in UTC with milliseconds. {@code name} of an index object is what follows
 * {@code index/<cluster>/}; its {@code sha256} is of the plaintext. {@code root} is the SHA-256
 * over the units' roots (32 bytes each) in plan order: lanes ascending by the bytes of their names,
 * in each its units ascending; {@code index} names the lanes' objects in that order, the others
 * ({@code units} 0) before or after them. {@code vault} is the id in {@code vault.json}. The header's
 * {@code units}, {@code entries}, {@code files}, {@code bytes}, {@code stored} and {@code notes} are
 * sums over the unit records; {@code missing} counts such lines of coverage; {@code
 * unreachable} counts nodes that did not answer: above 0 the backup is partial. {@code base}, {@code
 * policy}: absent where there is none.
 *
 * <h2>Small objects</h2>
 *
 * <pre>
 * vault.json   {"format":"vault/1.0","vault":ID}                       ID: 20 of [a-z0-9]
 * owners       {"format":"owner/1.0","n":N,"cluster":ID,"deployment":D,"since":T}
 * tombstone    {"format":"tombstone/1.0","backup":ID,"cluster":ID,"reason":R,"time":T}
 * notes        {"format":"note/1.0","n":N,"cluster":ID,"backup":ID,"kind":K,"time":T,"text":TEXT,"until":T}
 * </pre>
 *
 * <p>{@code cluster} is the cluster id, {@code n} the number in the key; {@code until} is absent where
 * a note does not end. Whatever names its cluster, backup or number stands under the key that these
 * make, else it is damaged.
 *
 * <h2>Reuse</h2>
 *
 * <p>A backup with a base (same cluster id, same vault) refers to the base's blobs instead of
 * storing bytes again: a file with the same path, size and strong identity keeps its extents
 * unread; else a chunk with the digest that the base has at the same path and offset keeps that
 * extent. A pack of which a unit would refer to less than half of the plaintext is not reused: its
 * live files are read and packed anew. A unit whose listing digest equals its base's, with no weak
 * entry, keeps the base's parts. Of the files that could be reused unread, those for which the
 * first byte of the SHA-256 of {@code <backupId> NUL <path>} is below 3 (about 1 %) are read all
 * the same: where one differs, the unit is read in full, and the base gets a {@code suspect} note.
 * Every 30th backup of a unit reads everything.
 */
@NullMarked
package dev.tidemark.core.vault;

import org.jspecify.annotations.NullMarked;
