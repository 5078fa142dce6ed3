package dev.tidemark.aws.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import dev.tidemark.api.access.Caller;
import dev.tidemark.api.access.Callers;
import dev.tidemark.api.access.GatewayCallers;
import io.micronaut.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who the gateway says asks: the ARN of a signed request, or the subject of a token. His role is
 * that of the header which the gateway writes.
 */
public final class GatewayIdentity implements Callers {
  private static final String NAME = "tidemark.gateway.caller";

  private final Callers roles;

  /**
   * @param roleHeader see {@link GatewayCallers}
   */
  public GatewayIdentity(String roleHeader) {
    this.roles = new GatewayCallers(roleHeader);
  }

  /** Keeps with a request what its event says of the caller. */
  static void note(APIGatewayV2HTTPEvent event, HttpRequest<?> request) {
    name(event.getRequestContext().getAuthorizer())
        .ifPresent(name -> request.setAttribute(NAME, name));
  }

  private static Optional<String> name(@Nullable Authorizer authorizer) {
    if (authorizer == null) {
      return Optional.empty();
    }
    if (authorizer.getIam() != null) {
      return Optional.ofNullable(authorizer.getIam().getUserArn());
    }
    Map<String, String> claims =
        authorizer.getJwt() == null ? null : authorizer.getJwt().getClaims();
    return Optional.ofNullable(claims).map(all -> all.get("sub"));
  }

  @Override
  public Caller caller(HttpRequest<?> request) {
    Caller caller = roles.caller(request);
    return new Caller(
        request.getAttribute(NAME, String.class).orElse(caller.name()), caller.role());
  }
}
