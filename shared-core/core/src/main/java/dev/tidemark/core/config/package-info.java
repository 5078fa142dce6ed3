/**
 * The configuration: one YAML file of vaults, clusters, policies and settings, read by {@link
 * dev.tidemark.core.config.ConfigurationReader}, which reports all that is wrong at once, with
 * line, expected, found and hint.
 *
 * <pre>
 * vaults:
 *   main:
 *     store: filesystem            # the default
 *     path: /srv/vault             # relative paths begin at this file's folder
 *     compression: ZstdBestCompression   # as in settings, for this vault
 *     chunkSize: 16                # likewise
 *   cloud:
 *     store: s3
 *     bucket: acme-backups         # which exists
 *     prefix: prod                 # the whole bucket where absent
 *     region: eu-central-1         # the environment's where absent
 *     endpoint: "http://host:9000" # of another server than AWS; http:// is without TLS
 *     pathStyle: true              # the default with an endpoint
 *     credentials:                 # the environment's, a profile's, a role's where absent; else one of
 *       { accessKeyId: env:ID, secretAccessKey: "aws-sm:vault#secret", sessionToken: env:TOKEN }
 *       { profile: backup }        # of ~/.aws
 *       { webIdentity: { role: "arn:…", tokenFile: /run/token } }
 *       { assumeRole: { arn: "arn:…", externalId: x, session: tidemark, duration: 1h, endpoint: "https://…" } }
 *                                  # beside any of them
 *     encryption: SSE-KMS          # or SSE-S3; the bucket's default where absent
 *     kmsKey: alias/backups        # the account's where absent
 *     storageClass: STANDARD_IA    # of objects from 128 KiB on; one that can be read at once
 *     objectLock: { mode: COMPLIANCE, days: 30 }   # or GOVERNANCE
 * clusters:
 *   files:                         # [a-z0-9-]{1,40}
 *     engine: directory            # decides which further keys there are: the engine's schema
 *     vault: main                  # may be absent where there is only one vault
 *     width: 2                     # as in settings, for this cluster
 *     roots:
 *       - { name: data, path: /srv/data, split: children, exclude: ["*.tmp"] }
 *     hooks:
 *       before: { run: [systemctl, stop, weaviate], limit: 60s }
 *       after:  { run: [systemctl, start, weaviate] }
 *   vectors:
 *     engine: embedded
 *     nodes: { n1: "http://10.0.0.1:8101", n2: "http://10.0.0.2:8101" }
 *     apiKey: file:key             # env:NAME, file:PATH, aws-sm:NAME#FIELD, never the key
 *     tls: { authority: ca.pem, certificate: client.pem, key: client-key.pem }
 *     onMissingNode: fail          # or partial
 *     snapshotTtl: 24h             # 1m to 30d: when a node drops a snapshot by itself
 *     mebibytesPerSecond: 100      # to and from one node; no limit where absent
 *     deadline: 60s                # of one exchange with a node
 * policies:
 *   nightly:                       # [a-z0-9-]{1,40}
 *     clusters: [files]
 *     vault: main                  # where it is not the cluster's
 *     schedule: "0 3 * * *"        # minute hour day-of-month month day-of-week
 *     zone: Europe/Berlin          # UTC where absent
 *     include: [data]              # collections or collection/shard, `*` in them; not with exclude
 *     labels: { kind: nightly }
 * settings:
 *   state: /var/lib/tidemark       # the folder of the local host's table, queues and logs
 *   slice: 8m                      # 1s to 12h: how long one invocation works
 *   width: 2                       # 1 to 64: how many units of one node at once
 *   workers: 2                     # 1 to 64: how many items the local host works at once
 *   attempts: 8                    # 1 to 20: tries without progress, the last 2 minutes after the one before
 *   resumeWindow: 1h               # 0s to 7d: how long a failed run can be resumed
 *   compression: ZstdBestSpeed     # the default
 *   chunkSize: 32                  # MiB, 2 to 512; used rounded to a multiple of 8 from 8 to 56
 * api:                             # of `tidemark serve` and of the API's function
 *   tokens:
 *     ci: { role: operator, hash: "sha256:…" }     # as `tidemark token create` prints it
 *     grafana: { role: reader, token: file:token } # or where the token itself is kept
 * </pre>
 *
 * <p>The checked form, with defaults filled in, has one canonical JSON and a digest. A run carries
 * the digest of the configuration that it began with, and {@link
 * dev.tidemark.core.config.Configurations} gives that one back, whatever the file says later.
 * Secrets stand in it by reference only.
 */
@NullMarked
package dev.tidemark.core.config;

import org.jspecify.annotations.NullMarked;
