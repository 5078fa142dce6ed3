/**
 * What every {@link dev.tidemark.core.blob.BlobStore} must do, as tests: an adapter's test
 * implements {@link dev.tidemark.contract.blob.BlobStoreContract} and gives it an environment.
 */
@NullMarked
package dev.tidemark.contract.blob;

import org.jspecify.annotations.NullMarked;
