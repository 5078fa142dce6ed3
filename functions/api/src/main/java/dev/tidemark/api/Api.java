package dev.tidemark.api;

import dev.tidemark.api.access.Callers;
import dev.tidemark.core.control.Control;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.util.Map;

/** The API, ready to be put into a server. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Tidemark",
            version = "1",
            description =
                "Backs up vector databases, and restores them. Names and values are those of"
                    + " Weaviate's backup routes wherever it has them. The same request again gets"
                    + " the same answer; a refusal has started nothing."),
    security = @SecurityRequirement(name = "token"))
@SecurityScheme(name = "token", type = SecuritySchemeType.HTTP, scheme = "bearer")
public final class Api {
  /** The largest body of a request. */
  public static final int MAX_BODY_BYTES = 256 << 10;

  private Api() {}

  /**
   * The context of a server, not started: the host adds properties of its own.
   *
   * @param requests told of every request
   */
  public static ApplicationContextBuilder context(
      Control control, Callers callers, RequestLog requests) {
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .banner(false)
        .singletons(new Host(control, callers, requests))
        .properties(
            Map.of(
                "micronaut.application.name",
                "tidemark",
                "micronaut.server.max-request-size",
                MAX_BODY_BYTES,
                "micronaut.server.max-request-buffer-size",
                MAX_BODY_BYTES,
                "jackson.serialization.WRITE_DATES_AS_TIMESTAMPS",
                false,
                "jackson.serialization-inclusion",
                "ALWAYS"));
  }
}
