package dev.tidemark.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EntryPathTest {

  @Property
  void theOrderIsThatOfTheComponents(@ForAll("paths") EntryPath a, @ForAll("paths") EntryPath b) {
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(byComponents(a, b)));
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
    assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
  }

  @Property
  void whatIsBelowAPathFollowsItDirectly(
      @ForAll("paths") EntryPath a, @ForAll("many") List<EntryPath> others) {
    var sorted = new ArrayList<>(others);
    sorted.add(a);
    sorted.sort(null);
    int at = sorted.lastIndexOf(a) + 1;
    while (at < sorted.size() && sorted.get(at).startsWith(a)) {
      at++;
    }
    assertThat(sorted.subList(at, sorted.size())).noneMatch(path -> path.startsWith(a));
  }

  @Property
  void aPathIsReadAsItWasWritten(@ForAll("paths") EntryPath path) {
    assertThat(EntryPath.parse(path.toString())).isEqualTo(path);
    assertThat(EntryPath.of(path.bytes())).isEqualTo(path);
    assertThat(path.toString()).matches("[ -~]*").doesNotContain("\"", "\\");
    assertThat(path.startsWith(path.parent())).isTrue();
  }

  @Property
  void aPathInAFolderIsThatPathFromTheFolder(
      @ForAll("paths") EntryPath path, @ForAll("paths") EntryPath folder) {
    assertThat(path.in(folder).from(folder)).isEqualTo(path);
    assertThat(path.in(folder).startsWith(folder)).isTrue();
    assertThat(path.from(EntryPath.ROOT)).isEqualTo(path);
    assertThat(path.from(path.first()).in(path.first())).isEqualTo(path);
    assertThat(path.first().parent().isRoot()).isTrue();
  }

  @Property(tries = 5_000)
  void anyTextIsAPathThatStaysInsideOrIsRefused(@ForAll("texts") String text) {
    try {
      EntryPath path = EntryPath.parse(text);
      assertThat(path.toString()).isEqualTo(text);
      for (String component : latin(path).split("/", -1)) {
        assertThat(component).isNotIn(".", "..").doesNotContain("\0");
        assertThat(component.isEmpty()).isEqualTo(path.isRoot());
      }
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Example
  void pathsThatLeaveTheUnitAreRefused() {
    for (String text :
        List.of("..", "../a", "a/..", "a/./b", "/a", "a/", "a//b", "%2E%2E", "%00")) {
      assertThatThrownBy(() -> EntryPath.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Provide
  Arbitrary<EntryPath> paths() {
    // Few bytes, so that paths meet: below, at and above '/', and of both signs.
    Arbitrary<byte[]> component =
        Arbitraries.of((byte) 1, (byte) '-', (byte) '.', (byte) '0', (byte) 'a', (byte) 0xff)
            .array(byte[].class)
            .ofMinSize(1)
            .ofMaxSize(3)
            .filter(name -> !Arrays.equals(name, bytes(".")) && !Arrays.equals(name, bytes("..")));
    return component
        .list()
        .ofMaxSize(4)
        .map(
            names -> {
              EntryPath path = EntryPath.ROOT;
              for (byte[] name : names) {
                path = path.child(name);
              }
              return path;
            });
  }

  @Provide
  Arbitrary<List<EntryPath>> many() {
    return paths().list().ofMaxSize(30);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("./%a02EF\\\" \u00e9").ofMaxLength(12);
  }

  private static int byComponents(EntryPath a, EntryPath b) {
    String[] left = a.isRoot() ? new String[0] : latin(a).split("/", -1);
    String[] right = b.isRoot() ? new String[0] : latin(b).split("/", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static String latin(EntryPath path) {
    return new String(path.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
