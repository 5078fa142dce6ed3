package dev.tidemark.emulator;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/**
 * DynamoDB and SQS on free ports of the loopback interface, empty and in memory. Writes {@code
 * dynamodb <address>}, {@code sqs <address>} and {@code ready} to its output, and ends with its
 * input, so that it outlives nobody who started it.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    say("dynamodb http://127.0.0.1:" + dynamoDb());
    say("sqs http://127.0.0.1:" + sqs());
    say("ready");
    while (System.in.read() >= 0) {
      // Whatever is written here is of no interest, only that nobody can any more.
    }
    Runtime.getRuntime().halt(0);
  }

  /** As DynamoDBLocal's own runner does it, which would listen on all interfaces. */
  private static int dynamoDb() throws Exception {
    var requests = new LocalDynamoDBRequestHandler(0, true, null, true, false);
    Handler handler = new ContextHandler(new LocalDynamoDBServerHandler(requests, null));
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(handler);
    server.start();
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private static int sqs() {
    return SQSRestServerBuilder.withInterface("127.0.0.1")
        .withDynamicPort()
        .start()
        .waitUntilStarted()
        .localAddress()
        .getPort();
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
