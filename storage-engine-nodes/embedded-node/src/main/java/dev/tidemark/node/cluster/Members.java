package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.NodeFailure;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configured nodes, the same on each of them.
 *
 * @param self the name of this node
 * @param urls in the configured order; the first one keeps the schema
 */
public record Members(String self, Map<String, URI> urls) {
  public Members {
    urls = new LinkedHashMap<>(urls);
    if (!urls.containsKey(self)) {
      throw NodeFailure.invalid("--name", "one of the nodes " + urls.keySet(), self);
    }
  }

  public String schemaNode() {
    return urls.keySet().iterator().next();
  }

  public boolean keepsSchema() {
    return self.equals(schemaNode());
  }

  public List<String> names() {
    return List.copyOf(urls.keySet());
  }

  /** The names of all nodes but this one. */
  public List<String> others() {
    var others = new ArrayList<>(urls.keySet());
    others.remove(self);
    return others;
  }

  public URI url(String node) {
    URI url = urls.get(node);
    if (url == null) {
      throw NodeFailure.invalid("node", "one of " + urls.keySet(), node);
    }
    return url;
  }
}
