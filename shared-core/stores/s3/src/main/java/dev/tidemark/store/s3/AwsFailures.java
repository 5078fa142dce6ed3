package dev.tidemark.store.s3;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * What the errors of any AWS service mean, in the two words of {@link dev.tidemark.core.failure}.
 * The service's own message is kept: it names the identity that was refused, and never a secret.
 */
public final class AwsFailures {
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation");
  private static final Set<String> UNKNOWN_KEYS =
      Set.of(
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidToken",
          "UnrecognizedClientException",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "IncompleteSignature");
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");
  private static final Set<String> SKEWED =
      Set.of("RequestTimeTooSkewed", "RequestInTheFuture", "RequestNotYetValid");
  private static final Set<String> BUSY =
      Set.of("RequestTimeout", "SlowDown", "RequestLimitExceeded", "ServiceUnavailable");

  private final String service;

  /**
   * @param service where the service is, in words: an address, or a service of a region
   */
  public AwsFailures(String service) {
    this.service = service;
  }

  /**
   * What was asked.
   *
   * @param doing in words, with the id: {@code store object data/x}
   * @param actions all that it takes in IAM: {@code s3:PutObject}
   * @param resource on what, for a message: {@code arn:aws:s3:::bucket/data/*}
   */
  public record Call(String doing, List<String> actions, Supplier<String> resource) {
    /** A call that takes one action. */
    public Call(String doing, String action, Supplier<String> resource) {
      this(doing, List.of(action), resource);
    }

    /** A call that takes one action. */
    public Call(String doing, String action, String resource) {
      this(doing, List.of(action), () -> resource);
    }

    String permissions() {
      return (actions.size() == 1 ? "the permission " : "the permissions ")
          + String.join(", ", actions);
    }

    /** What a policy must say. */
    String statement() {
      String each =
          actions.stream().map(action -> '"' + action + '"').collect(Collectors.joining(", "));
      return "{\"Effect\": \"Allow\", \"Action\": %s, \"Resource\": \"%s\"}"
          .formatted(actions.size() == 1 ? each : "[" + each + "]", resource.get());
    }
  }

  /** The failure of a call, whose cause is the error. */
  public RuntimeException of(Call call, SdkException error) {
    if (error instanceof SdkServiceException answer) {
      return answered(call, answer);
    }
    return unanswered(call, error);
  }

  /** Whether a service has refused for good, so that it has not done what it was asked for. */
  public static boolean isRefusal(SdkException error) {
    return error instanceof SdkServiceException answer
        && answer.statusCode() >= 300
        && answer.statusCode() < 500
        && !isBusy(answer);
  }

  /** The service's code of an error; empty where its answer had no body. */
  public static String code(SdkException error) {
    AwsErrorDetails details =
        error instanceof AwsServiceException answer ? answer.awsErrorDetails() : null;
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static boolean isBusy(SdkServiceException answer) {
    int status = answer.statusCode();
    return status >= 500
        || status == 408
        || status == 429
        || answer.isThrottlingException()
        || BUSY.contains(code(answer));
  }

  private RuntimeException answered(Call call, SdkServiceException answer) {
    String code = code(answer);
    if (isBusy(answer)) {
      return new TransientFailure(
          "cannot %s: %s answers %s".formatted(call.doing(), service, words(answer)), answer);
    }
    if (isFromTokenService(answer)) {
      return failure(Kind.INVALID, call, answer)
          .expected("credentials from the token service")
          .found(words(answer))
          .hint("allow sts:AssumeRole to this identity, in its policy and in the role's trust");
    }
    if (DENIED.contains(code) || (code.isEmpty() && answer.statusCode() == 403)) {
      return failure(Kind.FAILED, call, answer)
          .expected(call.permissions() + " on " + call.resource().get())
          .found(words(answer))
          .hint("add to the policy of this identity: " + call.statement());
    }
    if (UNKNOWN_KEYS.contains(code) || answer.statusCode() == 401) {
      return failure(Kind.INVALID, call, answer)
          .expected("credentials that " + service + " knows")
          .found(words(answer))
          .hint("correct the access key and its secret; is it this account's, and this server's?");
    }
    if (EXPIRED.contains(code)) {
      return failure(Kind.INVALID, call, answer)
          .expected("credentials that are valid")
          .found(words(answer))
          .hint("renew the session token, or use a role, which is renewed by itself");
    }
    if (SKEWED.contains(code)) {
      return failure(Kind.INVALID, call, answer)
          .expected("a clock that is right to 15 minutes")
          .found(words(answer))
          .hint("set this host's clock");
    }
    return failure(Kind.FAILED, call, answer)
        .expected("success")
        .found(words(answer))
        .hint("see what " + service + " says of it");
  }

  private RuntimeException unanswered(Call call, SdkException error) {
    if (has(error, SSLException.class, "SSL message") || has(error, SSLException.class, "PKIX")) {
      return failure(Kind.INVALID, call, error)
          .expected("TLS with a certificate that this host trusts at " + service)
          .found(root(error))
          .hint("without TLS write http://; else add its authority to the trust store of the JVM");
    }
    String text = String.valueOf(error.getMessage());
    if (text.contains("Unable to load credentials") || text.contains("Profile file contained no")) {
      return failure(Kind.INVALID, call, error)
          .expected("credentials")
          .found("none in the environment, in ~/.aws, of a role, or where they are configured")
          .hint("set $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY, or write 'credentials'");
    }
    boolean unreachable =
        has(error, UnknownHostException.class, "") || has(error, ConnectException.class, "");
    return new TransientFailure(
        "cannot %s: expected an answer from %s, found %s%s"
            .formatted(
                call.doing(),
                service,
                root(error),
                unreachable ? ". Hint: check the endpoint, the region and the network" : ""),
        error);
  }

  private static PermanentFailure failure(Kind kind, Call call, SdkException cause) {
    return PermanentFailure.of(kind, "cannot " + call.doing()).cause(cause);
  }

  private static boolean isFromTokenService(SdkServiceException answer) {
    AwsErrorDetails details =
        answer instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
    return details != null && "Sts".equalsIgnoreCase(details.serviceName());
  }

  /** An answer like {@code 403 AccessDenied, User x is not authorized…}. */
  static String words(SdkServiceException answer) {
    String code = code(answer);
    return answer.statusCode()
        + (code.isEmpty() ? "" : " " + code)
        + message(answer).map(text -> ", '" + text + "'").orElse("");
  }

  private static Optional<String> message(SdkServiceException answer) {
    AwsErrorDetails details =
        answer instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
    String text = details == null ? null : details.errorMessage();
    return Optional.ofNullable(text)
        .filter(each -> !each.isBlank())
        .map(each -> each.replaceAll("\\p{Cntrl}+", " ").strip());
  }

  private static boolean has(Throwable error, Class<? extends Exception> kind, String text) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (kind.isInstance(each) && String.valueOf(each.getMessage()).contains(text)) {
        return true;
      }
    }
    return false;
  }

  private static String root(Throwable error) {
    @Nullable Throwable each = error;
    Throwable last = error;
    while (each != null) {
      last = each;
      each = each.getCause();
    }
    String name =
        last instanceof UnknownHostException ? "no such host" : last.getClass().getSimpleName();
    return last.getMessage() == null ? name : name + " (" + last.getMessage() + ")";
  }
}
