package dev.tidemark.contract.staging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.core.memory.InMemoryStagingArea;
import dev.tidemark.core.staging.StagingArea;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryStagingAreaTest implements StagingAreaContract {
  private final InMemoryStagingArea place = new InMemoryStagingArea(InstantSource.system(), 7);

  private final StagingAreaEnvironment environment =
      new StagingAreaEnvironment() {
        @Override
        public StagingArea open() {
          return place.client();
        }

        @Override
        public StagingArea missing() {
          var gone = new InMemoryStagingArea(InstantSource.system(), 7);
          gone.vanish();
          return gone;
        }
      };

  @Override
  public StagingAreaEnvironment environment() {
    return environment;
  }

  @Test
  void nothingOutlivesTheAge() {
    var clock = new ManualClock();
    var area = new InMemoryStagingArea(clock, 7);
    area.put("k", List.of(ByteBuffer.wrap(new byte[10])));
    area.begin("u");
    clock.pass(StagingArea.KEPT.plusSeconds(1));
    assertThat(area.head("k")).isEmpty();
    assertThat(area.uploads("u", StagingAreaContract.EVER)).isEmpty();
    assertThat(area.expiry("").objects()).isEqualTo(StagingArea.KEPT);
  }
}
