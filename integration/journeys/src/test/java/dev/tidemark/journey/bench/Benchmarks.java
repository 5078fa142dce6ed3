package dev.tidemark.journey.bench;

import java.nio.file.Files;

/** All benchmarks, in one report. */
public final class Benchmarks {
  private Benchmarks() {}

  /** Takes no arguments; {@link Scale} tells the system properties. */
  public static void main(String[] arguments) throws Exception {
    Scale scale = Scale.ofProperties();
    var report = new Report();
    SampleTree.delete(scale.folder());
    Files.createDirectories(scale.folder());
    report.line("# Benchmarks of Tidemark");
    report.line("");
    Machine.describe(report, scale.folder());
    if (scale.parts().contains("tools")) {
      new Tools(scale, report).run();
    }
    if (scale.parts().contains("buckets")) {
      new Buckets(scale, report).run();
    }
    if (scale.parts().contains("commands")) {
      new Commands(scale, report).run();
    }
    if (scale.parts().contains("units")) {
      new Units(scale, report).run();
    }
    if (scale.parts().contains("micro")) {
      new Micro(scale, report).run();
    }
    if (scale.parts().contains("weaviate")) {
      new WeaviateDays(scale, report).run();
    }
    report.line("Load after: %s", Machine.load());
    SampleTree.delete(scale.folder());
    report.save(scale.report());
  }
}
