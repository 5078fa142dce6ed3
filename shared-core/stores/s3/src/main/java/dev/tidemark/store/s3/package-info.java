/**
 * A vault in a bucket of S3, or of a server that speaks as S3 does: each key is an object's name,
 * behind the vault's prefix. Also secrets of AWS ({@link
 * dev.tidemark.store.s3.SecretsManagerSecretStore}), and how every client of AWS is made ({@link
 * dev.tidemark.store.s3.AwsClients}) and its errors are told ({@link
 * dev.tidemark.store.s3.AwsFailures}).
 *
 * <p><b>Create</b> is one PutObject with {@code If-None-Match: *} and the SHA-256 of the bytes,
 * which S3 computes too, refuses to differ from, and keeps: an MD5 can be forged, a CRC tells
 * damage only, and the ETag is neither where KMS encrypts. Bodies from 1 MiB on wait for {@code 100
 * Continue}, so that a refusal costs no transfer and does not break the connection. What follows an
 * answer:
 *
 * <table>
 *   <caption>Answers to a create</caption>
 *   <tr><td>200</td><td>created</td></tr>
 *   <tr><td>412</td><td>HEAD: equal size and SHA-256, so it is ours, by a retry whose first reply was
 *     lost, or by a twin: created; else it existed. Where the store keeps no SHA-256 the object is
 *     read and hashed</td></tr>
 *   <tr><td>409 ConditionalRequestConflict</td><td>the SDK asks again; in the end as 412</td></tr>
 *   <tr><td>5xx, 429, reset, time-out, lost reply</td><td>the SDK asks again, 4 times in all; in the
 *     end HEAD as above, and where nothing is there the failure is transient</td></tr>
 *   <tr><td>other 4xx</td><td>permanent, with what to do; one without a body (as to a HEAD) is
 *     explained by a list of one key</td></tr>
 * </table>
 *
 * <p><b>Read</b> takes the whole range or nothing: an answer that is cut short is asked for again,
 * then transient. <b>Delete</b> is DeleteObjects; in a bucket with versions, where that would only
 * hide an object, the versions are listed and deleted, so that nothing is left to pay for and a
 * lock is noticed. <b>Copy</b> is a multipart upload of ranges of the source, created by
 * CompleteMultipartUpload with {@code If-None-Match: *}: on CopyObject servers ignore that
 * condition and overwrite. A lifecycle rule should remove uploads that nobody completed after some
 * days.
 *
 * <p><b>Permissions.</b> On {@code arn:aws:s3:::BUCKET}: {@code s3:ListBucket} for everyone
 * (without it an absent object is answered 403). On {@code arn:aws:s3:::BUCKET/PREFIX/*}:
 *
 * <table>
 *   <caption>Actions of each role</caption>
 *   <tr><td>transfer</td><td>{@code s3:GetObject}; {@code s3:PutObject} on {@code data/*} and {@code
 *     parts/*}; to copy, {@code s3:AbortMultipartUpload} there</td></tr>
 *   <tr><td>control</td><td>{@code s3:GetObject}; {@code s3:PutObject} on {@code index/*}, {@code
 *     backups/*}, {@code deleted/*}, {@code notes/*}, {@code owners/*}</td></tr>
 *   <tr><td>sweep</td><td>{@code s3:GetObject}, {@code s3:DeleteObject}; of a bucket with versions
 *     also {@code s3:DeleteObjectVersion}, {@code s3:GetObjectRetention}, {@code
 *     s3:GetObjectLegalHold}; on the bucket {@code s3:GetBucketVersioning}, {@code
 *     s3:ListBucketVersions}</td></tr>
 *   <tr><td>operator</td><td>all of these, for {@code vault create} and {@code vault check}</td></tr>
 * </table>
 *
 * <p>With {@code objectLock} whoever puts also needs {@code s3:PutObjectRetention}; with {@code
 * SSE-KMS} who puts {@code kms:GenerateDataKey}, who reads {@code kms:Decrypt}, on the key.
 */
@NullMarked
package dev.tidemark.store.s3;

import org.jspecify.annotations.NullMarked;
