package dev.tidemark.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.tree.EntryPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.00 KiB",
    "10480,10.2 KiB",
    "1023487,999 KiB",
    "1023488,0.98 MiB",
    "1048576,1.00 MiB",
    "107374182400,100 GiB",
    "9223372036854775807,8.00 EiB"
  })
  void sizesHaveThreeDigitsAndAUnit(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "59,59s", "65,1m 05s", "12000,3h 20m", "187200,2d 4h", "-5,0s"})
  void durationsHaveTwoUnits(long seconds, String text) {
    assertThat(Units.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0 files", "1,1 file", "1234,'1,234 files'"})
  void countsAgreeWithTheirNouns(long number, String text) {
    assertThat(Units.count(number, "file")).isEqualTo(text);
  }

  @Test
  void aRateIsOfTheLastSecondsAndSurvivesWorkThatIsDoneAgain() {
    var pace = new Pace();
    Instant start = Instant.EPOCH;
    pace.at(start, 0);
    assertThat(pace.words(0, 100)).isEmpty();
    for (int second = 1; second <= 60; second++) {
      pace.at(start.plusSeconds(second), second <= 30 ? 0 : (second - 30) * 1024L);
    }
    assertThat(pace.words(30 * 1024, 90 * 1024)).isEqualTo("1.00 KiB/s, 1m 01s left");

    pace.at(start.plusSeconds(61), 20 * 1024);
    assertThat(pace.bytesPerSecond()).isNotNegative();
  }

  @Test
  void anyPathThatIsShownReadsBack() {
    long seed = 20261121;
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] name = new byte[1 + random.nextInt(12)];
      for (int at = 0; at < name.length; at++) {
        do {
          name[at] = (byte) random.nextInt(256);
        } while (name[at] == 0 || name[at] == '/' || name[at] == '.');
      }
      String shown = PathText.show(name);

      assertThat(PathText.read(shown)).as("seed %d: %s", seed, shown).isEqualTo(EntryPath.of(name));
      assertThat(shown.chars()).noneMatch(Character::isISOControl);
    }
  }

  @Test
  void pathsAreShownAsPeopleWriteThem() {
    assertThat(PathText.show("größe 文.txt")).isEqualTo("größe 文.txt");
    assertThat(PathText.show(new byte[] {'a', (byte) 0xff, '%', '\n'})).isEqualTo("a%FF%25%0A");
    assertThatThrownBy(() -> PathText.read("50% off")).hasMessage("write %25 for the character %");
    assertThatThrownBy(() -> PathText.read("a//b")).isInstanceOf(IllegalArgumentException.class);
  }
}
