package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.keys;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.blob.StoreCheck.Finding;
import dev.tidemark.core.time.Ids;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What {@code vault check} finds is what the contract says. */
public interface PassesTheStoreCheck extends OnAStore {

  @Test
  default void theStoreCheckFindsNothingAndLeavesNothing() {
    BlobStore store = open();

    StoreCheck.Report report = new StoreCheck(store, InstantSource.system(), new AnyIds()).run();

    assertThat(report.findings()).hasSizeGreaterThan(5).allMatch(Finding::passed);
    assertThat(report.passed()).isTrue();
    assertThat(keys(open(), "", null, 10)).isEmpty();
  }

  @Test
  default void theStoreCheckOfAPlaceThatIsGoneFails() {
    BlobStore missing = environment().missing();

    StoreCheck.Report report = new StoreCheck(missing, InstantSource.system(), new AnyIds()).run();

    assertThat(report.findings()).noneMatch(Finding::passed);
    assertThat(report.findings()).allMatch(finding -> !finding.detail().isBlank());
  }

  /** One place is checked once, so that any name will do. */
  final class AnyIds implements Ids {
    @Override
    public String text(int length) {
      return "x".repeat(length);
    }

    @Override
    public byte[] bytes(int length) {
      return new byte[length];
    }
  }
}
