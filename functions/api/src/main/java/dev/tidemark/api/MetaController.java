package dev.tidemark.api;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The API itself. Open for everybody. */
@Hidden
@Controller
final class MetaController {
  static final String LIVE = "/v1/live";
  static final String OPENAPI = "/v1/openapi.yaml";

  @Get(LIVE)
  Map<String, String> live() {
    return Map.of("status", "LIVE");
  }

  @Get(value = OPENAPI, produces = MediaType.APPLICATION_YAML)
  String openApi() throws IOException {
    try (InputStream in =
        MetaController.class.getResourceAsStream("/META-INF/swagger/openapi.yml")) {
      if (in == null) {
        throw new FileNotFoundException("openapi.yml is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
